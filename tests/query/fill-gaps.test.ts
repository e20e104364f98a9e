import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillGaps } from '../../src/query/fill-gaps.ts';
import type { Fill } from '../../src/query/metrics-query.ts';
import type { Values } from '../../src/query/result.ts';
import { finish } from '../support/finish.ts';
import { alone, results, seriesOf } from '../support/results.ts';

const METHODS: Fill['method'][] = ['null', 'zero', 'linear', 'last'];

describe('a series with a point every 10 seconds, and gaps', () => {
  it.each<[Fill['method'], number, Values, Values]>([
    ['null', 300, [1, null, 3, null], [1, null, 3, null]],
    ['linear', 300, [1, null, null, 4], [1, 2, 3, 4]],
    ['last', 300, [1, null, null, 4], [1, 1, 1, 4]],
    ['zero', 300, [1, null, null, 4], [1, 0, 0, 4]],
    ['linear', 30, [1, null, null, 4], [1, 2, 3, 4]],
    ['linear', 29, [1, null, null, 4], [1, null, null, 4]],
    ['last', 29, [1, null, null, 4], [1, null, null, 4]],
    ['zero', 29, [1, null, null, 4], [1, null, null, 4]],
    ['linear', 20, [null, 4, null, null], [null, 4, null, null]],
    ['last', 20, [null, 4, null, null, null], [null, 4, 4, 4, null]],
    ['zero', 20, [null, 4, null, null, null], [null, 4, 0, 0, null]],
    ['last', 5, [null, 4, null, null, null], [null, 4, null, null, null]],
    ['last', 300, [null, null], [null, null]],
    ['linear', 20, [0, null, 4, null, null, 7, null, 3], [0, 2, 4, null, null, 7, 5, 3]],
  ])('filled with %s in %d seconds: %j is %j', (method, seconds, values, expected) => {
    expect(seriesOf(finish(fillGaps(alone(values), { method, seconds })))).toEqual({ '': expected });
  });

  it('keeps its points, and gets none that are beyond the others', () => {
    fc.assert(
      fc.property(
        results(),
        fc.constantFrom(...METHODS),
        fc.integer({ min: 0, max: 90 }),
        (result, method, seconds) => {
          const filled = finish(fillGaps(result, { method, seconds }));
          for (const [index, { values }] of result.series.entries()) {
            const after = filled.series[index]?.values ?? [];
            const points = values.filter((value) => value !== null);
            expect(after).toHaveLength(values.length);
            expect(after.map((value, at) => (values[at] === null ? null : value))).toEqual(values);
            for (const value of after) {
              if (value === null) continue;
              expect(value).toBeGreaterThanOrEqual(Math.min(0, ...points));
              expect(value).toBeLessThanOrEqual(Math.max(0, ...points));
            }
          }
        },
      ),
    );
  });
});
