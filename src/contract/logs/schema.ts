import { z } from 'zod';
import { oneOrMany } from '../common/schema.ts';

/** Maximum number of logs per request. */
export const MAX_LOGS = 1000;

const text = z.string().nullish();

/** Only documents a log: intake reads each member on its own, so that a faulty one is dropped without its log. */
const HttpLogItem = z
  .looseObject({
    message: z
      .union([z.string(), z.number(), z.boolean(), z.looseObject({})])
      .nullish()
      .meta({
        description:
          'If the message is a JSON object or its text, its members become attributes, and its `message` the message. Outer members win over those in the JSON object.',
      }),
    ddsource: text.meta({ description: 'Becomes the attribute `source`.' }),
    ddtags: z
      .union([z.string(), z.array(z.string()).meta({ maxItems: 200 })])
      .nullish()
      .meta({
        description:
          'Tags: a list, or separated by commas. A tag named like a reserved attribute (`service`, `host`, `source`, `status`, `trace_id`) ' +
          'becomes a value of that attribute.',
      }),
    hostname: text.meta({ description: 'Becomes the attribute `host`.' }),
    service: text,
  })
  .meta({
    id: 'HTTPLogItem',
    description:
      'A log. `status` (or `level`, `severity`) is its status, by default `info`: a number from 0 to 7 is a syslog severity, a ' +
      'text is matched by its beginning (`err...` is `error`, `w...` is `warn`) or stored in lower case; any other `status` ' +
      'is stored as `status_code`. `timestamp` (or `date`), in RFC 3339 or milliseconds since the epoch, is its time, by default ' +
      'now. All other members are attributes: at most 256, with at most 100 values each and 20,000 characters per value. Values ' +
      'beyond that are truncated or dropped, and so are logs older than the retention.',
  });

/** Logs to ingest: one, or a list. Text with one log or one JSON object per line is accepted too. */
export const HttpLog = oneOrMany(HttpLogItem, MAX_LOGS);

/** Members that apply to all logs of a request. */
export const LogIntakeQuery = z.object({
  ddsource: z.string().optional(),
  ddtags: z.string().optional().meta({ description: 'Tags to add, separated by commas.' }),
  hostname: z.string().optional(),
  service: z.string().optional(),
});
