import type { PartitionedTable } from '../../rules/telemetry/retention.ts';
import { type Db, type Scope, type ScopedDb, scoped } from '../db/scope.ts';
import { insertEvents, type NewEvent } from '../store/events.ts';
import { insertPoints, type SeriesPoints } from '../store/metric-points.ts';
import { lacksPartition, makePartitions } from '../store/partitions.ts';

/** Stores metric points of an organization in one transaction. */
export function ingestPoints(db: Db, scope: Scope, series: readonly SeriesPoints[]): Promise<void> {
  const times = series.flatMap(({ points }) => points.map(({ time }) => time));
  return insertWithPartitions(db, scope, 'metric_point', times, (db) => insertPoints(db, scope, series));
}

/** Stores events of an organization in one transaction. */
export function ingestEvents(db: Db, scope: Scope, events: readonly NewEvent[]): Promise<void> {
  const times = events.map(({ time }) => time);
  return insertWithPartitions(db, scope, 'event', times, (db) => insertEvents(db, scope, events));
}

/** Inserts rows; creates missing partitions and tries again. */
async function insertWithPartitions(
  db: Db,
  scope: Scope,
  table: PartitionedTable,
  times: readonly number[],
  insert: (db: ScopedDb) => Promise<void>,
): Promise<void> {
  try {
    await scoped(db, scope, insert);
  } catch (error) {
    if (!lacksPartition(error)) throw error;
    await makePartitions(db, table, times);
    await scoped(db, scope, insert);
  }
}
