import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Values } from '../../src/query/result.ts';
import {
  limitSeries,
  reduceTo,
  SCALAR_AGGREGATORS,
  type ScalarAggregator,
} from '../../src/query/summaries.ts';
import { finish } from '../support/finish.ts';
import { alone, grouped, results, seriesOf } from '../support/results.ts';

describe('a series with a point every 10 seconds as one number', () => {
  it.each<[ScalarAggregator, Values, number]>([
    ['avg', [1, null, 2, 6], 3],
    ['mean', [1, null, 2, 6], 3],
    ['min', [4, null, -2, 6], -2],
    ['max', [4, null, 6, -2], 6],
    ['sum', [1, null, 2, 6], 9],
    ['last', [1, 2, 6, null], 6],
    ['l2norm', [3, null, 4], 5],
    ['area', [1, null, 2, 6], 90],
  ])('%s of %j is %d', (aggregator, values, expected) => {
    expect(seriesOf(finish(reduceTo(alone(values), aggregator)))).toEqual({ '': [expected] });
  });

  it.each(SCALAR_AGGREGATORS)('has no %s without points, nor beyond all numbers', (aggregator) => {
    const services = grouped(['service'], { idle: [null, null], endless: [1e308, 1e308] });
    const expected = ['min', 'max', 'last'].includes(aggregator) ? { endless: [1e308] } : {};
    expect(seriesOf(finish(reduceTo(services, aggregator)))).toEqual(expected);
  });

  it('stands at the first instant, for the whole span', () => {
    expect(finish(reduceTo(alone([1, 2, 3], { from: 20, missing: 0 }), 'sum'))).toEqual({
      keys: [],
      times: [20_000],
      step: 30_000,
      series: [{ group: [], values: [6] }],
      missing: 0,
    });
  });

  it('stands where others stand', () => {
    expect(finish(reduceTo(alone([1, 2, 3]), 'sum', 5)).times).toEqual([5]);
  });

  it('is nothing if there are no instants', () => {
    expect(finish(reduceTo(alone([]), 'sum'))).toEqual({ ...alone([]), series: [] });
  });

  it('stays the same when it is summarized again', () => {
    fc.assert(
      fc.property(results(), fc.constantFrom('avg', 'min', 'max', 'sum', 'last'), (result, aggregator) => {
        const once = finish(reduceTo(result, aggregator));
        expect(finish(reduceTo(once, aggregator))).toEqual(once);
      }),
    );
  });
});

describe('a limit', () => {
  const services = grouped(['service'], { web: [1, null], db: [2, 4], cache: [5, 0], idle: [null, null] });

  it('keeps the greatest, greatest first', () => {
    expect(finish(limitSeries(services, { count: 2 })).series.map(({ group }) => group.join())).toEqual([
      'db',
      'cache',
    ]);
  });

  it('keeps the least, least first', () => {
    expect(
      finish(limitSeries(services, { count: 9, order: 'asc' })).series.map(({ group }) => group.join()),
    ).toEqual(['web', 'cache', 'db', 'idle']);
  });

  it('after another is the smaller one of them', () => {
    const counts = fc.integer({ min: 0, max: 6 });
    fc.assert(
      fc.property(results(), counts, counts, fc.constantFrom('asc', 'desc'), (result, one, other, order) => {
        expect(
          finish(limitSeries(finish(limitSeries(result, { count: one, order })), { count: other, order })),
        ).toEqual(finish(limitSeries(result, { count: Math.min(one, other), order })));
      }),
    );
  });
});
