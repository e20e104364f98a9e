import { type RawBuilder, sql } from 'kysely';
import type { EventSource } from '../../contract/org-connections/constants.ts';
import type { EventsAggregation } from '../../contract/queries/schema.ts';
import { type Bound, type EventFilter, type Facet, RESERVED_ATTRIBUTES } from '../../query/events-search.ts';
import { likeOf, literalOf, type Pattern, patternOf, piecesOf } from '../../query/pattern.ts';
import type { PlannedCompute, PlannedGrouping } from '../../query/plan.ts';
import { parseStatus } from '../../rules/telemetry/status.ts';
import type { ScopedDb } from '../db/scope.ts';
import {
  bucketOf,
  type Grouped,
  type GroupedSeries,
  hasTag,
  isWithin,
  pointsOver,
  type TimeSpan,
  type TimeWindow,
  valuesOfTag,
} from './query-parts.ts';

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
 * @param limit maximum number of series to return
 */
export async function aggregateEvents(
  db: ScopedDb,
  { orgId, source, visible }: VisibleEvents,
  filter: EventFilter,
  compute: PlannedCompute,
  groupings: readonly PlannedGrouping[],
  window: TimeWindow,
  limit: number,
): Promise<Grouped> {
  const groups = groupings.map((grouping, index) => ({ ...grouping, column: sql.ref(`group_${index}`) }));
  const computes = [compute, ...groupings.map(({ by }) => by ?? compute)];
  const measureColumns = computes.map((_, index) => sql.ref(`measure_${index}`));
  const measures = computes.map((one, index) => sql`${measureOf(one)} as ${sql.ref(`measure_${index}`)}`);
  const columns = groups.map(({ column }) => column);

  const matching = sql`
    select ${bucketOf(window)} as bucket, tags, attributes, ${sql.join(measures)}
    from event
    where org_id = ${orgId} and source = ${source} and ${isWithin(window, window.shift)}
      and ${matches(filter)} and ${matches(visible)}`;
  // Nested selects: several times as fast as lateral joins.
  const spread = groups.reduce(
    (rows, { facet, column }) =>
      sql`select *, unnest((${valuesOf(facet)})[:${sql.lit(MAX_VALUES)}]) as ${column} from (${rows}) as event`,
    matching,
  );
  const found = sql`found as materialized (
    select ${sql.join([sql.ref('bucket'), ...columns, ...measureColumns])} from (${spread}) as event
  )`;
  const rankings = groups.map(({ column, limit: kept, descending, by }, index) => {
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
  const last = groups.length - 1;
  const { rows } = await sql<GroupedSeries & { total: number }>`
    with ${sql.join([found, ...rankings])},
    together as (
      select array[${sql.join(columns)}]::text[] as "group", bucket, ${aggregated(compute, sql.ref('measure_0'))} as value
      from found ${last < 0 ? sql`` : sql`join ${sql.ref(`ranked_${last}`)} using (${sql.join(columns)})`}
        ${eachMeasured(compute, sql.ref('measure_0'))}
      group by ${sql.join([...columns, sql.ref('bucket')])}
    )
    select "group", count(*) over ()::integer as total, ${pointsOver(window)}
    from together where value is not null group by "group" order by "group" limit ${limit}`.execute(db);
  return { total: rows[0]?.total ?? 0, series: rows };
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

/** Selects the distinct values of a facet in an event, as an array. */
function valuesOf({ kind, name }: Facet): RawBuilder<string[]> {
  if (kind === 'tag') return sql`array(${valuesOfTag(name)})`;
  const value = sql`attributes -> ${name}::text`;
  return sql`case
    when jsonb_typeof(${value}) = 'array' then array(select distinct jsonb_array_elements_text(${value}))
    when attributes ? ${name} then array[attributes ->> ${name}::text]
  end`;
}

/** Selects an attribute as a number; null if it is not a number. */
function numberOf({ name }: Facet): RawBuilder<number> {
  const value = sql`attributes -> ${name}::text`;
  return sql`case when jsonb_typeof(${value}) = 'number' then (${value})::float8 end`;
}

/** Builds the condition that an event matches a filter. Never null, so that `not` works. */
function matches(filter: EventFilter): RawBuilder<boolean> {
  if (filter.kind === 'all') return sql`true`;
  if (filter.kind === 'text') return sql`message ~* ${regexOf(filter.words)}`;
  if (filter.kind === 'facet') return hasValue(filter.facet, filter.pattern);
  if (filter.kind === 'range') return hasNumber(filter.facet, filter.from, filter.to);
  if (filter.kind === 'not') return sql`not ${matches(filter.of)}`;
  return sql`(${sql.join(filter.of.map(matches), sql.raw(` ${filter.kind} `))})`;
}

function hasValue(facet: Facet, pattern: Pattern): RawBuilder<boolean> {
  const { kind, name } = facet;
  if (kind === 'tag') return hasTag(`${patternOf(name)}:${pattern}`);
  if (pattern === '*') return sql`attributes ? ${name}`;
  const isIt = RESERVED_ATTRIBUTES.includes(name) ? isReserved(name, pattern) : isText(pattern);
  return sql`(case jsonb_typeof(attributes -> ${name}::text)
    when 'array' then exists (select from jsonb_array_elements_text(attributes -> ${name}::text) as value where ${isIt(sql`value`)})
    else ${isIt(sql`attributes ->> ${name}::text`)} end is true)`;
}

type Condition = (value: RawBuilder<unknown>) => RawBuilder<boolean>;

function isText(pattern: Pattern): Condition {
  const literal = literalOf(pattern);
  return (value) =>
    literal === undefined ? sql`${value} like ${likeOf(pattern)}` : sql`${value} = ${literal}`;
}

/**
 * Compares reserved attributes without regard to case, because they also arrive as lower-case tags. Compares the original
 * text as well, because the database may know the case of ASCII letters only. A status matches by all of its names.
 */
function isReserved(name: string, pattern: Pattern): Condition {
  const isWritten = isText(pattern);
  const isLower = isText(pattern.toLowerCase());
  const literal = literalOf(pattern);
  const status = name === 'status' && literal !== undefined ? parseStatus(literal) : undefined;
  return (value) => {
    const isStatus = status === undefined ? sql`` : sql`or ${value} = ${status}`;
    return sql`(${isWritten(value)} or ${isLower(sql`lower(${value})`)} ${isStatus})`;
  };
}

function hasNumber(
  { kind, name }: Facet,
  from: Bound | undefined,
  to: Bound | undefined,
): RawBuilder<boolean> {
  const bounds = (value: RawBuilder<unknown>) => {
    const lower = from && sql`${value} ${sql.raw(from.inclusive ? '>=' : '>')} ${from.value}::float8`;
    const upper = to && sql`${value} ${sql.raw(to.inclusive ? '<=' : '<')} ${to.value}::float8`;
    const given = [lower, upper].filter((bound) => bound !== undefined);
    return given.length === 0 ? sql`${value} is not null` : sql.join(given, sql` and `);
  };
  const number = sql`case when value ~ '^-?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]{1,2})?$' then value::float8 end`;
  if (kind === 'tag')
    return sql`exists (select from (${valuesOfTag(name)}) as known where ${bounds(number)})`;
  const element = sql`case when jsonb_typeof(element) = 'number' then element::float8 end`;
  return sql`(case jsonb_typeof(attributes -> ${name}::text)
    when 'number' then ${bounds(sql`(attributes -> ${name}::text)::float8`)}
    when 'array' then exists (select from jsonb_array_elements(attributes -> ${name}::text) as element where ${bounds(element)})
    end is true)`;
}

/** Builds a PostgreSQL regular expression for adjacent words. */
function regexOf(words: readonly Pattern[]): string {
  return words.map(wordRegex).join(String.raw`\W+`);
}

function wordRegex(word: Pattern): string {
  const pieces = piecesOf(word);
  const inner = pieces
    .map(({ text, wildcard }) => {
      if (wildcard) return text === '*' ? String.raw`\S*` : String.raw`\S`;
      return /[\w\u0080-\u{10ffff}]/u.test(text) ? text : `\\${text}`;
    })
    .join('');
  const first = edgeOf(pieces.at(0), String.raw`\m`, String.raw`(?:\m|(?!\w))`);
  return first + inner + edgeOf(pieces.at(-1), String.raw`\M`, String.raw`(?:\M|(?<!\w))`);
}

/**
 * Builds the boundary of a phrase, so that it does not match within a word.
 *
 * @param ofWord boundary next to a letter, a digit or an underscore
 * @param ofAny boundary next to a character that only the database can classify
 */
function edgeOf(
  piece: { text: string; wildcard: boolean } | undefined,
  ofWord: string,
  ofAny: string,
): string {
  if (piece === undefined) return '';
  if (piece.wildcard) return piece.text === '*' ? '' : ofAny;
  if (/[\u0080-\u{10ffff}]/u.test(piece.text)) return ofAny;
  return /\w/.test(piece.text) ? ofWord : '';
}

/** Number of the latest events in which facets and their values are looked up. */
const SAMPLE = 10_000;

/** Lists the facets of the latest events, most frequent first: attributes as `@path`, reserved attributes and tags by name. */
export async function listFacets(
  db: ScopedDb,
  { orgId, source, visible }: VisibleEvents,
  { filter, span, search, limit }: { filter: EventFilter; span: TimeSpan; search: string; limit: number },
): Promise<{ kind: Facet['kind']; name: string; count: number }[]> {
  const { rows } = await sql<{ kind: Facet['kind']; name: string; count: number }>`
    with latest as materialized (
      select tags, attributes from event
      where org_id = ${orgId} and source = ${source} and ${isWithin(span)}
        and ${matches(filter)} and ${matches(visible)}
      order by time desc limit ${SAMPLE}
    ),
    facet as (
      select 'attribute' as kind, name from latest cross join jsonb_object_keys(attributes) as name
      union all
      select 'tag', name from latest cross join lateral (
        select distinct split_part(tag, ':', 1) as name from unnest(tags) as tag where strpos(tag, ':') > 1
      ) as key
      where name <> all(${RESERVED_ATTRIBUTES}::text[]) -- without an @ those names mean attributes
    )
    select kind, name, count(*)::integer as count from facet
    where strpos(lower(name), lower(${search})) > 0
    group by kind, name order by count desc, name, kind limit ${limit}`.execute(db);
  return rows;
}

/** Lists the values of a facet in the latest events, most frequent first. */
export async function listFacetValues(
  db: ScopedDb,
  { orgId, source, visible }: VisibleEvents,
  {
    facet,
    filter,
    span,
    search,
    limit,
  }: {
    facet: Facet;
    filter: EventFilter;
    span: TimeSpan;
    search: string;
    limit: number;
  },
): Promise<{ value: string; count: number }[]> {
  const { rows } = await sql<{ value: string; count: number }>`
    with latest as materialized (
      select tags, attributes from event
      where org_id = ${orgId} and source = ${source} and ${isWithin(span)}
        and ${matches(filter)} and ${matches(visible)}
      order by time desc limit ${SAMPLE}
    )
    select value, count(*)::integer as count from latest cross join lateral unnest(${valuesOf(facet)}) as value
    where strpos(lower(value), lower(${search})) > 0
    group by value order by count desc, value limit ${limit}`.execute(db);
  return rows;
}
