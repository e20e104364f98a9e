import { finite, type Result, type Values } from './result.ts';

/** How the points of a series become one number. `avg` and `mean` are the same. */
export const SCALAR_AGGREGATORS = ['avg', 'min', 'max', 'sum', 'last', 'mean', 'l2norm', 'area'] as const;
export type ScalarAggregator = (typeof SCALAR_AGGREGATORS)[number];

export type Order = 'asc' | 'desc';

/**
 * Each series as one number, over a single instant. Series without points are left out. What stands for missing ones
 * stays, which is exact for 0.
 *
 * @param at the instant that the numbers get: those that a formula combines must share one, although the grids that
 *   they come from may start at different ones
 */
export function reduceTo(result: Result, aggregator: ScalarAggregator, at = result.times[0]): Result {
  const { keys, times, step, missing } = result;
  const first = times[0];
  const last = times.at(-1);
  if (at === undefined || first === undefined || last === undefined) return { ...result, series: [] };
  const series = result.series.flatMap(({ group, values }) => {
    const summary = summaryOf(values, aggregator, step);
    return summary === null ? [] : [{ group, values: [summary] }];
  });
  return { keys, times: [at], step: last - first + step, series, missing };
}

/** The `count` series with the greatest mean of their points, or the least, in that order. */
export function limitSeries(
  result: Result,
  { count, order }: { count: number; order?: Order | undefined },
): Result {
  return keepBest(result, { count, by: 'mean', order: order ?? 'desc' });
}

/**
 * The best series, best first; the group decides between equals, and series without points come last. Nothing stands
 * for what is left out: it is not missing, so an operator does not bring it back.
 */
export function keepBest(
  result: Result,
  { count, by, order }: { count: number; by: ScalarAggregator; order: Order },
): Result {
  const ranked = result.series.map((series) => ({
    series,
    score: summaryOf(series.values, by, result.step),
  }));
  const direction = order === 'asc' ? 1 : -1;
  ranked.sort(
    (one, other) =>
      compareScores(one.score, other.score, direction) || compareGroups(one.series.group, other.series.group),
  );
  return { ...result, series: ranked.slice(0, count).map(({ series }) => series), missing: null };
}

/**
 * The points of a series as one number; null: it has none, or they add up to more than there are numbers for.
 *
 * @param step how long an interval is, in milliseconds; `area` counts it in seconds
 */
function summaryOf(values: Values, aggregator: ScalarAggregator, step: number): number | null {
  const points = values.filter((value) => value !== null);
  const last = points.at(-1);
  return last === undefined ? null : finite(SUMMARIES[aggregator](points, last, step));
}

const mean = (points: readonly number[]) => sum(points) / points.length;

const SUMMARIES: Record<ScalarAggregator, (points: readonly number[], last: number, step: number) => number> =
  {
    avg: mean,
    mean,
    sum,
    min: (points) => points.reduce((least, value) => Math.min(least, value)),
    max: (points) => points.reduce((greatest, value) => Math.max(greatest, value)),
    last: (_, last) => last,
    area: (points, _, step) => (sum(points) * step) / 1000,
    l2norm: (points) => Math.sqrt(sum(points.map((value) => value * value))),
  };

function sum(points: readonly number[]): number {
  return points.reduce((total, value) => total + value, 0);
}

function compareScores(one: number | null, other: number | null, direction: 1 | -1): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  return direction * (one - other);
}

function compareGroups(one: readonly string[], other: readonly string[]): number {
  const differing = one.findIndex((value, index) => value !== other[index]);
  if (differing === -1) return 0;
  return (one[differing] ?? '') < (other[differing] ?? '') ? -1 : 1;
}
