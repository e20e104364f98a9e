import { setImmediate } from 'node:timers/promises';
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
import { compact, tabulate } from '../../query/layout.ts';
import { QueryError, shortened } from '../../query/errors.ts';
import { planQueries, type WantedFormula } from '../../query/plan.ts';
import type { Result } from '../../query/result.ts';
import { limitSeries } from '../../query/summaries.ts';
import { oldestKept } from '../../rules/telemetry/retention.ts';
import type { ScopedDb } from '../db/scope.ts';
import { findRetention } from '../store/retention.ts';
import { PointBudget } from './point-budget.ts';
import { mustHaveRead, readQuery, withName } from './query-reads.ts';

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

/**
 * Returns series over time.
 *
 * @param db a snapshot, so that the authorization and the data are of one moment
 * @throws QueryError for an invalid request, DomainError `forbidden` for data that the actor may not query
 */
export async function queryTimeseries(
  db: ScopedDb,
  actor: Actor,
  request: TimeseriesQueryRequest['data']['attributes'],
  context: QueryContext,
): Promise<TimeseriesQueryResponse> {
  const { results } = await runFormulas(db, actor, request, context, true);
  const { times, rows } = compact(results);
  if (rows.length * times.length > MAX_ANSWER_POINTS) {
    throw new QueryError(
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

/** Returns one value per group; otherwise as {@link queryTimeseries}. */
export async function queryScalar(
  db: ScopedDb,
  actor: Actor,
  request: ScalarQueryRequest['data']['attributes'],
  context: QueryContext,
): Promise<ScalarQueryResponse> {
  const { names, results } = await runFormulas(db, actor, request, context, false);
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

/** Returns the result of each formula with its text. */
async function runFormulas(
  db: ScopedDb,
  actor: Actor,
  { from, to, interval, formulas, queries }: QueryRequest,
  { now, signal }: QueryContext,
  overTime: boolean,
): Promise<{ names: string[]; results: Result[] }> {
  const retention = await findRetention(db);
  const ended = queries.some(({ data_source }) => to <= oldestKept(data_source, retention, now));
  if (ended) throw new DomainError('refused', 'range_outside_retention');

  const plan = planQueries(queries, formulas, overTime);
  const read = new Map<string, (shift: number) => Result>();
  const budget = new PointBudget();
  for (const query of plan.queries.values()) {
    const shifts = plan.formulas
      .flatMap(({ expression }) => leavesOf(expression))
      .flatMap(({ leaf, shift }) => (leaf === query.name ? [shift] : []));
    if (shifts.length === 0) continue;
    const keptSince = oldestKept(query.type, retention, now);
    const readContext = { from, to, interval, overTime, keptSince, signal, budget };
    read.set(query.name, await readQuery(db, actor, query, new Set(shifts), readContext));
  }

  const results: Result[] = [];
  for (const { text, expression, limit } of plan.formulas) {
    // A formula blocks the event loop; let other requests run between two of them.
    await setImmediate();
    signal?.throwIfAborted();
    const result = await withName(`Formula "${shortened(text)}"`, () =>
      evaluate(expression, (name, shift) => {
        const operand = mustHaveRead(read.get(name)?.(shift));
        budget.spend(operand.series, operand.times);
        return operand;
      }),
    );
    results.push(limit ? limitSeries(result, limit) : result);
  }
  return { names: plan.formulas.map(({ text }) => text), results };
}
