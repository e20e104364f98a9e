import { describe, expect, it } from 'vitest';
import { faultOfFormula, faultsOf } from '../../../src/rules/widgets/faults.ts';
import type { JsonObject } from '../../../src/rules/widgets/definition.ts';

describe('the faults of a query', () => {
  it.each<[string, JsonObject, unknown[]]>([
    ['a correct metrics query', { data_source: 'metrics', query: 'avg:a{*}' }, []],
    [
      'a metrics query',
      { data_source: 'metrics', query: 'avg:a{*' },
      [['query', 'position 8: expected a closing brace, found the end']],
    ],
    [
      'an absent metrics query',
      { data_source: 'metrics' },
      [['query', expect.stringMatching(/^position 1: /)]],
    ],
    ['an empty events query', { data_source: 'logs' }, []],
    [
      'a search',
      { data_source: 'logs', search: { query: '(a' } },
      [['search', expect.stringMatching(/^position 3: /)]],
    ],
    [
      'a measure and a facet',
      {
        data_source: 'logs',
        compute: { aggregation: 'avg', metric: '' },
        group_by: [{ facet: 'a' }, { facet: '@' }],
      },
      [
        ['metric', expect.stringMatching(/^position 1: /)],
        ['group_by', expect.stringMatching(/^position 1: /)],
      ],
    ],
  ])('are those of %s', (_, query, faults) => {
    expect(faultsOf(query).map(({ part, fault }) => [part, fault])).toEqual(faults);
  });
});

describe('the fault of a formula', () => {
  it.each([
    ['a + b', undefined],
    ['a +', 'position 4: expected the name of a query, a number or a function, found the end'],
    ['a + c', 'position 5: there is no query called "c", only a, b'],
    ['1 + 2', 'names no query'],
  ])('%s: %s', (formula, fault) => {
    expect(faultOfFormula(formula, ['a', 'b'])).toBe(fault);
  });
});
