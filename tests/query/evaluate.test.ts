import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/query/evaluate.ts';
import type { Expression, Operator, Parameter } from '../../src/query/expression.ts';
import type { FunctionName } from '../../src/query/functions.ts';
import type { Result, Values } from '../../src/query/result.ts';
import { MAX_SERIES } from '../../src/query/time-grid.ts';
import { finish } from '../support/finish.ts';
import { alone, grouped, inOrder, results, seriesOf } from '../support/results.ts';

type Formula = Expression<string>;

const a = leaf('a');
const b = leaf('b');

describe('an operator between ungrouped queries', () => {
  it.each<[string, Formula, Values, Values, Values]>([
    ['adds at each instant', binary(a, '+', b), [1, 2, 3], [10, 20, 30], [11, 22, 33]],
    ['subtracts at each instant', binary(a, '-', b), [1, 2, 3], [10, 20, 30], [-9, -18, -27]],
    ['multiplies at each instant', binary(a, '*', b), [1, 2, 3], [10, 20, 30], [10, 40, 90]],
    ['divides at each instant', binary(a, '/', b), [1, 2, 3], [2, 4, 8], [0.5, 0.5, 0.375]],
    [
      'has no point where a measurement is missing',
      binary(a, '+', b),
      [1, null, 3],
      [1, 2, null],
      [2, null, null],
    ],
    ['has no point where it divides by zero', binary(a, '/', b), [1, 0, 3], [0, 0, 1], [null, null, 3]],
    ['has no point beyond all numbers', binary(a, '*', b), [1e300, 1, 1], [1e300, 1, 1], [null, 1, 1]],
    ['may use a query twice', binary(a, '-', a), [1, 2, null], [], [0, 0, null]],
  ])('%s', (_, formula, ofA, ofB, expected) => {
    expect(over(formula, { a: alone(ofA), b: alone(ofB) })).toEqual({ '': expected });
  });

  it('takes what is not counted as 0', () => {
    const errors = alone([1, null, null], { missing: 0 });
    const hits = alone([10, 20, null], { missing: 0 });
    expect(over(binary(a, '/', b), { a: errors, b: hits })).toEqual({ '': [0.1, 0, null] });
    expect(over(binary(a, '/', b), { a: { ...errors, series: [] }, b: hits })).toEqual({ '': [0, 0, null] });
  });

  it('has no value for a missing measurement', () => {
    expect(over(binary(a, '+', b), { a: { ...alone([]), series: [] }, b: alone([1, 2, 3]) })).toEqual({});
  });
});

describe('numbers', () => {
  const queries = { a: alone([1, null, 3]) };
  it.each<[string, Formula, Values]>([
    ['are the same at every instant with a point', binary(a, '+', number(1)), [2, null, 4]],
    ['may come first', binary(number(1), '-', a), [0, null, -2]],
    ['have arithmetic of their own', binary(a, '*', binary(number(2), '+', number(3))), [5, null, 15]],
    ['may be impossible', binary(a, '+', binary(number(1), '/', number(0))), [null, null, null]],
    [
      'may be impossible, and mended',
      binary(a, '+', call('default_zero', call('log2', number(0)))),
      [1, null, 3],
    ],
    ['have functions', binary(a, '+', call('abs', { kind: 'negate', of: number(3) })), [4, null, 6]],
    ['have no past', binary(a, '+', call('hour_before', number(3))), [4, null, 6]],
    ['divide', binary(a, '/', number(0)), [null, null, null]],
    ['are negated with what they are in', { kind: 'negate', of: a }, [-1, null, -3]],
  ])('%s', (_, formula, expected) => {
    expect(over(formula, queries)).toEqual({ '': expected });
  });

  it.each<[string, Formula, string]>([
    ['a number', number(2), 'a formula needs at least one query'],
    ['a sum of numbers', binary(number(2), '+', number(3)), 'a formula needs at least one query'],
    ['an impossible number', binary(number(2), '/', number(0)), 'a formula needs at least one query'],
    ['a sum of a number over time', binary(a, '+', call('cumsum', number(2))), 'cumsum needs a query'],
    ['the best of a number', binary(a, '+', call('top', number(2), 3)), 'top needs a query'],
  ])('%s is refused', (_, formula, message) => {
    expect(() => over(formula, queries)).toThrow(expect.objectContaining({ name: 'QueryError', message }));
  });
});

describe('an operator between grouped queries', () => {
  it('puts the same groups together', () => {
    expect(
      over(binary(a, '+', b), {
        a: grouped(['service'], { web: [1, 2], db: [3, 4] }),
        b: grouped(['service'], { db: [30, 40], web: [10, 20] }),
      }),
    ).toEqual({ web: [11, 22], db: [33, 44] });
  });

  it('does so whatever the order of the keys, and keeps the left one', () => {
    const result = evaluateOver(binary(a, '-', b), {
      a: grouped(['service', 'env'], { 'web,eu': [10] }),
      b: grouped(['env', 'service'], { 'eu,web': [1] }),
    });
    expect(result.keys).toEqual(['service', 'env']);
    expect(seriesOf(result)).toEqual({ 'web,eu': [9] });
  });

  it('leaves out a group that one side did not measure', () => {
    expect(
      over(binary(a, '+', b), {
        a: grouped(['service'], { web: [1], db: [3] }),
        b: grouped(['service'], { web: [10], cache: [30] }),
      }),
    ).toEqual({ web: [11] });
  });

  it('takes a group that one side did not count as 0', () => {
    expect(
      over(binary(a, '-', b), {
        a: grouped(['service'], { web: [1], db: [3] }, { missing: 0 }),
        b: grouped(['service'], { web: [10], cache: [30] }, { missing: 0 }),
      }),
    ).toEqual({ web: [-9], db: [3], cache: [-30] });
  });

  it.each<[string, Formula, Record<string, Values>]>([
    ['on the right', binary(a, '/', b), { web: [0.5, 1], db: [0.25, 0] }],
    ['on the left', binary(b, '-', a), { web: [1, 0], db: [1.5, 2] }],
  ])('takes an ungrouped query %s for every group', (_, formula, expected) => {
    expect(
      over(formula, {
        a: grouped(['service'], { web: [1, 2], db: [0.5, 0] }),
        b: alone([2, 2]),
      }),
    ).toEqual(expected);
  });

  it('gives the share of each host in its service, and drops services without hosts', () => {
    const result = evaluateOver(binary(a, '/', b), {
      a: grouped(['host', 'service'], { 'h1,web': [1], 'h2,web': [3], 'h3,db': [5] }, { missing: 0 }),
      b: grouped(['service'], { web: [4], db: [5], cache: [6] }, { missing: 0 }),
    });
    expect(result.keys).toEqual(['host', 'service']);
    expect(seriesOf(result)).toEqual({ 'h1,web': [0.25], 'h2,web': [0.75], 'h3,db': [1] });
  });

  it('refuses groups that have nothing to do with each other', () => {
    const queries = {
      a: grouped(['service', 'env'], { 'web,eu': [1] }),
      b: grouped(['host'], { h1: [1] }),
    };
    expect(() => over(binary(a, '+', b), queries)).toThrow(
      expect.objectContaining({
        name: 'QueryError',
        message: 'cannot combine series grouped by service, env with series grouped by host',
      }),
    );
  });
});

describe('an operator between queries with different intervals', () => {
  it('has the instants of both, and the shorter interval', () => {
    const result = evaluateOver(binary(a, '+', b), {
      a: alone([1, 2, 3], { step: 10, missing: 0 }),
      b: alone([10, 20], { step: 20, missing: 0 }),
    });
    expect(result).toMatchObject({ times: [0, 10_000, 20_000], step: 10_000 });
    expect(seriesOf(result)).toEqual({ '': [11, 2, 23] });
  });

  it('has points where both measured', () => {
    const result = evaluateOver(binary(a, '+', b), {
      a: alone([1, 2, 3], { step: 10, from: 10 }),
      b: alone([10, 20], { step: 20 }),
    });
    expect(result.times).toEqual([0, 10_000, 20_000, 30_000]);
    expect(seriesOf(result)).toEqual({ '': [null, null, 22, null] });
  });
});

describe('what stands for missing points of a formula', () => {
  it.each<[string, Formula, number | null, number | null, number | null]>([
    ['a sum of counts', binary(a, '+', b), 0, 0, 0],
    ['a count and a measurement', binary(a, '+', b), 0, null, null],
    ['a share of counts', binary(a, '/', b), 0, 0, null],
    ['a count and a number', binary(a, '+', number(2)), 0, null, 2],
    ['a negated count', { kind: 'negate', of: a }, 0, null, 0],
    ['the size of a count', call('abs', a), 0, null, 0],
    ['the logarithm of a count', call('log2', a), 0, null, null],
    ['a count of at least 5', call('clamp_min', a, 5), 0, null, 5],
    ['a measurement with zeros', call('default_zero', a), null, null, 0],
    ['a running total', call('cumsum', a), 0, null, null],
    ['the best of counts', call('top', a, 5, 'mean', 'desc'), 0, null, null],
    ['counts of yesterday', call('day_before', a), 0, null, 0],
  ])('%s', (_, formula, ofA, ofB, expected) => {
    const queries = { a: alone([1], { missing: ofA }), b: alone([1], { missing: ofB }) };
    expect(evaluateOver(formula, queries).missing).toBe(expected);
  });
});

describe('the past', () => {
  it.each<[string, Formula, number[]]>([
    ['is not looked at unless asked for', a, [0]],
    ['is so many seconds back', call('timeshift', a, -60), [60]],
    ['may be the future', call('timeshift', a, 60), [-60]],
    ['is an hour back', call('hour_before', a), [3600]],
    ['is a day back', call('day_before', a), [86_400]],
    ['is a week back', call('week_before', a), [604_800]],
    ['is four weeks back', call('month_before', a), [2_419_200]],
    ['is further back within the past', call('hour_before', call('abs', call('timeshift', a, -60))), [3660]],
    ['is compared to now', binary(a, '/', call('week_before', a)), [0, 604_800]],
    [
      'is the same for all within',
      call('hour_before', binary(a, '-', { kind: 'negate', of: b })),
      [3600, 3600],
    ],
  ])('%s', (_, formula, seconds) => {
    const shifts: number[] = [];
    finish(
      evaluate(formula, (_leaf, shift) => {
        shifts.push(shift / 1000);
        return alone([1]);
      }),
    );
    expect(shifts).toEqual(seconds);
  });
});

describe('any formula', () => {
  it('is what a naive evaluation makes of it', () => {
    let compared = 0;
    fc.assert(
      fc.property(formulas, fc.record({ a: results(), b: results(), c: results() }), (formula, queries) => {
        const evaluated = attempt(() => evaluateOver(formula, queries));
        const expected = attempt(() => naively(formula, queries));
        if (evaluated !== 'refused') compared++;
        expect(evaluated === 'refused' ? evaluated : inOrder(evaluated)).toEqual(
          expected === 'refused' ? expected : inOrder(expected),
        );
      }),
      { numRuns: 3000 },
    );
    expect(compared).toBeGreaterThan(1000);
  });

  it('may have its sums and products turned round', () => {
    const keys = fc.constantFrom([], ['service'], ['service', 'host']);
    fc.assert(
      fc.property(results(keys), results(keys), fc.constantFrom('+', '*'), (ofA, ofB, operator) => {
        const queries = { a: ofA, b: ofB };
        expect(inOrder(evaluateOver(binary(a, operator, b), queries))).toEqual(
          inOrder(evaluateOver(binary(b, operator, a), queries)),
        );
      }),
    );
  });

  it('is itself when negated twice, plus 0, times 1, and minus 0', () => {
    fc.assert(
      fc.property(results(), (ofA) => {
        const same: Formula[] = [
          { kind: 'negate', of: { kind: 'negate', of: a } },
          binary(a, '+', number(0)),
          binary(number(1), '*', a),
          binary(a, '-', number(0)),
        ];
        for (const formula of same) expect(inOrder(evaluateOver(formula, { a: ofA }))).toEqual(inOrder(ofA));
      }),
    );
  });

  it('has a value or nothing at every instant, in every series', () => {
    fc.assert(
      fc.property(formulas, fc.record({ a: results(), b: results(), c: results() }), (formula, queries) => {
        const result = attempt(() => evaluateOver(formula, queries));
        if (result === 'refused') return;
        expect(result.times).toEqual([...new Set(result.times)].toSorted((one, other) => one - other));
        for (const { group, values } of result.series) {
          expect(group).toHaveLength(result.keys.length);
          expect(values).toHaveLength(result.times.length);
          expect(values.every((value) => value === null || Number.isFinite(value))).toBe(true);
        }
      }),
    );
  });

  it('is worked out over the most that a query gives', () => {
    const values = Array.from({ length: 1500 }, (_, index) => index % 7);
    const groups = Array.from({ length: MAX_SERIES }, (_, index) => [`host-${index}`, values] as const);
    const largest = grouped(['host'], Object.fromEntries(groups));
    const share = binary(call('moving_rollup', a, 10_000, 'avg'), '/', call('default_zero', b));
    expect(
      evaluateOver(call('top', share, 10, 'mean', 'desc'), { a: largest, b: largest }).series,
    ).toHaveLength(10);
  });
});

function leaf(name: string): Formula {
  return { kind: 'leaf', leaf: name };
}

function number(value: number): Formula {
  return { kind: 'number', value };
}

function binary(left: Formula, operator: Operator, right: Formula): Formula {
  return { kind: 'binary', operator, left, right };
}

function call(name: FunctionName, of: Formula, ...parameters: Parameter[]): Formula {
  return { kind: 'call', name, of, parameters };
}

function over(formula: Formula, queries: Record<string, Result>): Record<string, Values> {
  return seriesOf(evaluateOver(formula, queries));
}

function evaluateOver(formula: Formula, queries: Record<string, Result>): Result {
  return finish(evaluate(formula, (name, shift) => earlier(queries[name], shift)));
}

/** The past of generated results: what is shown differs by how far it lies back. */
function earlier(result: Result | undefined, shift: number): Result {
  if (result === undefined) throw new Error('There is no such query');
  const series = result.series.map(({ group, values }) => ({
    group,
    values: values.map((value) => (value === null ? null : value + shift / 60_000)),
  }));
  return { ...result, series };
}

function attempt(evaluating: () => Result): Result | 'refused' {
  try {
    return evaluating();
  } catch (error) {
    expect(error).toMatchObject({ name: 'QueryError' });
    return 'refused';
  }
}

const { formula: formulas } = fc.letrec<{ formula: Formula; leaf: Formula; of: Formula }>((tie) => ({
  formula: fc.oneof({ maxDepth: 4, withCrossShrink: true }, tie('leaf'), tie('of')),
  leaf: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('a', 'b', 'c').map(leaf) },
    { weight: 1, arbitrary: fc.integer({ min: -2, max: 2 }).map(number) },
    // Only over what has whole numbers, because the order of additions shows in others.
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          fc.constantFrom('a', 'b', 'c').map(leaf),
          fc.integer({ min: 1, max: 70 }),
          fc.constantFrom('avg', 'sum', 'min', 'max', 'count'),
        )
        .map(([of, seconds, method]) => call('moving_rollup', of, seconds, method)),
    },
  ),
  of: fc.oneof(
    {
      weight: 3,
      arbitrary: fc
        .tuple(tie('formula'), fc.constantFrom<Operator[]>('+', '-', '*', '/'), tie('formula'))
        .map(([left, operator, right]) => binary(left, operator, right)),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          tie('formula'),
          fc.constantFrom<[FunctionName, ...Parameter[]][]>(
            ['abs'],
            ['log2'],
            ['clamp_min', -1],
            ['clamp_max', 1],
            ['default_zero'],
            ['cumsum'],
            ['diff'],
            ['per_minute'],
            ['ewma_5'],
            ['top', 2, 'mean', 'desc'],
            ['top', 1, 'max', 'asc'],
            ['timeshift', -60],
          ),
        )
        .map(([of, [name, ...parameters]]) => call(name, of, ...parameters)),
    },
    { weight: 1, arbitrary: tie('formula').map((of): Formula => ({ kind: 'negate', of })) },
  ),
}));

/** Series by their tags, points by their instants: what a formula means, spelled out as plainly as can be. */
interface Naive {
  keys: readonly string[];
  times: readonly number[];
  step: number;
  series: NaiveSeries[];
  missing: number | null;
}

interface NaiveSeries {
  tags: Map<string, string>;
  points: Map<number, number>;
}

class Refused extends Error {
  override readonly name = 'QueryError';
}

function naively(formula: Formula, queries: Record<string, Result>): Result {
  const naive = naiveOf(formula, queries, 0);
  if (naive === null || typeof naive === 'number') throw new Refused();
  const { keys, times, step, series, missing } = naive;
  return {
    keys,
    times,
    step,
    series: series.map(({ tags, points }) => ({
      group: keys.map((key) => tags.get(key) ?? ''),
      values: times.map((time) => points.get(time) ?? null),
    })),
    missing,
  };
}

function naiveOf(formula: Formula, queries: Record<string, Result>, shift: number): Naive | number | null {
  switch (formula.kind) {
    case 'leaf':
      return naiveResult(earlier(queries[formula.leaf], shift));
    case 'number':
      return formula.value;
    case 'negate':
      return naiveCall('negate', naiveOf(formula.of, queries, shift), []);
    case 'binary':
      return naiveBinary(
        formula.operator,
        naiveOf(formula.left, queries, shift),
        naiveOf(formula.right, queries, shift),
      );
    case 'call': {
      const seconds = formula.name === 'timeshift' ? Number(formula.parameters[0]) : 0;
      return naiveCall(
        formula.name,
        naiveOf(formula.of, queries, shift - 1000 * seconds),
        formula.parameters,
      );
    }
    default:
      throw new Error('There is no such formula');
  }
}

function naiveResult({ keys, times, step, series, missing }: Result): Naive {
  const naive: NaiveSeries[] = [];
  for (const { group, values } of series) {
    const tags = new Map<string, string>();
    for (const [index, key] of keys.entries()) tags.set(key, group[index] ?? '');
    const points = new Map<number, number>();
    for (const [index, time] of times.entries()) {
      const value = values[index] ?? null;
      if (value !== null) points.set(time, value);
    }
    naive.push({ tags, points });
  }
  return { keys, times, step, series: naive, missing };
}

function naiveBinary(operator: Operator, left: Naive | number | null, right: Naive | number | null) {
  const leftIsConstant = left === null || typeof left === 'number';
  const rightIsConstant = right === null || typeof right === 'number';
  if (leftIsConstant && rightIsConstant) return naiveNumber(operator, left, right);
  if (leftIsConstant && !rightIsConstant)
    return naiveMap(right, (value) => naiveNumber(operator, left, value));
  if (!leftIsConstant && rightIsConstant)
    return naiveMap(left, (value) => naiveNumber(operator, value, right));
  if (leftIsConstant || rightIsConstant) throw new Error('This was dealt with');

  const leftHasAll = right.keys.every((key) => left.keys.includes(key));
  const rightHasAll = left.keys.every((key) => right.keys.includes(key));
  if (!leftHasAll && !rightHasAll) throw new Refused();
  const keys = leftHasAll ? left.keys : right.keys;
  const times = [...new Set([...left.times, ...right.times])].toSorted((one, other) => one - other);

  const candidates: Map<string, string>[] = [];
  for (const { tags } of [...left.series, ...right.series]) {
    const known = candidates.some((candidate) => agree(candidate, tags) && candidate.size === tags.size);
    if (tags.size === keys.length && !known) candidates.push(tags);
  }
  const series: NaiveSeries[] = [];
  for (const tags of candidates) {
    const ofLeft = left.series.find((each) => agree(tags, each.tags));
    const ofRight = right.series.find((each) => agree(tags, each.tags));
    if (ofLeft === undefined && left.missing === null) continue;
    if (ofRight === undefined && right.missing === null) continue;
    const points = new Map<number, number>();
    for (const time of times) {
      const leftPoint = ofLeft?.points.get(time);
      const rightPoint = ofRight?.points.get(time);
      if (leftPoint === undefined && rightPoint === undefined) continue;
      const value = naiveNumber(operator, leftPoint ?? left.missing, rightPoint ?? right.missing);
      if (value !== null) points.set(time, value);
    }
    series.push({ tags, points });
  }
  const missing = naiveNumber(operator, left.missing, right.missing);
  return { keys, times, step: Math.min(left.step, right.step), series, missing };
}

/** Whether a group has all the tags of another. */
function agree(tags: Map<string, string>, others: Map<string, string>): boolean {
  return [...others].every(([key, value]) => tags.get(key) === value);
}

function naiveNumber(operator: Operator, left: number | null, right: number | null): number | null {
  if (left === null || right === null) return null;
  let outcome = left / right;
  if (operator === '+') outcome = left + right;
  if (operator === '-') outcome = left - right;
  if (operator === '*') outcome = left * right;
  return Number.isFinite(outcome) ? outcome : null;
}

function naiveMap(of: Naive, change: (value: number) => number | null): Naive {
  const series: NaiveSeries[] = [];
  for (const { tags, points } of of.series) {
    const changed = new Map<number, number>();
    for (const [time, value] of points) {
      const outcome = change(value);
      if (outcome !== null && Number.isFinite(outcome)) changed.set(time, outcome);
    }
    series.push({ tags, points: changed });
  }
  const missing = of.missing === null ? null : change(of.missing);
  return { ...of, series, missing: missing !== null && Number.isFinite(missing) ? missing : null };
}

function naiveCall(
  name: FunctionName | 'negate',
  of: Naive | number | null,
  [first, second = 'mean', third = 'desc']: readonly Parameter[],
): Naive | number | null {
  if (name === 'timeshift') return of;
  const parameter = Number(first);
  const moments: Partial<Record<FunctionName | 'negate', (value: number) => number>> = {
    negate: (value) => 0 - value,
    abs: (value) => (value < 0 ? -value : value),
    log2: (value) => Math.log2(value),
    clamp_min: (value) => (value < parameter ? parameter : value),
    clamp_max: (value) => (value > parameter ? parameter : value),
  };
  const moment = moments[name];
  if (of === null || typeof of === 'number') {
    if (name === 'default_zero') return of ?? 0;
    if (moment === undefined) throw new Refused();
    return of !== null && Number.isFinite(moment(of)) ? moment(of) : null;
  }
  if (moment !== undefined) return naiveMap(of, moment);
  if (name === 'default_zero') return naiveZeros(of);
  if (name === 'top') return naiveTop(of, parameter, second, third);
  return {
    ...of,
    series: of.series.map((each) => naiveOverTime(name, each, of.times, parameter, second)),
    missing: null,
  };
}

function naiveZeros(of: Naive): Naive {
  const nothing = { tags: new Map<string, string>(), points: new Map<number, number>() };
  const all = of.keys.length === 0 && of.series.length === 0 ? [nothing] : of.series;
  const series = all.map(({ tags, points }) => ({
    tags,
    points: new Map(of.times.map((time) => [time, points.get(time) ?? 0])),
  }));
  return { ...of, series, missing: 0 };
}

/** Takes the best one of what is left, so many times. */
function naiveTop(of: Naive, count: number, by: Parameter, order: Parameter): Naive {
  const left = [...of.series];
  const series: NaiveSeries[] = [];
  while (left.length > 0 && series.length < count) {
    const best = left.reduce((one, other) => (isBetter(other, one, of.keys, by, order) ? other : one));
    series.push(best);
    left.splice(left.indexOf(best), 1);
  }
  return { ...of, series, missing: null };
}

function isBetter(
  one: NaiveSeries,
  other: NaiveSeries,
  keys: readonly string[],
  by: Parameter,
  order: Parameter,
): boolean {
  const score = ({ points }: NaiveSeries) => {
    if (points.size === 0) return undefined;
    if (by === 'max') return Math.max(...points.values());
    let total = 0;
    for (const value of points.values()) total += value;
    return total / points.size;
  };
  const mine = score(one);
  const theirs = score(other);
  const group = ({ tags }: NaiveSeries) => keys.map((key) => tags.get(key)).join();
  if (mine === theirs) return group(one) < group(other);
  if (mine === undefined || theirs === undefined) return theirs === undefined;
  return order === 'desc' ? mine > theirs : mine < theirs;
}

function naiveOverTime(
  name: FunctionName | 'negate',
  { tags, points }: NaiveSeries,
  times: readonly number[],
  parameter: number,
  method: Parameter,
): NaiveSeries {
  const outcome = new Map<number, number>();
  const before: [time: number, value: number][] = [];
  let average = 0;
  // A window may have points although its last instant has none.
  const instants = name === 'moving_rollup' ? times : points.keys();
  for (const time of instants) {
    const value = points.get(time) ?? 0;
    const previous = before.at(-1);
    before.push([time, value]);
    average = previous === undefined ? value : value * (1 / 3) + average * (1 - 1 / 3);
    if (name === 'ewma_5') outcome.set(time, average);
    if (name === 'cumsum')
      outcome.set(
        time,
        before.reduce((total, [, each]) => total + each, 0),
      );
    if (name === 'diff' && previous !== undefined) outcome.set(time, value - previous[1]);
    if (name === 'per_minute' && previous !== undefined) {
      outcome.set(time, (value - previous[1]) / ((time - previous[0]) / 1000 / 60));
    }
    if (name !== 'moving_rollup') continue;
    const window = [...points]
      .filter(([at]) => at > time - 1000 * parameter && at <= time)
      .map(([, each]) => each);
    if (window.length === 0) continue;
    const sum = window.reduce((total, each) => total + each, 0);
    if (method === 'count') outcome.set(time, window.length);
    if (method === 'sum') outcome.set(time, sum);
    if (method === 'avg') outcome.set(time, sum / window.length);
    if (method === 'min') outcome.set(time, Math.min(...window));
    if (method === 'max') outcome.set(time, Math.max(...window));
  }
  return { tags, points: outcome };
}
