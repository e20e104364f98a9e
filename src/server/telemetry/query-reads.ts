import { visibleEvents, visibleMetrics } from '../../rules/data-access.ts';
import { DomainError } from '../../rules/errors.ts';
import { evaluate } from '../../query/evaluate.ts';
import { leavesOf } from '../../query/expression.ts';
import { fillGaps } from '../../query/fill-gaps.ts';
import type { MetricSelector } from '../../query/metrics-query.ts';
import { QueryError } from '../../query/errors.ts';
import { type PlannedEvents, type PlannedMetrics, type PlannedQuery } from '../../query/plan.ts';
import type { Result, Series } from '../../query/result.ts';
import { reduceTo } from '../../query/summaries.ts';
import { gridFor, MAX_SERIES, type TimeGrid } from '../../query/time-grid.ts';
import { sizeOf, type Work } from '../../query/work.ts';
import type { ScopedDb } from '../db/scope.ts';
import { aggregateEvents, type VisibleEvents } from '../store/event-queries.ts';
import {
  aggregateMetric,
  type Combinations,
  countCombinations,
  type VisibleMetrics,
} from '../store/metric-queries.ts';
import { type Grouped, isOutOfRange, type TimeWindow } from '../store/query-parts.ts';
import type { AuthorizeRead } from './authorize-read.ts';
import type { PointBudget } from './point-budget.ts';

/** Runs a computation, and names the query or formula in a `QueryError` of it. */
export async function withName<Value>(what: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof QueryError) throw new QueryError(`${what}: ${error.message}`);
    throw error;
  }
}

/** What limits and cancels the reads of one request. Times are epoch milliseconds. */
export interface ReadContext {
  from: number;
  to: number;
  interval: number | undefined;
  /** Whether the result has series over time, or one value per group. */
  overTime: boolean;
  /** Start of the retention: older data may still be stored, but is not read. */
  keptSince: number;
  /** Aborts when the client has disconnected or the request has timed out. */
  signal: AbortSignal | undefined;
  budget: PointBudget;
}

/** Computes the result of a query from what has been read, without the database. */
type ResultWork = () => Work<Result>;

/** Reads a query for each time shift that formulas apply to it. Returns the computations of the results by time shift. */
export async function readQuery(
  db: ScopedDb,
  authorize: AuthorizeRead,
  query: PlannedQuery,
  shifts: ReadonlySet<number>,
  context: ReadContext,
): Promise<ReadonlyMap<number, ResultWork>> {
  const { orgId, access } = await authorized(authorize, query);
  const results = new Map<number, ResultWork>();
  if (query.type === 'metrics') {
    const visible = { orgId, visible: visibleMetrics(access) };
    for (const shift of shifts) results.set(shift, await readMetrics(db, visible, query, shift, context));
  } else {
    const visible =
      query.type === 'audit'
        ? undefined
        : { orgId, source: query.type, visible: visibleEvents(query.type, access) };
    for (const shift of shifts) results.set(shift, await readEvents(db, visible, query, shift, context));
  }
  return results;
}

/** Authorizes a query; an error has its name. */
async function authorized(authorize: AuthorizeRead, { name, type, sourceId }: PlannedQuery) {
  try {
    return await authorize(type, sourceId);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new DomainError(
      error.reason,
      error.details.map((detail) => ({ ...detail, query: name })),
    );
  }
}

async function readMetrics(
  db: ScopedDb,
  visible: VisibleMetrics,
  { name, expression, aggregator }: PlannedMetrics,
  outerShift: number,
  context: ReadContext,
): Promise<ResultWork> {
  const read = new Map<MetricSelector, Map<number, ResultWork>>();
  for (const { leaf: selector, shift } of leavesOf(expression)) {
    const results = read.get(selector) ?? new Map<number, ResultWork>();
    read.set(selector, results);
    if (results.has(shift)) continue;
    const seconds = selector.rollup?.seconds;
    const grid = gridFor({ ...context, interval: seconds === undefined ? context.interval : seconds * 1000 });
    const window = windowOf(context, grid, outerShift + shift);
    const grouped = await readGrouped(name, grid, context, async () => {
      if (selector.by.length > 0)
        requireFewCombinations(name, await countCombinations(db, visible, selector));
      return aggregateMetric(db, visible, selector, window, MAX_SERIES);
    });
    results.set(shift, () => selectorResult(grouped, grid, selector));
  }
  return function* compute() {
    const results = new Map<MetricSelector, Map<number, Result>>();
    for (const [selector, byShift] of read) {
      const computed = new Map<number, Result>();
      results.set(selector, computed);
      for (const [shift, work] of byShift) computed.set(shift, yield* work());
    }
    const result = yield* evaluate(expression, (selector, shift) =>
      mustHaveRead(results.get(selector)?.get(shift)),
    );
    return aggregator ? yield* reduceTo(result, aggregator, context.from) : result;
  };
}

/** Maximum number of combinations of the values of the tags or facets of a group by, for one series or event. */
const MAX_COMBINATIONS = 1000;

/** Maximum number of such combinations for all series of a metric, beyond one for each. */
const MAX_ADDITIONAL_COMBINATIONS = 20_000;

function requireFewCombinations(query: string, { most, additional }: Combinations): void {
  if (most > MAX_COMBINATIONS) throw tooManyCombinations(query, 'a series', most, MAX_COMBINATIONS);
  if (additional > MAX_ADDITIONAL_COMBINATIONS) {
    throw tooManyCombinations(query, 'its series', additional, MAX_ADDITIONAL_COMBINATIONS);
  }
}

function tooManyCombinations(query: string, what: string, count: number, maximum: number): QueryError {
  return new QueryError(
    `Query "${query}" groups ${what} by ${count} combinations of values, and at most ${maximum} are possible: group by less`,
  );
}

function* selectorResult(grouped: Grouped, grid: TimeGrid, selector: MetricSelector): Work<Result> {
  const missing = selector.as !== undefined || selector.aggregator === 'count' ? 0 : null;
  const result = yield* onGrid(grouped, grid, selector.by, missing);
  return selector.fill ? yield* fillGaps(result, selector.fill) : result;
}

/** Aggregations that are 0, not null, when no events match. */
const COUNTING: ReadonlySet<string> = new Set(['count', 'sum', 'cardinality']);

/** @param visible undefined: there are no events; the audit trail has none yet */
async function readEvents(
  db: ScopedDb,
  visible: VisibleEvents | undefined,
  { name, filter, compute, groupings, interval }: PlannedEvents,
  shift: number,
  context: ReadContext,
): Promise<ResultWork> {
  const { from, to, overTime } = context;
  const grid = overTime
    ? gridFor({ from, to, interval: interval ?? context.interval })
    : { from, to, step: to - from, times: [from] };
  const window = windowOf(context, grid, shift);
  const limits = { series: MAX_SERIES, combinations: MAX_COMBINATIONS };
  const grouped = await readGrouped(name, grid, context, async () => {
    if (visible === undefined) return { total: 0, series: [] };
    const found = await aggregateEvents(db, visible, filter, compute, groupings, window, limits);
    if (found.combinations <= MAX_COMBINATIONS) return found;
    throw tooManyCombinations(name, 'an event', found.combinations, MAX_COMBINATIONS);
  });
  const keys = groupings.map(({ key }) => key);
  return () => onGrid(grouped, grid, keys, COUNTING.has(compute.aggregation) ? 0 : null);
}

/**
 * Runs an aggregate of a query.
 *
 * @throws QueryError for too many series or points, and for a number beyond the range of a double
 */
async function readGrouped(
  query: string,
  { times }: TimeGrid,
  { signal, budget }: ReadContext,
  aggregate: () => Promise<Grouped>,
): Promise<Grouped> {
  signal?.throwIfAborted();
  const grouped = await aggregate().catch((error: unknown) => {
    if (!isOutOfRange(error)) throw error;
    throw new QueryError(`Query "${query}" comes to a number that is too large or too small`);
  });
  if (grouped.total > MAX_SERIES) {
    throw new QueryError(
      `Query "${query}" gives ${grouped.total} series, and at most ${MAX_SERIES} are possible: group by less, or ask for less`,
    );
  }
  budget.spendOnRead(grouped.series, times);
  return grouped;
}

function windowOf(
  { from, to, keptSince: kept }: ReadContext,
  { step, from: origin }: TimeGrid,
  shift: number,
): TimeWindow {
  return { from: Math.max(from, kept + shift), to, step, origin, shift };
}

/** Puts the points of each group on the grid of instants that they were aggregated for. */
function* onGrid(
  grouped: Grouped,
  { from, step, times }: TimeGrid,
  keys: readonly string[],
  missing: number | null,
): Work<Result> {
  const series: Series[] = [];
  for (const one of grouped.series) {
    yield sizeOf(times);
    const values: (number | null)[] = Array.from({ length: times.length }, () => null);
    one.times.forEach((time, index) => {
      values[(time - from) / step] = one.values[index] ?? null;
    });
    series.push({ group: one.group, values });
  }
  return { keys, times, step, missing, series };
}

/** Returns a result that must have been read by now. */
export function mustHaveRead(result: Result | undefined): Result {
  if (result === undefined) throw new Error('The operand of a formula has not been read');
  return result;
}
