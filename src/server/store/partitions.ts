import { sql } from 'kysely';
import { DatabaseError } from 'pg';
import { periodOf } from '../../rules/telemetry/partitions.ts';
import type { PartitionedTable } from '../../rules/telemetry/retention.ts';
import type { Db } from '../db/scope.ts';

/** Returns whether a row was refused because the partition for its time is missing. */
export function lacksPartition(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '23514' && error.constraint === undefined;
}

/** Creates the missing partitions for rows of these times (epoch ms). */
export async function makePartitions(
  db: Db,
  table: PartitionedTable,
  times: readonly number[],
): Promise<void> {
  const periods = new Map(times.map((time) => periodOf(table, time)).map(({ from, to }) => [from, to]));
  for (const [from, to] of periods) {
    await sql`select make_partition(${table}, to_timestamp(${from / 1000}), to_timestamp(${to / 1000}))`.execute(
      db,
    );
  }
}
