import { type RawBuilder, sql } from 'kysely';
import type { Aggregator, MetricSelector } from '../../query/metrics-query.ts';
import { withMergedNegations } from '../../query/filter.ts';
import type { TagFilter } from '../../query/tag-filter.ts';
import type { ScopedDb } from '../db/scope.ts';
import {
  bucketOf,
  type Grouped,
  type GroupedSeries,
  hasAnyTag,
  isWithin,
  moment,
  pointsOver,
  type TimeWindow,
  valuesOfTag,
} from './query-parts.ts';
import { allOf, anyOf, condition, type SqlCondition, toSql, TRUE } from './sql-condition.ts';

/** Selection of series: an organization, and a filter for the series that the user may see. */
export interface VisibleMetrics {
  orgId: string;
  visible: TagFilter;
}

/** Group of series without the tag of a group by, as in Datadog. */
const NO_VALUE = 'N/A';

/**
 * Aggregates the points of a metric, one per group and interval: rolls each series up over time, then aggregates the series of a
 * group. The database aggregates, so that it returns only the result.
 *
 * @param limit maximum number of series to return
 */
export async function aggregateMetric(
  db: ScopedDb,
  { orgId, visible }: VisibleMetrics,
  selector: MetricSelector,
  window: TimeWindow,
  limit: number,
): Promise<Grouped> {
  const keys = selector.by.map((key, index) => ({ key, table: sql.table(`group_${index}`) }));
  const { rows } = await sql<GroupedSeries & { total: number }>`
    with series as materialized (
      select id, type, interval_seconds,
        array[${sql.join(keys.map(({ table }) => sql`coalesce(${table}.value, ${NO_VALUE})`))}]::text[] as "group"
      from metric_series
      ${sql.join(
        keys.map(({ key, table }) => sql`left join lateral (${valuesOfTag(key)}) as ${table} on true`),
        sql` `,
      )}
      where org_id = ${orgId} and metric = ${selector.metric} and ${matches(selector.scope)} and ${matches(visible)}
    ),
    rolled_up as (
      select series."group", point.bucket, point.value
      from series cross join lateral (
        select ${bucketOf(window)} as bucket, ${rolledUp(selector, window.step / 1000)} as value
        from metric_point
        where org_id = ${orgId} and series_id = series.id and ${isWithin(window, window.shift)}
        group by 1
      ) as point
    ),
    together as (
      select "group", bucket, ${overSpace(selector.aggregator)} as value from rolled_up group by "group", bucket
    )
    select "group", count(*) over ()::integer as total, ${pointsOver(window)}
    from together group by "group" order by "group" limit ${limit}`.execute(db);
  return { total: rows[0]?.total ?? 0, series: rows };
}

/** Combinations of tag values by which a group by repeats the series of a metric. */
export interface Combinations {
  /** Maximum of a series. */
  most: number;
  /** Total of all series, beyond one for each. */
  additional: number;
}

/** Counts the combinations of the values of several tag keys, without making them. */
export async function countCombinations(
  db: ScopedDb,
  { orgId, visible }: VisibleMetrics,
  { metric, scope, by }: MetricSelector,
): Promise<Combinations> {
  const counts = by.map(
    (key) => sql`greatest(1, (select count(*) from (${valuesOfTag(key)}) as known))::float8`,
  );
  const { rows } = await sql<Combinations>`
    select coalesce(max(combinations), 0) as most, coalesce(sum(combinations - 1), 0) as additional
    from (
      select ${sql.join(counts, sql` * `)} as combinations from metric_series
      where org_id = ${orgId} and metric = ${metric} and ${matches(scope)} and ${matches(visible)}
    ) as counted`.execute(db);
  return rows[0] ?? { most: 0, additional: 0 };
}

/** Selects the rollup of one series' points within an interval. */
function rolledUp({ aggregator, as, rollup }: MetricSelector, stepSeconds: number): RawBuilder<number> {
  if (aggregator === 'count') return sql`count(value)::float8`;
  if (as === undefined) {
    if (rollup?.method) return over(rollup.method, sql`value`);
    return sql`case series.type when 'count' then sum(value) else avg(value) end`;
  }
  // The value of a rate is per second, measured over the series' interval.
  const amount = sql`case series.type when 'rate' then value * greatest(series.interval_seconds, 1) else value end`;
  const amounts = rollup?.method ? over(rollup.method, amount) : sql`sum(${amount})`;
  // If the series' interval is longer than the requested one, a count is spread over the series' interval.
  const counted =
    as === 'rate' ? sql`${amounts} / greatest(${stepSeconds}::float8, series.interval_seconds)` : amounts;
  const measured = rollup?.method ? over(rollup.method, sql`value`) : sql`avg(value)`;
  return sql`case series.type when 'gauge' then ${measured} else ${counted} end`;
}

function overSpace(aggregator: Aggregator): RawBuilder<number> {
  return aggregator === 'count' ? sql`sum(value)` : over(aggregator, sql`value`);
}

function over(method: Aggregator, value: RawBuilder<unknown>): RawBuilder<number> {
  if (method === 'count') return sql`count(${value})::float8`;
  return sql`${sql.raw(method)}(${value})`;
}

/** Builds the condition that a series matches a tag filter. */
function matches(filter: TagFilter): RawBuilder<boolean> {
  return toSql(conditionOf(filter));
}

function conditionOf(filter: TagFilter): SqlCondition {
  if (filter.kind === 'all') return TRUE;
  if (filter.kind === 'tag') return hasAnyTag([filter.pattern]);
  if (filter.kind === 'not') return condition`not ${conditionOf(filter.of)}`;
  if (filter.kind === 'and') return allOf(withMergedNegations(filter.of).map(conditionOf));
  const patterns = filter.of.flatMap((one) => (one.kind === 'tag' ? [one.pattern] : []));
  const others = filter.of.filter(({ kind }) => kind !== 'tag');
  return anyOf([...(patterns.length === 0 ? [] : [hasAnyTag(patterns)]), ...others.map(conditionOf)]);
}

/**
 * Lists the names of the metrics with points since a time, in order.
 *
 * @param since epoch milliseconds
 * @param search part of the name
 * @param scope filter of the series
 */
export async function listMetricNames(
  db: ScopedDb,
  { orgId, visible }: VisibleMetrics,
  { since, search, scope, limit }: { since: number; search: string; scope: TagFilter; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ metric: string }>`
    select distinct metric from metric_series
    where org_id = ${orgId} and last_point_at >= ${moment(since)}
      and strpos(lower(metric), lower(${search})) > 0
      and ${matches(scope)} and ${matches(visible)}
    order by metric limit ${limit}`.execute(db);
  return rows.map(({ metric }) => metric);
}

/** Lists the tags of a metric's series with points since a time, or only their keys, in order. */
export async function listMetricTags(
  db: ScopedDb,
  { orgId, visible }: VisibleMetrics,
  {
    metric,
    since,
    search,
    scope,
    keysOnly,
    limit,
  }: {
    metric: string;
    since: number;
    search: string;
    scope: TagFilter;
    keysOnly: boolean;
    limit: number;
  },
): Promise<string[]> {
  const shown = keysOnly ? sql`split_part(tag, ':', 1)` : sql`tag`;
  const { rows } = await sql<{ tag: string }>`
    select distinct ${shown} as tag from metric_series cross join unnest(tags) as tag
    where org_id = ${orgId} and metric = ${metric}
      and last_point_at >= ${moment(since)}
      and ${matches(scope)} and ${matches(visible)}
      and strpos(${shown}, lower(${search})) > 0
    order by 1 limit ${limit}`.execute(db);
  return rows.map(({ tag }) => tag);
}
