import { sql } from 'kysely';
import type { AccountRetention, Partition, Retention } from '../../rules/telemetry/retention.ts';
import type { Db, ScopedDb } from '../db/scope.ts';

/** Selects the retention of an account, in days. */
export const RETENTION = [
  'account.metrics_retention_days as metrics',
  'account.logs_retention_days as logs',
  'account.ci_retention_days as ci',
] as const;

/** Finds the retention of the account of the request. */
export async function findRetention(db: ScopedDb): Promise<Retention> {
  return db.selectFrom('account').select(RETENTION).executeTakeFirstOrThrow();
}

/** Lists every account's organizations and retention. */
export async function listRetentions(db: Db): Promise<AccountRetention[]> {
  const rows = await db
    .selectFrom('account')
    .select(RETENTION)
    .select(sql<string[]>`array(select id from org where account_id = account.id order by id)`.as('orgIds'))
    .orderBy('account.name')
    .execute();
  return rows.map(({ orgIds, ...retention }) => ({ orgIds, retention }));
}

/** Lists the partitions of telemetry, oldest first. */
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
 * Runs `work` in a short transaction of its own. Returns undefined if another process is deleting telemetry. Waits at most 2
 * seconds for locks.
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

/** Drops a partition with its rows. */
export async function dropPartition(db: Db, { name }: Partition): Promise<void> {
  await sql`drop table if exists ${sql.id(name)}`.execute(db);
}
