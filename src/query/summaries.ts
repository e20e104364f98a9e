import { finite, type Result, type Series, type Values } from './result.ts';
import { sizeOf, type Work } from './work.ts';

/** Aggregations of a series' points to one number. `avg` and `mean` are synonyms. */
export const SCALAR_AGGREGATORS = ['avg', 'min', 'max', 'sum', 'last', 'mean', 'l2norm', 'area'] as const;
export type ScalarAggregator = (typeof SCALAR_AGGREGATORS)[number];

export type Order = 'asc' | 'desc';

/**
 * Reduces each series to one number at a single instant. Omits series without points. Keeps `missing`, which is exact for
 * 0.
 *
 * @param at instant of the numbers (epoch ms); results that a formula combines need the same one, although their time
 *   grids may start at different instants
 */
export function* reduceTo(result: Result, aggregator: ScalarAggregator, at = result.times[0]): Work<Result> {
  const { keys, times, step, missing } = result;
  const first = times[0];
  const last = times.at(-1);
  if (at === undefined || first === undefined || last === undefined) return { ...result, series: [] };
  const series: Series[] = [];
  for (const { group, values } of result.series) {
    yield sizeOf(values);
    const summary = summarize(values, aggregator, step);
    if (summary !== null) series.push({ group, values: [summary] });
  }
  return { keys, times: [at], step: last - first + step, series, missing };
}

/** Returns the `count` series with the greatest mean (`desc`, the default) or the least (`asc`), in that order. */
export function limitSeries(
  result: Result,
  { count, order }: { count: number; order?: Order | undefined },
): Work<Result> {
  return topSeries(result, { count, by: 'mean', order: order ?? 'desc' });
}

/**
 * Returns the first `count` series by rank. Ties are ordered by group; series without points come last. Sets `missing` to
 * null, so that operators do not add the omitted series again.
 */
export function* topSeries(
  result: Result,
  { count, by, order }: { count: number; by: ScalarAggregator; order: Order },
): Work<Result> {
  const ranked: { series: Series; score: number | null }[] = [];
  for (const series of result.series) {
    yield sizeOf(series.values);
    ranked.push({ series, score: summarize(series.values, by, result.step) });
  }
  const direction = order === 'asc' ? 1 : -1;
  ranked.sort(
    (one, other) =>
      compareScores(one.score, other.score, direction) || compareGroups(one.series.group, other.series.group),
  );
  return { ...result, series: ranked.slice(0, count).map(({ series }) => series), missing: null };
}

/**
 * Aggregates the points of a series to one number. Returns null for a series without points, and on overflow.
 *
 * @param step length of an interval in milliseconds; `area` uses seconds
 */
function summarize(values: Values, aggregator: ScalarAggregator, step: number): number | null {
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
