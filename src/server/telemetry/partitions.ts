import type { Logger } from 'pino';
import { periodOf } from '../../rules/telemetry/partitions.ts';
import type { Db } from '../db/scope.ts';
import { makePartitions } from '../store/partitions.ts';
import { type BackgroundWork, repeat } from './background.ts';

const MINUTE = 60_000;

/** Creates partitions ahead of time, every hour until stopped. */
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
    failure: 'Partitions could not be created ahead of time',
    firstAfterMs: MINUTE,
    everyMs: 60 * MINUTE,
  });
}

/** Creates the partitions of the current and the next month and week. */
export async function makePartitionsAhead(db: Db, now: number): Promise<void> {
  for (const table of ['metric_point', 'event'] as const) {
    await makePartitions(db, table, [now, periodOf(table, now).to]);
  }
}
