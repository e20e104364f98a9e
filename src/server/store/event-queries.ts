import { type RawBuilder, sql } from 'kysely';
import type { EventSource } from '../../contract/org-connections/constants.ts';
import type { EventsAggregation } from '../../contract/queries/schema.ts';
import { type EventFilter } from '../../query/events-search.ts';

import type { PlannedCompute, PlannedGrouping } from '../../query/plan.ts';

import type { ScopedDb } from '../db/scope.ts';
import {
  bucketOf,
  type Grouped,
  type GroupedSeries,
  isWithin,
  pointsOver,
  type TimeWindow,
} from './query-parts.ts';
import { matches, numberOf, valuesOf } from './event-conditions.ts';

/** Selection of events: an organization, a source, and a filter for the events that the user may see. */
export interface VisibleEvents {
  orgId: string;
  source: EventSource;
  visible: EventFilter;
}

/**
 * Aggregates events by group and interval. Keeps the best-ranked groups of each facet; groups of a later facet rank within
 * each group of the earlier ones. Events without a facet are in no group. Of a list attribute, the first {@link MAX_VALUES}
 * values count.
 *
 * @param window its step is the interval; a step as long as the window gives one value per group
 * @param limits maximum number of series to return, and of combinations of the facets' values that an event may have. If
 *   `combinations` of the result is greater, the series are incomplete.
 */
export async function aggregateEvents(
  db: ScopedDb,
  { orgId, source, visible }: VisibleEvents,
  filter: EventFilter,
  compute: PlannedCompute,
  groupings: readonly PlannedGrouping[],
  window: TimeWindow,
  limits: { series: number; combinations: number },
): Promise<Grouped & { combinations: number }> {
  const groups = groupings.map((grouping, index) => ({
    ...grouping,
    column: sql.ref(`group_${index}`),
    values: sql.ref(`values_${index}`),
  }));
  const computes = [compute, ...groupings.map(({ by }) => by ?? compute)];
  const measureColumns = computes.map((_, index) => sql.ref(`measure_${index}`));
  const columns = groups.map(({ column }) => column);
  const selected = [
    sql`${bucketOf(window)} as bucket`,
    ...groups.map(({ facet, values }) => sql`(${valuesOf(facet)})[:${sql.lit(MAX_VALUES)}] as ${values}`),
    ...computes.map((one, index) => sql`${measureOf(one)} as ${sql.ref(`measure_${index}`)}`),
  ];
  const matching = sql`matching as (
    select ${sql.join(selected)} from event
    where org_id = ${orgId} and source = ${source} and ${isWithin(window, window.shift)}
      and ${matches(filter)} and ${matches(visible)}
  )`;
  const combinations = sql.join(
    [sql`1`, ...groups.map(({ values }) => sql`coalesce(cardinality(${values}), 0)`)],
    sql` * `,
  );
  // Nested selects: several times as fast as lateral joins.
  const spread = groups.reduce(
    (rows, { column, values }) => sql`select *, unnest(${values}) as ${column} from (${rows}) as event`,
    sql`select * from matching where ${combinations} <= ${limits.combinations}`,
  );
  const found = sql`found as materialized (
    select ${sql.join([sql.ref('bucket'), ...columns, ...measureColumns])} from (${spread}) as event
  )`;
  const last = groups.length - 1;
  const together = sql`together as (
    select array[${sql.join(columns)}]::text[] as "group", bucket, ${aggregated(compute, sql.ref('measure_0'))} as value
    from found ${last < 0 ? sql`` : sql`join ${sql.ref(`ranked_${last}`)} using (${sql.join(columns)})`}
      ${eachMeasured(compute, sql.ref('measure_0'))}
    group by ${sql.join([...columns, sql.ref('bucket')])}
  )`;
  const answer = sql`
    select "group", count(*) over ()::integer as total, ${pointsOver(window)}
    from together where value is not null group by "group" order by "group" limit ${limits.series}`;
  const ctes = sql.join([matching, found, ...rankingsOf(groups), together]);
  if (MAX_VALUES ** groups.length <= limits.combinations) {
    const { rows } = await sql<GroupedSeries & { total: number }>`with ${ctes} ${answer}`.execute(db);
    return { total: rows[0]?.total ?? 0, series: rows, combinations: 0 };
  }
  const { rows } = await sql<GroupedSeries & { total: number | null; most: number }>`
    with ${ctes}
    select answer.*, most from (select coalesce(max(${combinations}), 0) as most from matching) as bound
    left join (${answer}) as answer on true`.execute(db);
  const series = rows.filter(({ total }) => total !== null);
  return { total: series[0]?.total ?? 0, series, combinations: rows[0]?.most ?? 0 };
}

/** Ranks the groups of each facet within the kept groups of the facets before it. */
function rankingsOf(
  groups: readonly (PlannedGrouping & { column: RawBuilder<unknown> })[],
): RawBuilder<unknown>[] {
  const columns = groups.map(({ column }) => column);
  return groups.map(({ column, limit: kept, descending, by }, index) => {
    const outer = columns.slice(0, index);
    const all = sql.join([...outer, column]);
    const within =
      index === 0 ? sql`` : sql`join ${sql.ref(`ranked_${index - 1}`)} using (${sql.join(outer)})`;
    const measure = sql.ref(`measure_${index + 1}`);
    const rank = by === null ? column : aggregated(by, measure);
    const order = sql`${rank} ${descending ? sql`desc` : sql`asc`} nulls last, ${column}`;
    const partition = index === 0 ? sql`` : sql`partition by ${sql.join(outer)}`;
    return sql`${sql.ref(`ranked_${index}`)} as (
      select ${all} from (
        select ${all}, row_number() over (${partition} order by ${order}) as place
        from found ${within} ${by === null ? sql`` : eachMeasured(by, measure)} group by ${all}
      ) as placed where place <= ${kept}
    )`;
  });
}

/** Selects the measure of an event: a number, or for a cardinality all of its values. */
function measureOf({ aggregation, measure }: PlannedCompute): RawBuilder<unknown> {
  if (aggregation === 'count' || measure === undefined) return sql`null::float8`;
  if (aggregation === 'cardinality') return valuesOf(measure);
  return numberOf(measure);
}

/** Joins the rows that an aggregate needs: for a cardinality, one row per value. */
function eachMeasured({ aggregation }: PlannedCompute, measure: RawBuilder<unknown>): RawBuilder<unknown> {
  return aggregation === 'cardinality'
    ? sql`left join lateral unnest(${measure}) as measured on true`
    : sql``;
}

const PERCENTILES: Partial<Record<EventsAggregation, number>> = {
  median: 0.5,
  pc75: 0.75,
  pc90: 0.9,
  pc95: 0.95,
  pc98: 0.98,
  pc99: 0.99,
};

function aggregated({ aggregation }: PlannedCompute, measure: RawBuilder<unknown>): RawBuilder<number> {
  const percentile = PERCENTILES[aggregation];
  if (percentile !== undefined) {
    // Interpolation between two distant numbers can overflow to infinity without an error.
    return sql`nullif(percentile_cont(${percentile}::float8) within group (order by ${measure}), 'Infinity')`;
  }
  if (aggregation === 'count') return sql`count(*)::float8`;
  if (aggregation === 'cardinality') return sql`count(distinct measured)::float8`;
  return sql`${sql.raw(aggregation)}(${measure})`;
}

/** Maximum number of values of a list attribute: lists multiply when grouped by several facets. */
const MAX_VALUES = 30;
