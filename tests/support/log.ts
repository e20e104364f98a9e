import { createLog } from '../../src/server/http/request-log.ts';

/** Log of apps under test: silent unless `TEST_LOG_LEVEL` is set. */
export const log = createLog(process.env.TEST_LOG_LEVEL ?? 'silent');

/** Creates a log whose lines a test can read. */
export function readableLog() {
  const lines: Record<string, unknown>[] = [];
  return {
    log: createLog('debug', {
      write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>),
    }),
    lines,
  };
}
