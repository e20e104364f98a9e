import type { Actor } from '../../rules/access.ts';
import { type DataAccess, visibleEvents, visibleMetrics } from '../../rules/data-access.ts';
import { DomainError } from '../../rules/errors.ts';
import { evaluate } from '../../query/evaluate.ts';
import { leavesOf } from '../../query/expression.ts';
import { fillGaps } from '../../query/fill-gaps.ts';
import type { MetricSelector } from '../../query/metrics-query.ts';
import { QueryError } from '../../query/errors.ts';
import { type PlannedEvents, type PlannedMetrics, type PlannedQuery } from '../../query/plan.ts';
import type { Result } from '../../query/result.ts';
import { reduceTo } from '../../query/summaries.ts';
import { gridFor, MAX_SERIES, type TimeGrid } from '../../query/time-grid.ts';
import type { ScopedDb } from '../db/scope.ts';
import { aggregateEvents } from '../store/event-queries.ts';
import { aggregateMetric, type VisibleMetrics } from '../store/metric-queries.ts';
import { type Grouped, isOutOfRange, type TimeWindow } from '../store/query-parts.ts';
import { authorizeTelemetryRead } from './authorize-read.ts';
import type { PointBudget } from './point-budget.ts';

/** Runs the work, and names the query or formula in a `QueryError`. */
export async function withName<Value>(what: string, work: () => Value): Promise<Awaited<Value>> {
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

/** Reads the result of a query for each time shift that formulas apply to it. */
export async function readQuery(
  db: ScopedDb,
  actor: Actor,
  query: PlannedQuery,
  shifts: ReadonlySet<number>,
  context: ReadContext,
): Promise<(shift: number) => Result> {
  const { orgId, access } = await authorize(db, actor, query);
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

/** Authorizes a query; an error has its name. */
async function authorize(db: ScopedDb, actor: Actor, { name, type, sourceId }: PlannedQuery) {
  try {
    return await authorizeTelemetryRead(db, actor, type, sourceId);
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
): Promise<Result> {
  const read = new Map<MetricSelector, Map<number, Result>>();
  for (const { leaf: selector, shift } of leavesOf(expression)) {
    const results = read.get(selector) ?? new Map<number, Result>();
    read.set(selector, results);
    if (results.has(shift)) continue;
    const seconds = selector.rollup?.seconds;
    const grid = gridFor({ ...context, interval: seconds === undefined ? context.interval : seconds * 1000 });
    const window = windowOf(context, grid, outerShift + shift);
    const grouped = await refuseOutOfRange(name, context, () =>
      aggregateMetric(db, visible, selector, window, MAX_SERIES),
    );
    const missing = selector.as !== undefined || selector.aggregator === 'count' ? 0 : null;
    const result = onGrid(name, grouped, grid, selector.by, missing, context);
    results.set(shift, selector.fill ? fillGaps(result, selector.fill) : result);
  }
  const result = await withName(`Query "${name}"`, () =>
    evaluate(expression, (selector, shift) => mustHaveRead(read.get(selector)?.get(shift))),
  );
  return aggregator ? reduceTo(result, aggregator, context.from) : result;
}

/** Aggregations that are 0, not null, when no events match. */
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
    type === 'audit' // there are no audit events yet
      ? { total: 0, series: [] }
      : await refuseOutOfRange(name, context, () =>
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

/** Runs an aggregate of a query; a result beyond the range of a double becomes a `QueryError`. */
async function refuseOutOfRange(
  query: string,
  { signal }: ReadContext,
  aggregate: () => Promise<Grouped>,
): Promise<Grouped> {
  signal?.throwIfAborted();
  try {
    return await aggregate();
  } catch (error) {
    if (!isOutOfRange(error)) throw error;
    throw new QueryError(`Query "${query}" comes to a number that is too large or too small`);
  }
}

function windowOf(
  { from, to, keptSince: kept }: ReadContext,
  { step, from: origin }: TimeGrid,
  shift: number,
): TimeWindow {
  return { from: Math.max(from, kept + shift), to, step, origin, shift };
}

/** Puts the points of each group on the grid of instants that they were aggregated for. */
function onGrid(
  query: string,
  { total, series }: Grouped,
  { from, step, times }: TimeGrid,
  keys: readonly string[],
  missing: number | null,
  { budget }: ReadContext,
): Result {
  if (total > MAX_SERIES) {
    throw new QueryError(
      `Query "${query}" gives ${total} series, and at most ${MAX_SERIES} are possible: group by less, or ask for less`,
    );
  }
  budget.spend(series, times);
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

/** Returns a result that must have been read by now. */
export function mustHaveRead(result: Result | undefined): Result {
  if (result === undefined) throw new Error('What a formula needs has not been read');
  return result;
}
