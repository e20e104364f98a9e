import { QueryError } from './errors.ts';
import type { Operator } from './expression.ts';
import { finite, type Result, type Values } from './result.ts';

/** What an operator makes of two numbers; null: nothing, as of nothing, of a division by zero, or beyond all numbers. */
export function calculate(operator: Operator, left: number | null, right: number | null): number | null {
  return left === null || right === null ? null : finite(OPERATIONS[operator](left, right));
}

const OPERATIONS: Record<Operator, (left: number, right: number) => number> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
};

/**
 * What an operator makes of two results: of each series with the one that has the same group, at each instant that
 * either has. Where one side has nothing, its `missing` stands for it; where both have nothing, nothing comes of it.
 *
 * The keys of one side must be among those of the other. Each series of the side with more keys meets the one of the
 * other side that agrees on the keys they share, so `requests by {service, host} / requests by {service}` are shares.
 * A group of the side with fewer keys that meets nothing is left out, because it does not say where it would belong.
 */
export function combine(operator: Operator, left: Result, right: Result): Result {
  const times = union(left.times, right.times);
  const fromLeft = placeOn(times, left.times);
  const fromRight = placeOn(times, right.times);
  const cell = (ofLeft: number | null, ofRight: number | null) =>
    ofLeft === null && ofRight === null
      ? null
      : calculate(operator, ofLeft ?? left.missing, ofRight ?? right.missing);
  const { keys, pairs } = join(left, right);
  return {
    keys,
    times,
    step: Math.min(left.step, right.step),
    series: pairs.map(({ group, left: ofLeft, right: ofRight }) => {
      const leftValues = fromLeft(ofLeft);
      const rightValues = fromRight(ofRight);
      return { group, values: times.map((_, at) => cell(leftValues[at] ?? null, rightValues[at] ?? null)) };
    }),
    missing: calculate(operator, left.missing, right.missing),
  };
}

/** Series that an operator puts together. An empty side has no such group, and something that stands for it. */
interface Pair {
  group: readonly string[];
  left: Values;
  right: Values;
}

function join(left: Result, right: Result): { keys: readonly string[]; pairs: Pair[] } {
  if (includesAll(left.keys, right.keys)) return { keys: left.keys, pairs: joinTo(left, right) };
  if (!includesAll(right.keys, left.keys)) throw new QueryError(notJoined(left, right));
  const swapped = joinTo(right, left);
  return {
    keys: right.keys,
    pairs: swapped.map(({ group, left: ofRight, right: ofLeft }) => ({
      group,
      left: ofLeft,
      right: ofRight,
    })),
  };
}

/** The pairs of a result, on the left, and of another whose keys are among its keys. */
function joinTo(richer: Result, poorer: Result): Pair[] {
  const shared = poorer.keys.map((key) => richer.keys.indexOf(key));
  const partners = new Map(poorer.series.map(({ group, values }) => [textOf(group), values]));
  const met = new Set<string>();
  const pairs: Pair[] = [];
  for (const { group, values } of richer.series) {
    const text = textOf(shared.map((index) => group[index] ?? ''));
    const partner = partners.get(text);
    if (partner !== undefined) met.add(text);
    if (partner !== undefined || poorer.missing !== null)
      pairs.push({ group, left: values, right: partner ?? [] });
  }
  if (shared.length < richer.keys.length || richer.missing === null) return pairs;
  for (const { group, values } of poorer.series) {
    if (met.has(textOf(group))) continue;
    pairs.push({
      group: richer.keys.map((key) => group[poorer.keys.indexOf(key)] ?? ''),
      left: [],
      right: values,
    });
  }
  return pairs;
}

function includesAll(keys: readonly string[], others: readonly string[]): boolean {
  return others.every((key) => keys.includes(key));
}

function notJoined(left: Result, right: Result): string {
  return `cannot combine series grouped by ${left.keys.join(', ')} with series grouped by ${right.keys.join(', ')}`;
}

function textOf(group: readonly string[]): string {
  return JSON.stringify(group);
}

function union(times: readonly number[], others: readonly number[]): readonly number[] {
  if (times.length === others.length && times.every((time, index) => time === others[index])) return times;
  return [...new Set([...times, ...others])].toSorted((one, other) => one - other);
}

/** How values at some instants are put in their places among more of them. */
function placeOn(times: readonly number[], own: readonly number[]): (values: Values) => Values {
  if (own.length === times.length) return (values) => values;
  const indexes = new Map(own.map((time, index) => [time, index]));
  const places = times.map((time) => indexes.get(time) ?? -1);
  return (values) => places.map((index) => values[index] ?? null);
}
