import { z } from 'zod';
import { oneOrMany } from '../common/schema.ts';

const MAX_LOGS = 1000;

const HttpLogItem = z
  .looseObject({
    message: z.string().meta({
      description:
        'If it is a JSON object itself, its members are attributes, and its `message` the message; members beside it count more.',
    }),
    ddsource: z.string().nullish().meta({ description: 'Becomes the attribute `source`.' }),
    ddtags: z
      .string()
      .nullish()
      .meta({
        description:
          'Tags with commas between. One by the name of a reserved attribute (`service`, `host`, `source`, `status`, `trace_id`) ' +
          'becomes a value of that.',
      }),
    hostname: z.string().nullish().meta({ description: 'Becomes the attribute `host`.' }),
    service: z.string().nullish(),
  })
  .meta({
    id: 'HTTPLogItem',
    description:
      'A log. `status` (or `level`, `severity`) is its status, otherwise `info`: a number from 0 to 7 is one of syslog, a text ' +
      'goes by its beginning (`err...` is `error`, `w...` is `warn`) or else stays as it is, in lower case; any other `status` ' +
      'is kept as `status_code`. `timestamp` (or `date`), RFC 3339 or milliseconds since the epoch, is its time, otherwise ' +
      'now. All other members are attributes: at most 256, of at most 100 values each and 20,000 characters each value.',
  });

/** Logs to keep: one, or a list. */
export const HttpLog = oneOrMany(HttpLogItem, MAX_LOGS);

/** Tags that all logs of a request get. */
export const LogIntakeQuery = z.object({ ddtags: z.string().optional() });

export type HttpLogItem = z.infer<typeof HttpLogItem>;
