import { QueryError } from './errors.ts';
import type { Operator } from './expression.ts';
import { finite, type Result, type Series, type Values } from './result.ts';
import { sizeOf, STEP_SIZE, type Work } from './work.ts';

/** Applies an operator to two numbers. Returns null for a null operand and for a result that is not finite. */
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
 * Applies an operator to two results: to the series with equal groups, at the union of the instants. If only one side has
 * a point, the other side's `missing` replaces its value; if neither has one, the value is null.
 *
 * The keys of one side must be a subset of the other's. Each series of the side with more keys is joined to the series
 * that agrees on the shared keys, so `requests by {service, host} / requests by {service}` gives the share per host. Omits
 * groups of the side with fewer keys that match no series, because their remaining keys are unknown.
 *
 * @throws QueryError if neither side's keys are a subset of the other's
 */
export function* combine(operator: Operator, left: Result, right: Result): Work<Result> {
  yield 2 * (left.times.length + right.times.length);
  const times = union(left.times, right.times);
  const fromLeft = alignTo(times, left.times);
  const fromRight = alignTo(times, right.times);
  const cell = (ofLeft: number | null, ofRight: number | null) =>
    ofLeft === null && ofRight === null
      ? null
      : calculate(operator, ofLeft ?? left.missing, ofRight ?? right.missing);
  const { keys, pairs } = yield* join(left, right);
  const series: Series[] = [];
  for (const { group, left: ofLeft, right: ofRight } of pairs) {
    yield sizeOf(times);
    const leftValues = fromLeft(ofLeft);
    const rightValues = fromRight(ofRight);
    series.push({
      group,
      values: times.map((_, at) => cell(leftValues[at] ?? null, rightValues[at] ?? null)),
    });
  }
  return {
    keys,
    times,
    step: Math.min(left.step, right.step),
    series,
    missing: calculate(operator, left.missing, right.missing),
  };
}

/** Operands of an operator for one group. `[]`: the side does not have the group, and its `missing` applies. */
interface Pair {
  group: readonly string[];
  left: Values;
  right: Values;
}

function* join(left: Result, right: Result): Work<{ keys: readonly string[]; pairs: Pair[] }> {
  if (includesAll(left.keys, right.keys)) return { keys: left.keys, pairs: yield* joinTo(left, right) };
  if (!includesAll(right.keys, left.keys)) throw new QueryError(notJoined(left, right));
  const swapped = yield* joinTo(right, left);
  return {
    keys: right.keys,
    pairs: swapped.map(({ group, left: ofRight, right: ofLeft }) => ({
      group,
      left: ofLeft,
      right: ofRight,
    })),
  };
}

/** Joins a result (left) to another one (right) with a subset of its keys. */
function* joinTo(outer: Result, inner: Result): Work<Pair[]> {
  const shared = inner.keys.map((key) => outer.keys.indexOf(key));
  const partners = new Map<string, Values>();
  for (const { group, values } of inner.series) {
    yield STEP_SIZE;
    partners.set(keyOf(group), values);
  }
  const matched = new Set<string>();
  const pairs: Pair[] = [];
  for (const { group, values } of outer.series) {
    yield STEP_SIZE;
    const text = keyOf(shared.map((index) => group[index] ?? ''));
    const partner = partners.get(text);
    if (partner !== undefined) matched.add(text);
    if (partner !== undefined || inner.missing !== null)
      pairs.push({ group, left: values, right: partner ?? [] });
  }
  if (shared.length < outer.keys.length || outer.missing === null) return pairs;
  for (const { group, values } of inner.series) {
    if (matched.has(keyOf(group))) continue;
    pairs.push({
      group: outer.keys.map((key) => group[inner.keys.indexOf(key)] ?? ''),
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

function keyOf(group: readonly string[]): string {
  return JSON.stringify(group);
}

function union(times: readonly number[], others: readonly number[]): readonly number[] {
  if (times.length === others.length && times.every((time, index) => time === others[index])) return times;
  return [...new Set([...times, ...others])].toSorted((one, other) => one - other);
}

/** Returns a function that places values at instants `own` on the larger list `times`, with null between them. */
function alignTo(times: readonly number[], own: readonly number[]): (values: Values) => Values {
  if (own.length === times.length) return (values) => values;
  const indexes = new Map(own.map((time, index) => [time, index]));
  const places = times.map((time) => indexes.get(time) ?? -1);
  return (values) => places.map((index) => values[index] ?? null);
}
