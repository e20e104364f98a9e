import { sql } from 'kysely';
import type { EventSource } from '../../contract/org-connections/constants.ts';
import type { AccountRetention, Partition, Retention } from '../../rules/telemetry/retention.ts';
import type { Db, ScopedDb } from '../db/scope.ts';

/** What a row of an account says of how long it keeps telemetry, in days. */
export const RETENTION = [
  'account.metrics_retention_days as metrics',
  'account.logs_retention_days as logs',
  'account.ci_retention_days as ci',
] as const;

/** How long the request's account keeps its telemetry. */
export async function findRetention(db: ScopedDb): Promise<Retention> {
  return db.selectFrom('account').select(RETENTION).executeTakeFirstOrThrow();
}

/** Every account's organizations, and how long it keeps their telemetry. */
export async function listRetentions(db: Db): Promise<AccountRetention[]> {
  const rows = await db
    .selectFrom('account')
    .select(RETENTION)
    .select(sql<string[]>`array(select id from org where account_id = account.id order by id)`.as('orgIds'))
    .orderBy('account.name')
    .execute();
  return rows.map(({ orgIds, ...retention }) => ({ orgIds, retention }));
}

/** The partitions of telemetry, oldest first. */
export async function listPartitions(db: Db): Promise<Partition[]> {
  const { rows } = await sql<Partition>`
    select parent.relname as table, partition.relname as name,
      extract(epoch from substring(bounds from $$FROM \\('([^']+)'$$)::timestamptz)::float8 * 1000 as from,
      extract(epoch from substring(bounds from $$TO \\('([^']+)'$$)::timestamptz)::float8 * 1000 as to
    from pg_inherits
      join pg_class as parent on parent.oid = inhparent
      join pg_class as partition on partition.oid = inhrelid
      cross join lateral pg_get_expr(partition.relpartbound, partition.oid) as bounds
    where inhparent in ('metric_point'::regclass, 'event'::regclass)
    order by 1, 3`.execute(db);
  return rows;
}

/**
 * Runs `work` in a short transaction of its own, unless another process is about to delete telemetry too: then returns
 * undefined. Nobody waits long for its locks, nor it for those of others.
 */
export function expiring<Result>(db: Db, work: (db: Db) => Promise<Result>): Promise<Result | undefined> {
  return db.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ locked: boolean }>`
      select pg_try_advisory_xact_lock(hashtext('retention')) as locked, set_config('lock_timeout', '2s', true)`.execute(
      transaction,
    );
    return rows[0]?.locked ? work(transaction) : undefined;
  });
}

/** Drops a partition with all that is in it. */
export async function dropPartition(db: Db, { name }: Partition): Promise<void> {
  await sql`drop table if exists ${sql.id(name)}`.execute(db);
}

// What is deleted is locked first, and passed over where others have it: so nothing here waits for those who write the same
// rows in another order, and they and it cannot lock each other out. What was passed over goes the next time.

/** Deletes points of some series in a partition that are older than `before`, and returns how many: at most `limit`. */
export async function deletePoints(
  db: Db,
  { name }: Partition,
  { orgId, seriesIds, before, limit }: { orgId: string; seriesIds: string[]; before: number; limit: number },
): Promise<number> {
  // By series, so that the index leads to old points without a look at those that stay.
  const { numAffectedRows } = await sql`
    delete from ${sql.id(name)} where ctid = any(array(
      select point.ctid
      from unnest(${seriesIds}::uuid[]) as series (id)
        cross join lateral (
          select ctid from ${sql.id(name)}
          where org_id = ${orgId} and series_id = series.id and time < to_timestamp(${before / 1000})
          limit ${limit}::bigint
          for update skip locked
        ) as point
      limit ${limit}::bigint
    ))`.execute(db);
  return Number(numAffectedRows ?? 0);
}

/** Deletes events of a source in a partition that are older than `before`, and returns how many: at most `limit`. */
export async function deleteEvents(
  db: Db,
  { name }: Partition,
  { orgId, source, before, limit }: { orgId: string; source: EventSource; before: number; limit: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from ${sql.id(name)} where ctid = any(array(
      select ctid from ${sql.id(name)}
      where org_id = ${orgId} and source = ${source} and time < to_timestamp(${before / 1000})
      limit ${limit}::bigint
      for update skip locked
    ))`.execute(db);
  return Number(numAffectedRows ?? 0);
}

/** Ids of an organization's series in their order, those after `after`. */
export async function listSeriesIds(db: Db, orgId: string, after: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('metric_series')
    .select('id')
    .where('org_id', '=', orgId)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** Deletes series that have no point since `before`, and returns how many: at most `limit`. */
export async function deleteSeries(db: Db, orgId: string, before: number, limit: number): Promise<number> {
  // A point that comes in now locks its series: either that is passed over, or the point waits and makes it anew.
  const { numAffectedRows } = await sql`
    delete from metric_series where org_id = ${orgId} and id = any(array(
      select id from metric_series
      where org_id = ${orgId} and last_point_at < to_timestamp(${before / 1000}) - interval '1 hour'
      limit ${limit}::bigint
      for update skip locked
    ))`.execute(db);
  return Number(numAffectedRows ?? 0);
}
