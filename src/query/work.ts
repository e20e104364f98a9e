import type { Series, Values } from './result.ts';

/**
 * Computation in small steps. Yields the size of each step before it: the number of points that the step processes. Between
 * two steps, the caller may let other work run, or give up.
 */
export type Work<Value> = Generator<number, Value, void>;

/** Changes the values of each series, one series per step. */
export function* eachSeries(
  series: readonly Series[],
  change: (values: Values) => Values,
): Work<readonly Series[]> {
  const changed: Series[] = [];
  for (const { group, values } of series) {
    yield sizeOf(values);
    changed.push({ group, values: change(values) });
  }
  return changed;
}

/** Returns the size of a step over some values. Even a step over none takes time. */
export function sizeOf(values: readonly unknown[]): number {
  return values.length + STEP_SIZE;
}

/** Time that a step takes besides its points, as a number of points. */
export const STEP_SIZE = 10;
