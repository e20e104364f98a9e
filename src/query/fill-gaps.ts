import type { Fill } from './metrics-query.ts';
import type { Result, Values } from './result.ts';

/**
 * A result with something in its gaps. A gap is filled if the points around it are at most `seconds` apart: with what
 * lies on the line between them (`linear`), with the value before it (`last`), or with 0 (`zero`). After the last point
 * `last` and `zero` go on for up to `seconds`; a line would need another end. Before the first point nothing is filled,
 * nor is anything with `null`.
 */
export function fillGaps(result: Result, { method, seconds }: Fill): Result {
  if (method === 'null') return result;
  const series = result.series.map(({ group, values }) => ({
    group,
    values: filled(values, result.times, METHODS[method], 1000 * seconds),
  }));
  return { ...result, series };
}

interface Point {
  value: number;
  time: number;
}

/** What stands at an instant between two points, of which the later may still be to come. */
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

/** For each instant the first point that is not before it. */
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
