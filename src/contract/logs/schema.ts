import { z } from 'zod';
import { oneOrMany } from '../common/schema.ts';

const MAX_LOGS = 1000;

const HttpLogItem = z
  .looseObject({
    message: z.string().meta({
      description:
        'If the message is a JSON object, its members become attributes, and its `message` the message. Outer members win over those in the JSON object.',
    }),
    ddsource: z.string().nullish().meta({ description: 'Becomes the attribute `source`.' }),
    ddtags: z
      .string()
      .nullish()
      .meta({
        description:
          'Comma-separated tags. A tag named like a reserved attribute (`service`, `host`, `source`, `status`, `trace_id`) ' +
          'becomes a value of that attribute.',
      }),
    hostname: z.string().nullish().meta({ description: 'Becomes the attribute `host`.' }),
    service: z.string().nullish(),
  })
  .meta({
    id: 'HTTPLogItem',
    description:
      'A log. `status` (or `level`, `severity`) is its status, by default `info`: a number from 0 to 7 is a syslog severity, a ' +
      'text is matched by its beginning (`err...` is `error`, `w...` is `warn`) or stored in lower case; any other `status` ' +
      'is stored as `status_code`. `timestamp` (or `date`), in RFC 3339 or milliseconds since the epoch, is its time, by default ' +
      'now. All other members are attributes: at most 256, with at most 100 values each and 20,000 characters per value.',
  });

/** Logs to ingest: one, or a list. */
export const HttpLog = oneOrMany(HttpLogItem, MAX_LOGS);

/** Comma-separated tags that apply to all logs of a request. */
export const LogIntakeQuery = z.object({ ddtags: z.string().optional() });

export type HttpLogItem = z.infer<typeof HttpLogItem>;
