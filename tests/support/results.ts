import * as fc from 'fast-check';
import type { Result, Values } from '../../src/query/result.ts';

interface Options {
  /** In seconds. */
  step?: number;
  /** In seconds. */
  from?: number;
  missing?: number | null;
}

/** An ungrouped result. */
export function alone(values: Values, options: Options = {}): Result {
  return grouped([], { '': values }, options);
}

/** A result with a series for each entry, whose name has the values of the keys: `web` or `web,eu`. */
export function grouped(
  keys: readonly string[],
  series: Record<string, Values>,
  { step = 10, from = 0, missing = null }: Options = {},
): Result {
  const entries = Object.entries(series);
  return {
    keys,
    times: (entries[0]?.[1] ?? [null, null, null]).map((_, index) => 1000 * (from + index * step)),
    step: 1000 * step,
    series: entries.map(([name, values]) => ({ group: keys.length === 0 ? [] : name.split(','), values })),
    missing,
  };
}

/** Series of a result, for {@link grouped}. */
export function seriesOf({ series }: Result): Record<string, Values> {
  return Object.fromEntries(series.map(({ group, values }) => [group.join(','), values]));
}

/** Expects the same series for the same groups, in any order; -0 equals 0. */
export function inOrder({ series, ...result }: Result): Result {
  const sorted = series
    .map(({ group, values }) => ({
      group,
      values: values.map((value) => (value === null ? null : value + 0)),
    }))
    .toSorted((one, other) => (one.group.join() < other.group.join() ? -1 : 1));
  return { ...result, series: sorted, missing: result.missing === null ? null : result.missing + 0 };
}

/** Results by few keys with few values and small numbers, so that groups meet and sums are exact. */
export function results(keys: fc.Arbitrary<readonly string[]> = keyLists): fc.Arbitrary<Result> {
  return fc
    .record({
      keys,
      step: fc.constantFrom(10, 20, 30),
      first: fc.integer({ min: 0, max: 2 }),
      points: fc.integer({ min: 1, max: 6 }),
      missing: fc.constantFrom(0, null),
    })
    .chain(({ keys: by, step, first, points, missing }) =>
      fc
        .uniqueArray(
          fc.record({
            group: fc.tuple(...by.map(() => fc.constantFrom('x', 'y'))),
            values: fc.array(fc.option(fc.integer({ min: -3, max: 3 })), {
              minLength: points,
              maxLength: points,
            }),
          }),
          { maxLength: 4, selector: ({ group }) => group.join() },
        )
        .map((series) => ({
          keys: by,
          times: Array.from({ length: points }, (_, index) => 1000 * step * (first + index)),
          step: 1000 * step,
          series,
          missing,
        })),
    );
}

const keyLists: fc.Arbitrary<readonly string[]> = fc.constantFrom(
  [],
  ['service'],
  ['host'],
  ['service', 'host'],
  ['host', 'service'],
);
