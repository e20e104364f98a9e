import { sql } from 'kysely';
import { DatabaseError } from 'pg';
import type { Db } from '../db/scope.ts';

/** A table whose rows lie in partitions by time. */
export type PartitionedTable = 'metric_point' | 'event';

/** Whether a row was refused because there is no partition for its time. */
export function lacksPartition(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '23514' && error.constraint === undefined;
}

/** Makes those partitions that rows of these times (in milliseconds since the epoch) need and that are not there. */
export async function makePartitions(
  db: Db,
  table: PartitionedTable,
  times: readonly number[],
): Promise<void> {
  const days = new Set(times.map((time) => new Date(time).toISOString().slice(0, 10)));
  for (const day of days) await sql`select make_partition(${table}, ${`${day}T00:00:00Z`})`.execute(db);
}
