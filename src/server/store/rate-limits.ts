import { sql } from 'kysely';
import type { Db } from '../db/scope.ts';

/**
 * Adds requests of one server in a period (epoch ms) to those of all, by subject. Deletes earlier periods.
 *
 * @returns the requests of all servers in the period, by subject
 */
export async function addRequests(
  db: Db,
  period: number,
  added: ReadonlyMap<string, number>,
): Promise<Map<string, number>> {
  // Sorted, so that two servers do not deadlock.
  const sorted = [...added].toSorted(([one], [other]) => (one < other ? -1 : 1));
  const { rows } = await sql<{ subject: string; requests: number }>`
    with expired as (
      delete from rate_limit where ctid = any(array(
        select ctid from rate_limit where period_started_at < to_timestamp(${period / 1000}) - interval '5 minutes'
        limit 10000
        for update skip locked
      ))
    )
    insert into rate_limit (subject, period_started_at, requests)
    select subject, to_timestamp(${period / 1000}), requests
    from unnest(${sorted.map(([subject]) => subject)}::text[], ${sorted.map(([, count]) => count)}::integer[])
      as new (subject, requests)
    on conflict (subject, period_started_at) do update
      set requests = least(rate_limit.requests::bigint + excluded.requests, 2000000000)
    returning subject, requests`.execute(db);
  return new Map(rows.map(({ subject, requests }) => [subject, requests]));
}
