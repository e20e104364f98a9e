import { z } from 'zod';
import { oneOrMany } from './common.schema.ts';

const MAX_LOGS = 1000;

const HttpLogItem = z
  .looseObject({
    message: z.string().meta({
      description:
        'If it is a JSON object itself, its members are attributes, and its `message` the message.',
    }),
    ddsource: z.string().nullish().meta({ description: 'Becomes the attribute `source`.' }),
    ddtags: z.string().nullish().meta({ description: 'Tags with commas between.' }),
    hostname: z.string().nullish().meta({ description: 'Becomes the attribute `host`.' }),
    service: z.string().nullish(),
  })
  .meta({
    id: 'HTTPLogItem',
    description:
      'A log. `status` (or `level`, `severity`) is its status, otherwise `info`; `timestamp` (or `date`), RFC 3339 or ' +
      'milliseconds since the epoch, its time, otherwise now. All other members are attributes.',
  });

/** Logs to keep: one, or a list. */
export const HttpLog = oneOrMany(HttpLogItem, MAX_LOGS);

/** Tags that all logs of a request get. */
export const LogIntakeQuery = z.object({ ddtags: z.string().optional() });

export type HttpLogItem = z.infer<typeof HttpLogItem>;
