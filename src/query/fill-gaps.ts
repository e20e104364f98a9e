import type { Fill } from './metrics-query.ts';
import type { Result, Values } from './result.ts';
import { eachSeries, type Work } from './work.ts';

/**
 * Fills gaps between points that are at most `seconds` apart: by linear interpolation (`linear`), with the previous value
 * (`last`) or with 0 (`zero`). `last` and `zero` also fill up to `seconds` after the last point; `linear` does not, because
 * it needs a point at both ends. Values before the first point stay null. `null` fills nothing.
 */
export function* fillGaps(result: Result, { method, seconds }: Fill): Work<Result> {
  if (method === 'null') return result;
  const series = yield* eachSeries(result.series, (values) =>
    filled(values, result.times, METHODS[method], 1000 * seconds),
  );
  return { ...result, series };
}

interface Point {
  value: number;
  time: number;
}

/** Computes the value at an instant between two points. `after` is undefined after the last point. */
type Between = (time: number, before: Point, after: Point | undefined) => number | null;

const METHODS: Record<Exclude<Fill['method'], 'null'>, Between> = {
  zero: () => 0,
  last: (_, before) => before.value,
  linear: (time, before, after) => {
    if (after === undefined) return null;
    const share = (time - before.time) / (after.time - before.time);
    return before.value * (1 - share) + after.value * share;
  },
};

function filled(values: Values, times: readonly number[], between: Between, atMost: number): Values {
  const next = nextPoints(values, times);
  let before: Point | undefined;
  return values.map((value, index) => {
    const time = times[index] ?? 0;
    if (value !== null) {
      before = { value, time };
      return value;
    }
    const after = next[index];
    if (before === undefined || (after?.time ?? time) - before.time > atMost) return null;
    return between(time, before, after);
  });
}

/** Returns, for each instant, the first point at or after it. */
function nextPoints(values: Values, times: readonly number[]): (Point | undefined)[] {
  let next: Point | undefined;
  return times
    .map((time, index) => ({ value: values[index] ?? null, time }))
    .toReversed()
    .map(({ value, time }) => {
      if (value !== null) next = { value, time };
      return next;
    })
    .toReversed();
}
