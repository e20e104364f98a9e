import { QueryError } from './errors.ts';
import type { Parameter } from './expression.ts';
import type { FunctionName } from './functions.ts';
import { type Aggregator, AGGREGATORS } from './metrics-query.ts';
import { finite, type Result, type Values } from './result.ts';
import { topSeries, SCALAR_AGGREGATORS } from './summaries.ts';
import { eachSeries, type Work } from './work.ts';

/** Applies a function to a result. Pointwise functions also apply to its `missing`; functions over time set it to null. */
export function applyToResult(name: FunctionName, of: Result, parameters: Parameters): Work<Result> {
  return IMPLEMENTATIONS[name].ofResult(of, parameters);
}

/** Applies a function to a constant. Null: undefined, such as `1 / 0`. Throws a QueryError for functions over series. */
export function applyToNumber(name: FunctionName, of: number | null, parameters: Parameters): number | null {
  const { ofNumber } = IMPLEMENTATIONS[name];
  if (ofNumber === undefined) throw new QueryError(`${name} needs a query`);
  return ofNumber(of, parameters);
}

/** Applies a change to each point of a result and to its `missing`. */
export function* mapPoints(of: Result, change: (value: number) => number | null): Work<Result> {
  const changed = (value: number | null) => (value === null ? null : finite(change(value)));
  return {
    ...of,
    series: yield* eachSeries(of.series, (values) => values.map(changed)),
    missing: changed(of.missing),
  };
}

interface Implementation {
  ofResult: (of: Result, parameters: Parameters) => Work<Result>;
  /** Undefined for functions that need series. */
  ofNumber?: (of: number | null, parameters: Parameters) => number | null;
}

/** Parameters of a function call, with defaults filled in by the parser. */
type Parameters = readonly Parameter[];

const IMPLEMENTATIONS: Record<FunctionName, Implementation> = {
  abs: pointwise(Math.abs),
  log2: pointwise(Math.log2),
  log10: pointwise(Math.log10),
  cumsum: overTime(() => cumulative),
  diff: overTime(({ times }) => differences(times, () => 1)),
  derivative: overTime(({ times }) => rates(times, 1)),
  per_second: overTime(({ times }) => rates(times, 1)),
  per_minute: overTime(({ times }) => rates(times, 60)),
  per_hour: overTime(({ times }) => rates(times, 3600)),
  ewma_5: overTime(() => ewma(5)),
  moving_rollup: overTime(({ times }, parameters) => {
    const starts = windowStarts(times, 1000 * numberOf(parameters, 0));
    const rollUp = ROLLUPS[wordOf(parameters, 1, AGGREGATORS)];
    return (values) => rollUp(starts, values);
  }),
  default_zero: { ofResult: withZeros, ofNumber: (of) => of ?? 0 },
  clamp_min: pointwise(Math.max),
  clamp_max: pointwise(Math.min),
  top: {
    ofResult: (of, parameters) =>
      topSeries(of, {
        count: numberOf(parameters, 0),
        by: wordOf(parameters, 1, SCALAR_AGGREGATORS),
        order: wordOf(parameters, 2, ['desc', 'asc']),
      }),
  },
  // Time shifts apply when the leaves are looked up, so the result needs no change.
  timeshift: unchanged(),
  hour_before: unchanged(),
  day_before: unchanged(),
  week_before: unchanged(),
  month_before: unchanged(),
};

/** Implements a function of a point and an optional numeric parameter. */
function pointwise(meaning: (value: number, parameter: number) => number): Implementation {
  const changeBy = (parameters: Parameters) => {
    const parameter = parameters.length === 0 ? 0 : numberOf(parameters, 0);
    return (value: number) => meaning(value, parameter);
  };
  return {
    ofResult: (of, parameters) => mapPoints(of, changeBy(parameters)),
    ofNumber: (of, parameters) => (of === null ? null : finite(changeBy(parameters)(of))),
  };
}

/** Implements a function over a series' points in time order. `missing` becomes null, because a missing point has no neighbors. */
function overTime(
  prepare: (of: Result, parameters: Parameters) => (values: Values) => Values,
): Implementation {
  return {
    *ofResult(of, parameters) {
      const change = prepare(of, parameters);
      const series = yield* eachSeries(of.series, (values) => change(values).map(finite));
      return { ...of, series, missing: null };
    },
  };
}

function unchanged(): Implementation {
  return { ofResult: done, ofNumber: (of) => of };
}

// oxlint-disable-next-line require-yield -- takes no time
function* done(of: Result): Work<Result> {
  return of;
}

function* withZeros({ keys, times, step, series }: Result): Work<Result> {
  const all =
    keys.length === 0 && series.length === 0 ? [{ group: [], values: times.map(() => null) }] : series;
  return {
    keys,
    times,
    step,
    series: yield* eachSeries(all, (values) => values.map((value) => value ?? 0)),
    missing: 0,
  };
}

function cumulative(values: Values): Values {
  let total = 0;
  return values.map((value) => (value === null ? null : (total += value)));
}

/** Computes the change from the previous point, per unit of time. The first point becomes null. */
function differences(times: readonly number[], unitsBetween: (milliseconds: number) => number) {
  return (values: Values): Values => {
    let previous: { value: number; time: number } | undefined;
    return values.map((value, index) => {
      const time = times[index];
      if (value === null || time === undefined) return null;
      const before = previous;
      previous = { value, time };
      return before === undefined ? null : (value - before.value) / unitsBetween(time - before.time);
    });
  };
}

/** Computes the change from the previous point per number of seconds. */
function rates(times: readonly number[], seconds: number) {
  return differences(times, (milliseconds) => milliseconds / 1000 / seconds);
}

/** Computes an exponentially weighted moving average, starting with the first point. */
function ewma(span: number) {
  const weight = 2 / (span + 1);
  return (values: Values): Values => {
    let average: number | undefined;
    return values.map((value) => {
      if (value === null) return null;
      average = average === undefined ? value : weight * value + (1 - weight) * average;
      return average;
    });
  };
}

/** Returns, for each instant, the index of the first instant in the window of this length that ends with it. */
function windowStarts(times: readonly number[], milliseconds: number): readonly number[] {
  let start = 0;
  return times.map((time) => {
    while ((times[start] ?? time) <= time - milliseconds) start++;
    return start;
  });
}

/** Aggregates the points of sliding windows. `starts` has the first index of each window. */
const ROLLUPS: Record<Aggregator, (starts: readonly number[], values: Values) => Values> = {
  sum: windowSums,
  count: windowCounts,
  avg(starts, values) {
    const counted = windowCounts(starts, values);
    return windowSums(starts, values).map((total, index) =>
      total === null ? null : total / (counted[index] ?? 1),
    );
  },
  min: (starts, values) => foldWindows(starts, values, Math.min),
  max: (starts, values) => foldWindows(starts, values, Math.max),
};

function windowSums(starts: readonly number[], values: Values): Values {
  return foldWindows(starts, values, (one, other) => one + other);
}

function windowCounts(starts: readonly number[], values: Values): Values {
  return windowSums(
    starts,
    values.map((value) => (value === null ? null : 1)),
  );
}

/**
 * Folds the points of each sliding window, in amortized constant time per window: points before `middle` are folded
 * backwards from it, points after it forwards, and a window combines a suffix of the former with all of the latter.
 * Does not subtract points that leave the window, because sums would accumulate their rounding errors.
 */
function foldWindows(
  starts: readonly number[],
  values: Values,
  combine: (one: number, other: number) => number,
): Values {
  const join = (one: number | null, other: number | null) => {
    if (one === null) return other;
    return other === null ? one : combine(one, other);
  };
  const backward: (number | null)[] = values.map(() => null);
  let forward: number | null = null;
  let middle = 0;
  return values.map((value, index) => {
    const start = starts[index] ?? index;
    forward = join(forward, value);
    if (start >= middle) {
      forward = null;
      middle = index + 1;
      for (let each = index, tail: number | null = null; each >= start; each--) {
        tail = join(values[each] ?? null, tail);
        backward[each] = tail;
      }
    }
    return join(backward[start] ?? null, forward);
  });
}

// The parser has validated the parameters, so a wrong type here is a bug.
function numberOf(parameters: Parameters, index: number): number {
  const number = parameters[index];
  if (typeof number !== 'number') throw new TypeError(`Parameter ${index} is no number: ${number}`);
  return number;
}

function wordOf<Word extends string>(parameters: Parameters, index: number, words: readonly Word[]): Word {
  const word = words.find((each) => each === parameters[index]);
  if (word === undefined)
    throw new TypeError(`Parameter ${index} is none of ${words.join(', ')}: ${parameters[index]}`);
  return word;
}
