import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Parameter } from '../../src/query/expression.ts';
import type { FunctionName } from '../../src/query/functions.ts';
import type { Values } from '../../src/query/result.ts';
import { applyToResult } from '../../src/query/series-functions.ts';
import { finish } from '../support/finish.ts';
import { alone, grouped, results, seriesOf } from '../support/results.ts';

describe('a function of a series with a point every 10 seconds', () => {
  it.each<[FunctionName, Parameter[], Values, Values]>([
    ['abs', [], [-1, null, 2], [1, null, 2]],
    ['log2', [], [8, 1, 0, -1, null], [3, 0, null, null, null]],
    ['log10', [], [1000, 1, 0, -1, null], [3, 0, null, null, null]],
    ['cumsum', [], [1, null, 2, -3], [1, null, 3, 0]],
    ['cumsum', [], [1e308, 1e308, 1], [1e308, null, null]],
    ['diff', [], [1, 4, 2], [null, 3, -2]],
    ['diff', [], [null, 1, null, null, 4], [null, null, null, null, 3]],
    ['derivative', [], [0, 30, 10], [null, 3, -2]],
    ['derivative', [], [0, null, 30], [null, null, 1.5]],
    ['per_second', [], [0, 30, 10], [null, 3, -2]],
    ['per_minute', [], [0, 30, 10], [null, 180, -120]],
    ['per_hour', [], [0, 30, 10], [null, 10_800, -7200]],
    ['ewma_5', [], [3, 6, null, 4], [3, 4, null, 4]],
    ['moving_rollup', [20, 'avg'], [1, 3, 5, null], [1, 2, 4, 5]],
    ['moving_rollup', [20, 'avg'], [1, 3, null, null, 7], [1, 2, 3, null, 7]],
    ['moving_rollup', [20, 'sum'], [1, 3, 5, null], [1, 4, 8, 5]],
    ['moving_rollup', [30, 'min'], [1, 3, 5, 4], [1, 1, 1, 3]],
    ['moving_rollup', [30, 'max'], [5, 3, 1, 0], [5, 5, 5, 3]],
    ['moving_rollup', [20, 'count'], [1, 3, null, null, 7], [1, 2, 1, null, 1]],
    ['moving_rollup', [1, 'sum'], [1, null, 5], [1, null, 5]],
    ['moving_rollup', [15, 'sum'], [1, 2, 5], [1, 3, 7]],
    ['moving_rollup', [1000, 'sum'], [1, 2, 5], [1, 3, 8]],
    ['default_zero', [], [1, null, 5], [1, 0, 5]],
    ['clamp_min', [2], [1, null, 5], [2, null, 5]],
    ['clamp_max', [2], [1, null, 5], [1, null, 2]],
    ['timeshift', [-60], [1, null, 5], [1, null, 5]],
  ])('%s%j of %j is %j', (name, parameters, values, expected) => {
    expect(seriesOf(finish(applyToResult(name, alone(values), parameters)))).toEqual({ '': expected });
  });

  it('rates what lies between points of different intervals by the time between them', () => {
    const mixed = { ...alone([0, 10, 20]), times: [0, 1000, 11_000] };
    expect(seriesOf(finish(applyToResult('derivative', mixed, [])))).toEqual({ '': [null, 10, 1] });
  });
});

describe('default_zero', () => {
  it('shows zeros for a query that found nothing', () => {
    const nothing = { ...alone([null, null]), series: [] };
    expect(finish(applyToResult('default_zero', nothing, []))).toMatchObject({
      series: [{ group: [], values: [0, 0] }],
      missing: 0,
    });
  });

  it('invents no groups', () => {
    const nothing = { ...grouped(['service'], {}), series: [] };
    expect(finish(applyToResult('default_zero', nothing, [])).series).toEqual([]);
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(results(), (result) => {
        const once = finish(applyToResult('default_zero', result, []));
        expect(finish(applyToResult('default_zero', once, []))).toEqual(once);
      }),
    );
  });
});

describe('functions that undo one another', () => {
  it('are cumsum and diff, but for the first point', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: -9, max: 9 }))), (values) => {
        const [series] = finish(
          applyToResult('diff', finish(applyToResult('cumsum', alone(values), [])), []),
        ).series;
        const first = values.findIndex((value) => value !== null);
        expect(series?.values.map((value) => (value === null ? null : value + 0))).toEqual(
          values.map((value, index) => (index === first ? null : value)),
        );
      }),
    );
  });
});

describe('top', () => {
  const services = grouped(['service'], {
    web: [1, 9, 2],
    db: [5, 5, 5],
    cache: [null, -8, null],
    queue: [5, 5, 5],
    idle: [null, null, null],
  });
  it.each<[Parameter[], string[]]>([
    [[1, 'mean', 'desc'], ['db']],
    [
      [2, 'mean', 'desc'],
      ['db', 'queue'],
    ],
    [
      [9, 'mean', 'desc'],
      ['db', 'queue', 'web', 'cache', 'idle'],
    ],
    [
      [9, 'mean', 'asc'],
      ['cache', 'web', 'db', 'queue', 'idle'],
    ],
    [
      [2, 'max', 'desc'],
      ['web', 'db'],
    ],
    [
      [2, 'min', 'asc'],
      ['cache', 'web'],
    ],
    [
      [2, 'last', 'asc'],
      ['cache', 'web'],
    ],
    [
      [3, 'sum', 'desc'],
      ['db', 'queue', 'web'],
    ],
    [
      [3, 'area', 'desc'],
      ['db', 'queue', 'web'],
    ],
    [
      [4, 'l2norm', 'desc'],
      ['web', 'db', 'queue', 'cache'],
    ],
  ])('%j of services: %j', (parameters, expected) => {
    const top = finish(applyToResult('top', services, parameters));
    expect(top.series.map(({ group }) => group.join())).toEqual(expected);
  });

  it('keeps so many of the series, as they were', () => {
    fc.assert(
      fc.property(results(), fc.integer({ min: 1, max: 5 }), (result, count) => {
        const { series } = finish(applyToResult('top', result, [count, 'mean', 'desc']));
        expect(series).toHaveLength(Math.min(count, result.series.length));
        expect(new Set(series).size).toBe(series.length);
        for (const each of series) expect(result.series).toContain(each);
      }),
    );
  });
});
