import { setImmediate } from 'node:timers/promises';
import type {
  Query,
  ScalarQueryRequest,
  ScalarQueryResponse,
  TimeseriesQueryRequest,
  TimeseriesQueryResponse,
} from '../../contract/queries/schema.ts';
import type { Actor } from '../../rules/access.ts';
import { type DataAccess, visibleEvents, visibleMetrics } from '../../rules/data-access.ts';
import { DomainError } from '../../rules/errors.ts';
import { evaluate } from '../../query/evaluate.ts';
import { leavesOf } from '../../query/expression.ts';
import { fillGaps } from '../../query/fill-gaps.ts';
import { compact, tabulate } from '../../query/layout.ts';
import type { MetricSelector } from '../../query/metrics-query.ts';
import { QueryError, shortened } from '../../query/errors.ts';
import {
  type PlannedEvents,
  type PlannedMetrics,
  type PlannedQuery,
  planQueries,
  type WantedFormula,
} from '../../query/plan.ts';
import type { Result } from '../../query/result.ts';
import { limitSeries, reduceTo } from '../../query/summaries.ts';
import { gridFor, MAX_SERIES, type TimeGrid } from '../../query/time-grid.ts';
import { oldestKept } from '../../rules/telemetry/retention.ts';
import type { ScopedDb } from '../db/scope.ts';
import { aggregateEvents } from '../store/event-queries.ts';
import { aggregateMetric, type VisibleMetrics } from '../store/metric-queries.ts';
import { type Grouped, isOutOfRange, type TimeWindow } from '../store/query-parts.ts';
import { findRetention } from '../store/retention.ts';
import { authorizeTelemetryRead } from './authorize-read.ts';

/** What a request asks for, whichever of the two it is. */
interface Asked {
  from: number;
  to: number;
  interval?: number | undefined;
  formulas?: readonly WantedFormula[] | undefined;
  queries: readonly Query[];
}

/** How many points an answer has at most, present or not. */
const MAX_ANSWER_POINTS = 2_000_000;

/** When it is, in milliseconds since the epoch, and until when an answer is of use. */
export interface Moment {
  now: number;
  signal?: AbortSignal;
}

/**
 * Answers a request for series over time.
 *
 * @param db a snapshot, so that whether somebody may query and what they get are of one moment
 * @throws DomainError `refused` for what is wrong with the request, `forbidden` for what the actor may not query
 */
export async function queryTimeseries(
  db: ScopedDb,
  actor: Actor,
  asked: TimeseriesQueryRequest['data']['attributes'],
  moment: Moment,
): Promise<TimeseriesQueryResponse> {
  const { results } = await answer(db, actor, asked, moment, true);
  const { times, rows } = compact(results);
  if (rows.length * times.length > MAX_ANSWER_POINTS) {
    throw new DomainError(
      'refused',
      `The answer has ${rows.length} series with ${times.length} points, and at most ${MAX_ANSWER_POINTS} points in all are possible: group by less, or ask for longer intervals`,
    );
  }
  const series = rows.map(({ resultIndex, group }) => ({
    group_tags: group,
    query_index: resultIndex,
    unit: null,
  }));
  const values = rows.map((row) => row.values);
  return { data: { id: '0', type: 'timeseries_response', attributes: { series, times, values } } };
}

/** Answers a request for one value for each group, else as {@link queryTimeseries}. */
export async function queryScalar(
  db: ScopedDb,
  actor: Actor,
  asked: ScalarQueryRequest['data']['attributes'],
  moment: Moment,
): Promise<ScalarQueryResponse> {
  const { names, results } = await answer(db, actor, asked, moment, false);
  const { keys, rows } = tabulate(results);
  const columns = [
    ...keys.map((name, index) => ({
      name,
      type: 'group' as const,
      values: rows.map(({ group }) => group[index] ?? []),
    })),
    ...names.map((name, index) => ({
      name,
      type: 'number' as const,
      values: rows.map(({ values }) => values[index] ?? null),
      meta: { unit: null },
    })),
  ];
  return { data: { id: '0', type: 'scalar_response', attributes: { columns } } };
}

/** The result of each formula, and what it is called. */
async function answer(
  db: ScopedDb,
  actor: Actor,
  { from, to, interval, formulas, queries }: Asked,
  { now, signal }: Moment,
  overTime: boolean,
): Promise<{ names: string[]; results: Result[] }> {
  const retention = await findRetention(db);
  const ended = queries.some(({ data_source }) => to <= oldestKept(data_source, retention, now));
  if (ended) throw new DomainError('refused', 'Queries ending outside the retention date are invalid');

  const plan = planQueries(queries, formulas, overTime);
  const read = new Map<string, (shift: number) => Result>();
  const taken = { points: 0 };
  for (const query of plan.queries.values()) {
    const shifts = plan.formulas
      .flatMap(({ expression }) => leavesOf(expression))
      .flatMap(({ leaf, shift }) => (leaf === query.name ? [shift] : []));
    if (shifts.length === 0) continue;
    const keptSince = oldestKept(query.type, retention, now);
    const context = { from, to, interval, overTime, keptSince, signal, taken };
    read.set(query.name, await readQuery(db, actor, query, new Set(shifts), context));
  }

  const results: Result[] = [];
  for (const { text, expression, limit } of plan.formulas) {
    // Formulas keep this thread busy: between two of them others get their turn.
    await setImmediate();
    signal?.throwIfAborted();
    const result = await naming(`Formula "${shortened(text)}"`, () =>
      evaluate(expression, (name, shift) => {
        const operand = mustHaveRead(read.get(name)?.(shift));
        take(taken, operand.series, operand.times);
        return operand;
      }),
    );
    results.push(limit ? limitSeries(result, limit) : result);
  }
  return { names: plan.formulas.map(({ text }) => text), results };
}

/** How many points, present or not, the request has taken until now. */
interface Taken {
  points: number;
}

/** Over what time to read, and what stops it. */
interface ReadContext {
  from: number;
  to: number;
  interval: number | undefined;
  /** Whether series over time are wanted, or one value for each group. */
  overTime: boolean;
  /** What is older is not there any more, even if it has not been deleted yet. */
  keptSince: number;
  /** Says when nobody waits any more. */
  signal: AbortSignal | undefined;
  taken: Taken;
}

/**
 * How many points the queries of a request give at most, and its formulas take: more would take away the memory and the
 * time that other requests need.
 */
const MAX_WORKED_POINTS = 10_000_000;

/** Reads what a query gives, for each of the shifts in time under which it is wanted. */
async function readQuery(
  db: ScopedDb,
  actor: Actor,
  query: PlannedQuery,
  shifts: ReadonlySet<number>,
  context: ReadContext,
): Promise<(shift: number) => Result> {
  const { orgId, access } = await naming(`Query "${query.name}"`, () =>
    authorizeTelemetryRead(db, actor, query.type, query.sourceId),
  );
  const results = new Map<number, Result>();
  for (const shift of shifts) {
    const result =
      query.type === 'metrics'
        ? await readMetrics(db, { orgId, visible: visibleMetrics(access) }, query, shift, context)
        : await readEvents(db, orgId, access, query, shift, context);
    results.set(shift, result);
  }
  return (shift) => mustHaveRead(results.get(shift));
}

async function readMetrics(
  db: ScopedDb,
  visible: VisibleMetrics,
  { name, expression, aggregator }: PlannedMetrics,
  outerShift: number,
  context: ReadContext,
): Promise<Result> {
  const read = new Map<MetricSelector, Map<number, Result>>();
  for (const { leaf: selector, shift } of leavesOf(expression)) {
    const results = read.get(selector) ?? new Map<number, Result>();
    read.set(selector, results);
    if (results.has(shift)) continue;
    const seconds = selector.rollup?.seconds;
    const grid = gridFor({ ...context, interval: seconds === undefined ? context.interval : seconds * 1000 });
    const window = windowOf(context, grid, outerShift + shift);
    const grouped = await refusingOutOfRange(name, context, () =>
      aggregateMetric(db, visible, selector, window, MAX_SERIES),
    );
    const missing = selector.as !== undefined || selector.aggregator === 'count' ? 0 : null;
    const result = onGrid(name, grouped, grid, selector.by, missing, context);
    results.set(shift, selector.fill ? fillGaps(result, selector.fill) : result);
  }
  const result = await naming(`Query "${name}"`, () =>
    evaluate(expression, (selector, shift) => mustHaveRead(read.get(selector)?.get(shift))),
  );
  return aggregator ? reduceTo(result, aggregator, context.from) : result;
}

/** Aggregations for which no events are none of something, and not nothing known. */
const COUNTING: ReadonlySet<string> = new Set(['count', 'sum', 'cardinality']);

async function readEvents(
  db: ScopedDb,
  orgId: string,
  access: DataAccess,
  { name, type, filter, compute, groupings, interval }: PlannedEvents,
  shift: number,
  context: ReadContext,
): Promise<Result> {
  const { from, to, overTime } = context;
  const grid = overTime
    ? gridFor({ from, to, interval: interval ?? context.interval })
    : { from, to, step: to - from, times: [from] };
  const grouped =
    type === 'audit' // which there is none of yet
      ? { total: 0, series: [] }
      : await refusingOutOfRange(name, context, () =>
          aggregateEvents(
            db,
            { orgId, source: type, visible: visibleEvents(type, access) },
            filter,
            compute,
            groupings,
            windowOf(context, grid, shift),
            MAX_SERIES,
          ),
        );
  const keys = groupings.map(({ key }) => key);
  return onGrid(name, grouped, grid, keys, COUNTING.has(compute.aggregation) ? 0 : null, context);
}

/** What the database works out for a query, unless nobody waits for it any more. */
async function refusingOutOfRange(
  query: string,
  { signal }: ReadContext,
  aggregate: () => Promise<Grouped>,
): Promise<Grouped> {
  signal?.throwIfAborted();
  try {
    return await aggregate();
  } catch (error) {
    if (!isOutOfRange(error)) throw error;
    throw new DomainError('refused', `Query "${query}" comes to a number that is too large or too small`);
  }
}

/** Runs `work`; if it refuses something, it says of what. */
async function naming<Value>(what: string, work: () => Value): Promise<Awaited<Value>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof QueryError) throw new QueryError(`${what}: ${error.message}`);
    if (!(error instanceof DomainError)) throw error;
    throw new DomainError(error.reason, ...error.messages.map((message) => `${what}: ${message}`));
  }
}

function windowOf(
  { from, to, keptSince: kept }: ReadContext,
  { step, from: origin }: TimeGrid,
  shift: number,
): TimeWindow {
  return { from: Math.max(from, kept + shift), to, step, origin, shift };
}

/** Puts the points of groups on the grid that they were worked out for. */
function onGrid(
  query: string,
  { total, series }: Grouped,
  { from, step, times }: TimeGrid,
  keys: readonly string[],
  missing: number | null,
  { taken }: ReadContext,
): Result {
  if (total > MAX_SERIES) {
    throw new DomainError(
      'refused',
      `Query "${query}" gives ${total} series, and at most ${MAX_SERIES} are possible: group by less, or ask for less`,
    );
  }
  take(taken, series, times);
  return {
    keys,
    times,
    step,
    missing,
    series: series.map((one) => {
      const values: (number | null)[] = Array.from({ length: times.length }, () => null);
      one.times.forEach((time, index) => {
        values[(time - from) / step] = one.values[index] ?? null;
      });
      return { group: one.group, values };
    }),
  };
}

function take(taken: Taken, series: readonly unknown[], times: readonly unknown[]): void {
  taken.points += series.length * times.length;
  if (taken.points <= MAX_WORKED_POINTS) return;
  throw new DomainError(
    'refused',
    `Queries and formulas have more than ${MAX_WORKED_POINTS} points in all: group by less, or ask for longer intervals`,
  );
}

function mustHaveRead(result: Result | undefined): Result {
  if (result === undefined) throw new Error('What a formula needs has not been read');
  return result;
}
