import { QueryError } from './errors.ts';
import type { Parameter } from './expression.ts';
import type { FunctionName } from './functions.ts';
import { type Aggregator, AGGREGATORS } from './metrics-query.ts';
import { finite, type Result, type Values } from './result.ts';
import { keepBest, SCALAR_AGGREGATORS } from './summaries.ts';

/** What a function makes of a result. One that is about a moment also says what it makes of what is missing. */
export function applyToResult(name: FunctionName, of: Result, parameters: Parameters): Result {
  return MEANINGS[name].ofResult(of, parameters);
}

/** What a function makes of a number; null is what has come of an impossible calculation. */
export function applyToNumber(name: FunctionName, of: number | null, parameters: Parameters): number | null {
  const { ofNumber } = MEANINGS[name];
  if (ofNumber === undefined) throw new QueryError(`${name} needs a query`);
  return ofNumber(of, parameters);
}

/** A result with each of its points changed, and what stands for missing ones likewise. */
export function mapPoints(of: Result, change: (value: number) => number | null): Result {
  const changed = (value: number | null) => (value === null ? null : finite(change(value)));
  return {
    ...of,
    series: of.series.map(({ group, values }) => ({ group, values: values.map(changed) })),
    missing: changed(of.missing),
  };
}

interface Meaning {
  ofResult: (of: Result, parameters: Parameters) => Result;
  /** Absent from what only series have. */
  ofNumber?: (of: number | null, parameters: Parameters) => number | null;
}

/** What a function was given; parsers have put defaults where something was left out. */
type Parameters = readonly Parameter[];

const MEANINGS: Record<FunctionName, Meaning> = {
  abs: pointwise(Math.abs),
  log2: pointwise(Math.log2),
  log10: pointwise(Math.log10),
  cumsum: overTime(() => cumulative),
  diff: overTime(({ times }) => differences(times, () => 1)),
  derivative: overTime(({ times }) => rates(times, 1)),
  per_second: overTime(({ times }) => rates(times, 1)),
  per_minute: overTime(({ times }) => rates(times, 60)),
  per_hour: overTime(({ times }) => rates(times, 3600)),
  ewma_5: overTime(() => movingAverage(5)),
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
      keepBest(of, {
        count: numberOf(parameters, 0),
        by: wordOf(parameters, 1, SCALAR_AGGREGATORS),
        order: wordOf(parameters, 2, ['desc', 'asc']),
      }),
  },
  // These move what they are of before it is looked up, and leave it as it was found.
  timeshift: unchanged(),
  hour_before: unchanged(),
  day_before: unchanged(),
  week_before: unchanged(),
  month_before: unchanged(),
};

/** A function of a point and, if it has one, a parameter. */
function pointwise(meaning: (value: number, parameter: number) => number): Meaning {
  const changeBy = (parameters: Parameters) => {
    const parameter = parameters.length === 0 ? 0 : numberOf(parameters, 0);
    return (value: number) => meaning(value, parameter);
  };
  return {
    ofResult: (of, parameters) => mapPoints(of, changeBy(parameters)),
    ofNumber: (of, parameters) => (of === null ? null : finite(changeBy(parameters)(of))),
  };
}

/** A function of a series' points in their order. Nothing stands for missing ones: what is missing has no neighbours. */
function overTime(prepare: (of: Result, parameters: Parameters) => (values: Values) => Values): Meaning {
  return {
    ofResult(of, parameters) {
      const change = prepare(of, parameters);
      const series = of.series.map(({ group, values }) => ({ group, values: change(values).map(finite) }));
      return { ...of, series, missing: null };
    },
  };
}

function unchanged(): Meaning {
  return { ofResult: (of) => of, ofNumber: (of) => of };
}

function withZeros({ keys, times, step, series }: Result): Result {
  const all =
    keys.length === 0 && series.length === 0 ? [{ group: [], values: times.map(() => null) }] : series;
  return {
    keys,
    times,
    step,
    series: all.map(({ group, values }) => ({ group, values: values.map((value) => value ?? 0) })),
    missing: 0,
  };
}

function cumulative(values: Values): Values {
  let total = 0;
  return values.map((value) => (value === null ? null : (total += value)));
}

/** How much a point is above the previous one, in each of `unitsBetween` them; the first has no previous one. */
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

/** The differences in so many seconds. */
function rates(times: readonly number[], seconds: number) {
  return differences(times, (milliseconds) => milliseconds / 1000 / seconds);
}

/** An average in which a point weighs the less the more others follow it. The first stands for all before it. */
function movingAverage(span: number) {
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

/** For each instant the index of the first one in the window of so many milliseconds that ends with it. */
function windowStarts(times: readonly number[], milliseconds: number): readonly number[] {
  let start = 0;
  return times.map((time) => {
    while ((times[start] ?? time) <= time - milliseconds) start++;
    return start;
  });
}

/** What the points in the windows that start there are together. */
const ROLLUPS: Record<Aggregator, (starts: readonly number[], values: Values) => Values> = {
  sum: totals,
  count: counts,
  avg(starts, values) {
    const counted = counts(starts, values);
    return totals(starts, values).map((total, index) =>
      total === null ? null : total / (counted[index] ?? 1),
    );
  },
  min: (starts, values) => folded(starts, values, Math.min),
  max: (starts, values) => folded(starts, values, Math.max),
};

function totals(starts: readonly number[], values: Values): Values {
  return folded(starts, values, (one, other) => one + other);
}

function counts(starts: readonly number[], values: Values): Values {
  return totals(
    starts,
    values.map((value) => (value === null ? null : 1)),
  );
}

/**
 * The points of each window put together, whatever its length in constant time on average: what lies before `middle` is
 * folded from there backwards, what follows is folded forwards, and a window is a piece of the one and all of the other.
 * Nothing is ever subtracted, because sums would keep the rounding errors of what has left the window.
 */
function folded(
  starts: readonly number[],
  values: Values,
  together: (one: number, other: number) => number,
): Values {
  const join = (one: number | null, other: number | null) => {
    if (one === null) return other;
    return other === null ? one : together(one, other);
  };
  const backwards: (number | null)[] = values.map(() => null);
  let forwards: number | null = null;
  let middle = 0;
  return values.map((value, index) => {
    const start = starts[index] ?? index;
    forwards = join(forwards, value);
    if (start >= middle) {
      forwards = null;
      middle = index + 1;
      for (let each = index, tail: number | null = null; each >= start; each--) {
        tail = join(values[each] ?? null, tail);
        backwards[each] = tail;
      }
    }
    return join(backwards[start] ?? null, forwards);
  });
}

// Parsers have looked at the parameters' types: what is wrong here is a fault of ours.
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
