import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  displayOf,
  formulasOf,
  type JsonObject,
  kindOf,
  nextName,
  queriesOf,
  WIDGET_KINDS,
  withDisplay,
  withFormulas,
  withKind,
  withQueries,
} from '../../../src/rules/widgets/definition.ts';

/** The example of the original documentation, with members that no form knows. */
const EXAMPLE: JsonObject = {
  viz: 'timeseries',
  requests: [
    {
      style: { palette: 'dog_classic', type: 'solid', width: 'normal' },
      type: 'line',
      formulas: [{ formula: 'query2 + query1' }],
      queries: [
        {
          name: 'query2',
          data_source: 'metrics',
          query: 'sum:datadog.estimated_usage.events.ingested_events{env:prod} by {service}.as_count()',
          cross_org_uuids: ['6434abde-xxxx-yyyy-zzzz-da7ad0900001'],
        },
        { name: 'query1', data_source: 'metrics', query: 'avg:a{*}' },
      ],
      response_format: 'timeseries',
    },
    { q: 'a second request' },
  ],
  yaxis: { scale: 'log' },
};

describe('a widget', () => {
  it('is read from the JSON of the original documentation', () => {
    expect(kindOf(EXAMPLE)).toBe('timeseries');
    expect(displayOf(EXAMPLE)).toBe('line');
    expect(queriesOf(EXAMPLE).map(({ name }) => name)).toEqual(['query2', 'query1']);
    expect(formulasOf(EXAMPLE)).toEqual([{ formula: 'query2 + query1' }]);
  });

  it('keeps all other members and their order when the form changes it', () => {
    const changed = withDisplay(withFormulas(EXAMPLE, [{ formula: 'query1' }]), 'bars');
    const expected = JSON.stringify(EXAMPLE)
      .replace('"type":"line"', '"type":"bars"')
      .replace('query2 + query1', 'query1');
    expect(JSON.stringify(changed)).toBe(expected);
  });

  it('changes its kind, and aggregates metrics over time where it has one value', () => {
    const value = withKind(EXAMPLE, 'query_value');
    expect(kindOf(value)).toBe('query_value');
    expect(value.requests).toMatchObject([{ response_format: 'scalar' }, { q: 'a second request' }]);
    expect(queriesOf(value).map(({ aggregator }) => aggregator)).toEqual(['sum', 'avg']);
    expect(withKind(value, 'timeseries').requests).toMatchObject([{ response_format: 'timeseries' }, {}]);
  });

  it.each([
    {},
    { requests: null },
    { requests: [null] },
    { requests: [{ queries: 'x', formulas: 1 }] },
    { type: 'note' },
  ])('has no queries in %j', (definition) => {
    expect(queriesOf(definition)).toEqual([]);
    expect(formulasOf(definition)).toEqual([]);
    expect(kindOf(definition)).toBeUndefined();
  });

  it('names further queries a, b, c', () => {
    expect(nextName([])).toBe('a');
    expect(nextName([{ name: 'a' }, { name: 'c' }, {}])).toBe('b');
    const letters = 'abcdefghijklmnopqrstuvwxyz'.split('').map((name) => ({ name }));
    expect(nextName(letters)).toBe('query27');
  });

  it('is the same after each part was written back as it was read', () => {
    const definitions = fc.record({
      type: fc.constantFrom(...WIDGET_KINDS),
      requests: fc.array(
        fc.record({
          queries: fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 3 }),
          formulas: fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1, maxLength: 3 }),
          display_type: fc.constantFrom('line', 'area', 'bars'),
          style: fc.jsonValue(),
        }),
        { minLength: 1, maxLength: 2 },
      ),
      rest: fc.jsonValue(),
    });
    fc.assert(
      fc.property(definitions, (definition) => {
        const again = withDisplay(
          withFormulas(withQueries(definition, queriesOf(definition)), formulasOf(definition)),
          displayOf(definition),
        );
        expect(again).toEqual(definition);
      }),
    );
  });
});
