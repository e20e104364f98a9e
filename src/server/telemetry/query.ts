import type {
  Query,
  ScalarQueryRequest,
  ScalarQueryResponse,
  TimeseriesQueryRequest,
  TimeseriesQueryResponse,
} from '../../contract/queries/schema.ts';
import type { Actor } from '../../rules/access.ts';
import { DomainError } from '../../rules/errors.ts';
import { evaluate } from '../../query/evaluate.ts';
import { leavesOf } from '../../query/expression.ts';
import { compact, type Table, tabulate } from '../../query/layout.ts';
import { shortened } from '../../query/errors.ts';
import { type Plan, planQueries, type WantedFormula } from '../../query/plan.ts';
import type { Result } from '../../query/result.ts';
import { limitSeries } from '../../query/summaries.ts';
import { oldestKept } from '../../rules/telemetry/retention.ts';
import type { ScopedDb } from '../db/scope.ts';
import { findRetention } from '../store/retention.ts';
import { authorizeTelemetryReads } from './authorize-read.ts';
import { PointBudget } from './point-budget.ts';
import { mustHaveRead, readQuery, withName } from './query-reads.ts';
import { runWork } from './run-work.ts';

/** A request for series or for values. Times are epoch milliseconds. */
interface QueryRequest {
  from: number;
  to: number;
  interval?: number | undefined;
  formulas?: readonly WantedFormula[] | undefined;
  queries: readonly Query[];
}

/** Maximum number of points of a response, present or not. */
const MAX_ANSWER_POINTS = 2_000_000;

/** Current time (epoch ms) and the signal that cancels the query. */
export interface QueryContext {
  now: number;
  signal?: AbortSignal;
}

/** Computes an answer from what has been read, without the database. */
export type ComputeAnswer<Answer> = (signal?: AbortSignal) => Promise<Answer>;

/**
 * Reads the data of a timeseries request.
 *
 * @param db a snapshot, so that the authorization and the data are of one moment
 * @returns a function that computes the answer. It throws QueryError for too many points.
 * @throws QueryError for an invalid request, DomainError `forbidden` for data that the actor may not query
 */
export async function queryTimeseries(
  db: ScopedDb,
  actor: Actor,
  request: TimeseriesQueryRequest['data']['attributes'],
  context: QueryContext,
): Promise<ComputeAnswer<TimeseriesQueryResponse>> {
  const compute = await readFormulas(db, actor, request, context, true);
  return async (signal) => {
    const { results } = await compute(signal);
    const { times, rows } = await runWork(compact(results, MAX_ANSWER_POINTS), { signal });
    const series = rows.map(({ resultIndex, group }) => ({
      group_tags: group,
      query_index: resultIndex,
      unit: null,
    }));
    const values = rows.map((row) => row.values);
    return { data: { id: '0', type: 'timeseries_response', attributes: { series, times, values } } };
  };
}

/** Reads the data of a scalar request; otherwise as {@link queryTimeseries}. */
export async function queryScalar(
  db: ScopedDb,
  actor: Actor,
  request: ScalarQueryRequest['data']['attributes'],
  context: QueryContext,
): Promise<ComputeAnswer<ScalarQueryResponse>> {
  const compute = await readFormulas(db, actor, request, context, false);
  return async (signal) => {
    const { names, results } = await compute(signal);
    return presentTable(names, await runWork(tabulate(results), { signal }));
  };
}

function presentTable(names: readonly string[], { keys, rows }: Table): ScalarQueryResponse {
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

/** Reads the queries of formulas. Returns a function that computes the result of each formula, with its text. */
async function readFormulas(
  db: ScopedDb,
  actor: Actor,
  { from, to, interval, formulas, queries }: QueryRequest,
  { now, signal }: QueryContext,
  overTime: boolean,
): Promise<ComputeAnswer<{ names: string[]; results: Result[] }>> {
  const retention = await findRetention(db);
  const ended = queries.some(({ data_source }) => to <= oldestKept(data_source, retention, now));
  if (ended) throw new DomainError('refused', 'range_outside_retention');

  const plan = planQueries(queries, formulas, overTime);
  const shiftsOf = shiftsOfQueries(plan);
  const authorize = authorizeTelemetryReads(db, actor);
  const budget = new PointBudget();
  const read = new Map<string, Awaited<ReturnType<typeof readQuery>>>();
  for (const query of plan.queries.values()) {
    const shifts = shiftsOf.get(query.name);
    if (shifts === undefined) continue;
    const keptSince = oldestKept(query.type, retention, now);
    const readContext = { from, to, interval, overTime, keptSince, signal, budget };
    read.set(query.name, await readQuery(db, authorize, query, shifts, readContext));
  }
  return async (computeSignal) => {
    const results = await computeFormulas(plan, read, budget, computeSignal);
    return { names: plan.formulas.map(({ text }) => text), results };
  };
}

/** Returns the time shifts of each query that formulas use. */
function shiftsOfQueries({ formulas }: Plan): Map<string, Set<number>> {
  const shifts = new Map<string, Set<number>>();
  for (const { leaf, shift } of formulas.flatMap(({ expression }) => leavesOf(expression))) {
    const known = shifts.get(leaf) ?? new Set();
    shifts.set(leaf, known.add(shift));
  }
  return shifts;
}

async function computeFormulas(
  plan: Plan,
  read: ReadonlyMap<string, Awaited<ReturnType<typeof readQuery>>>,
  budget: PointBudget,
  signal: AbortSignal | undefined,
): Promise<Result[]> {
  const limits = { spend: (size: number) => budget.spendOnStep(size), signal };
  const operands = new Map<string, Map<number, Result>>();
  for (const [name, works] of read) {
    const byShift = new Map<number, Result>();
    operands.set(name, byShift);
    for (const [shift, work] of works) {
      byShift.set(shift, await withName(`Query "${name}"`, () => runWork(work(), limits)));
    }
  }
  const results: Result[] = [];
  for (const { text, expression, limit } of plan.formulas) {
    const result = await withName(`Formula "${shortened(text)}"`, async () => {
      const whole = await runWork(
        evaluate(expression, (name, shift) => mustHaveRead(operands.get(name)?.get(shift))),
        limits,
      );
      return limit ? runWork(limitSeries(whole, limit), limits) : whole;
    });
    results.push(result);
  }
  return results;
}
