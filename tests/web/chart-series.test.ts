import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looksOf, stacked } from '../../src/web/ui/chart-series.ts';

describe('the look of a series', () => {
  it('is its own, for up to 32 series', () => {
    const ids = Array.from({ length: 32 }, (_, index) => `service:${index}`);
    const looks = [...looksOf(ids).values()].map(({ color, dash }) => `${color} ${dash.join()}`);
    expect(new Set(looks).size).toBe(32);
  });

  it('does not depend on the order of the series', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { maxLength: 60 }), (ids) => {
        expect(looksOf(ids.toReversed())).toEqual(new Map([...looksOf(ids)].toReversed()));
      }),
    );
  });

  it('is the same when the page is opened again', () => {
    expect(looksOf(['service:web'])).toEqual(new Map([['service:web', { color: 5, dash: [] }]]));
  });
});

describe('a stack', () => {
  it('adds up series, a missing point as 0', () => {
    expect(stacked([series([1, null, 3]), series([10, 20, null])])).toEqual([
      [1, 0, 3],
      [11, 20, 3],
    ]);
  });
});

function series(values: (number | null)[]) {
  return { id: '', label: '', look: { color: 1, dash: [] }, values };
}
