import { sql } from 'kysely';
import type { Partition } from '../../rules/telemetry/retention.ts';
import type { Db, Scope, ScopedDb } from '../db/scope.ts';
import { digestId } from './digest-id.ts';

/** Points of one series. */
export interface SeriesPoints {
  metric: string;
  type: 'count' | 'rate' | 'gauge';
  /** Interval of a count or a rate; 0 if the client named none, and for gauges. */
  intervalSeconds: number;
  /** Sorted and distinct. */
  tags: readonly string[];
  /** Times in epoch milliseconds. Of two points at the same time, the later one counts. */
  points: readonly { time: number; value: number }[];
}

/** Stores points of an organization. An existing point gets the new value. */
export async function insertPoints(
  db: ScopedDb,
  { accountId, orgId }: Scope,
  all: readonly SeriesPoints[],
): Promise<void> {
  const series = new Map<string, SeriesPoints & { lastTime: number }>();
  const points = new Map<string, { seriesId: string; time: number; value: number }>();
  for (const one of all.filter(({ points: some }) => some.length > 0)) {
    const { metric, type, intervalSeconds, tags } = one;
    const seriesId = digestId([metric, type, intervalSeconds, tags]);
    let lastTime = series.get(seriesId)?.lastTime ?? 0;
    for (const { time, value } of one.points) {
      points.set(`${seriesId}${time}`, { seriesId, time, value });
      lastTime = Math.max(lastTime, time);
    }
    series.set(seriesId, { ...one, lastTime });
  }
  if (points.size === 0) return;

  // Sorted, so that two requests with the same series do not deadlock.
  const rows = [...series].toSorted(([one], [other]) => (one < other ? -1 : 1));
  await sql`
    insert into metric_series (account_id, org_id, id, metric, type, interval_seconds, tags, last_point_at)
    select ${accountId}, ${orgId}, id, metric, type, interval_seconds, tags, to_timestamp(last_time / 1000.0)
    from jsonb_to_recordset(${JSON.stringify(
      rows.map(([id, { metric, type, intervalSeconds, tags, lastTime }]) => ({
        id,
        metric,
        type,
        interval_seconds: intervalSeconds,
        tags,
        last_time: lastTime,
      })),
    )}::jsonb) as new (id uuid, metric text, type text, interval_seconds integer, tags text[], last_time float8)
    on conflict (org_id, id) do update set last_point_at = excluded.last_point_at
      where metric_series.last_point_at < excluded.last_point_at - interval '1 hour'`.execute(db);

  const values = [...points.values()].toSorted(
    (one, other) => one.time - other.time || (one.seriesId < other.seriesId ? -1 : 1),
  );
  await sql`
    insert into metric_point (org_id, series_id, time, value)
    select ${orgId}, series_id, to_timestamp(time / 1000.0), value
    from unnest(
      ${values.map(({ seriesId }) => seriesId)}::uuid[],
      ${values.map(({ time }) => time)}::float8[],
      ${values.map(({ value }) => value)}::float8[]
    ) as new (series_id, time, value)
    on conflict (org_id, series_id, time) do update set value = excluded.value`.execute(db);
}

/** Finds the time of an organization's last point of a metric, to the hour (epoch ms); 0 if there is none. */
export async function findLastPointAt(db: Db, orgId: string, metric: string): Promise<number> {
  const { last } = await db
    .selectFrom('metric_series')
    .select(({ fn }) => fn.max('last_point_at').as('last'))
    .where('org_id', '=', orgId)
    .where('metric', '=', metric)
    .executeTakeFirstOrThrow();
  return last === null ? 0 : Date.parse(last);
}

/**
 * Deletes at most `limit` points of some series in a partition that are older than `before` (epoch ms), and returns how many. Skips
 * locked rows, so that it cannot deadlock with intake; the next run deletes them.
 */
export async function deletePoints(
  db: Db,
  { name }: Partition,
  { orgId, seriesIds, before, limit }: { orgId: string; seriesIds: string[]; before: number; limit: number },
): Promise<number> {
  // By series, so that the index finds old points without reading the others.
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

/** Lists the ids of an organization's series after `after`, in order. */
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

/** Deletes at most `limit` series without a point since `before` (epoch ms), and returns how many. */
export async function deleteSeries(db: Db, orgId: string, before: number, limit: number): Promise<number> {
  // A point that arrives now locks its series: the series is skipped, or the point waits and creates it again.
  const { numAffectedRows } = await sql`
    delete from metric_series where org_id = ${orgId} and id = any(array(
      select id from metric_series
      where org_id = ${orgId} and last_point_at < to_timestamp(${before / 1000}) - interval '1 hour'
      limit ${limit}::bigint
      for update skip locked
    ))`.execute(db);
  return Number(numAffectedRows ?? 0);
}
