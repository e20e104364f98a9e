import type { Logger } from 'pino';
import { periodOf } from '../../rules/telemetry/partitions.ts';
import type { Db } from '../db/scope.ts';
import { makePartitions } from '../store/partitions.ts';
import { type BackgroundWork, repeat } from './background.ts';

const MINUTE = 60_000;

/** Creates partitions before rows need them, every hour until stopped. */
export function startPartitions({
  db,
  log,
  now,
}: {
  db: Db;
  log: Logger;
  now: () => number;
}): BackgroundWork {
  return repeat(() => makePartitionsAhead(db, now()), {
    log,
    failure: 'partitions could not be created in advance',
    firstAfterMs: MINUTE,
    everyMs: 60 * MINUTE,
  });
}

/**
 * Creates the partitions of this month and week, and of the next.
 *
 * @internal Exported for tests.
 */
export async function makePartitionsAhead(db: Db, now: number): Promise<void> {
  for (const table of ['metric_point', 'event'] as const) {
    await makePartitions(db, table, [now, periodOf(table, now).to]);
  }
}
