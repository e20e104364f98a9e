import { describe, expect, it } from 'vitest';
import { scalarsOf, tableOf, timeseriesOf } from '../../../src/rules/widgets/results.ts';

describe('the result of a widget', () => {
  it('combines series of several answers over all their times', () => {
    const one = {
      request: { formulas: [1] },
      answer: {
        times: [10, 20],
        values: [[1, 2]],
        series: [{ group_tags: ['service:web'], query_index: 0, unit: null }],
      },
    };
    const other = {
      request: { formulas: [0] },
      answer: {
        times: [20, 30],
        values: [[3, null]],
        series: [{ group_tags: [], query_index: 0, unit: null }],
      },
    };
    expect(timeseriesOf([one, other])).toEqual({
      times: [10, 20, 30],
      series: [
        { formula: 0, tags: [], values: [null, 3, null] },
        { formula: 1, tags: ['service:web'], values: [1, 2, null] },
      ],
    });
    expect(timeseriesOf([])).toEqual({ times: [], series: [] });
  });

  it('has one value for each group and formula', () => {
    const meta = { unit: null };
    const values = scalarsOf([
      {
        request: { formulas: [2] },
        answer: {
          columns: [
            { name: 'service', type: 'group', values: [['web'], ['api']] },
            { name: 'a', type: 'number', values: [1, 2], meta },
          ],
        },
      },
      {
        request: { formulas: [0, 1] },
        answer: {
          columns: [
            { name: 'service', type: 'group', values: [['api']] },
            { name: 'b', type: 'number', values: [3], meta },
            { name: 'c', type: 'number', values: [null], meta },
          ],
        },
      },
    ]);
    expect(values).toEqual([
      { formula: 0, tags: ['service:api'], value: 3 },
      { formula: 1, tags: ['service:api'], value: null },
      { formula: 2, tags: ['service:web'], value: 1 },
      { formula: 2, tags: ['service:api'], value: 2 },
    ]);
    expect(tableOf(values, 3)).toEqual([
      { tags: ['service:api'], values: [3, null, 2] },
      { tags: ['service:web'], values: [null, null, 1] },
    ]);
  });
});
