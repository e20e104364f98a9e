import { sql } from 'kysely';
import type { Db, Scope, ScopedDb } from '../db/scope.ts';
import { digestId } from './digest-id.ts';

/** Points of one series, as they are stored. */
export interface SeriesPoints {
  metric: string;
  type: 'count' | 'rate' | 'gauge';
  /** Over how long a count's values were counted, or a rate's are the rate; 0 where none was named, and for gauges. */
  intervalSeconds: number;
  /** Sorted and distinct. */
  tags: readonly string[];
  /** Times in epoch milliseconds. Of two points at the same time, the later one counts. */
  points: readonly { time: number; value: number }[];
}

/** Stores points of an organization. A point that is there already gets the new value. */
export async function insertPoints(
  db: ScopedDb,
  { accountId, orgId }: Scope,
  all: readonly SeriesPoints[],
): Promise<void> {
  const series = new Map<string, SeriesPoints & { lastTime: number }>();
  const points = new Map<string, { seriesId: string; time: number; value: number }>();
  for (const one of all) {
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

/** When an organization's last point of a metric was, within the hour, in milliseconds since the epoch; 0: never. */
export async function findLastPointAt(db: Db, orgId: string, metric: string): Promise<number> {
  const { last } = await db
    .selectFrom('metric_series')
    .select(({ fn }) => fn.max('last_point_at').as('last'))
    .where('org_id', '=', orgId)
    .where('metric', '=', metric)
    .executeTakeFirstOrThrow();
  return last === null ? 0 : Date.parse(last);
}
