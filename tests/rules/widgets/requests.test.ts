import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMetricsForm, writeMetricsForm } from '../../../src/query/metrics-form.ts';
import { AGGREGATORS, parseMetricsQuery } from '../../../src/query/metrics-query.ts';
import { queriesOf, textOf, withQueries } from '../../../src/rules/widgets/definition.ts';
import { drawnFormulas, requestFor } from '../../../src/rules/widgets/requests.ts';

const RANGE = { from: 1_000, to: 61_000, interval: 10_000 };
const metrics = (name: string, query: string, more = {}) => ({
  name,
  data_source: 'metrics',
  query,
  ...more,
});
const widget = (type: string, queries: object[], formulas?: object[]) => ({
  type,
  requests: [{ queries, ...(formulas && { formulas }) }],
});

const A = metrics('a', 'sum:x{*}.as_count()', { cross_org_uuids: ['1'] });
const B = metrics('b', 'avg:y{*}');

describe('the request of a widget', () => {
  it('has its formulas and the queries that they use', () => {
    const definition = widget(
      'timeseries',
      [A, B],
      [{ formula: '2 * a', alias: 'Twice', limit: { count: 3 } }],
    );
    expect(requestFor(definition, RANGE)).toEqual({
      type: 'timeseries',
      formulas: [0],
      body: {
        data: {
          type: 'timeseries_request',
          attributes: { ...RANGE, formulas: [{ formula: '2 * a', limit: { count: 3 } }], queries: [A] },
        },
      },
    });
  });

  it('asks for each query if there are no formulas, and names queries by their position', () => {
    const { name: _, ...unnamed } = B;
    const request = requestFor(widget('timeseries', [A, unnamed]), RANGE);
    expect(request?.body.data.attributes).toMatchObject({
      formulas: [{ formula: 'a' }, { formula: 'query2' }],
      queries: [{ name: 'a' }, { name: 'query2' }],
    });
  });

  it('asks for one value per group, without an interval, unless it draws time', () => {
    const request = requestFor(
      widget('toplist', [A, B, metrics('c', 'avg:z{*}', { aggregator: 'max' })]),
      RANGE,
    );
    expect(request?.type).toBe('scalar');
    expect(request?.body.data.type).toBe('scalar_request');
    expect(request?.body.data.attributes).not.toHaveProperty('interval');
    expect(request?.body.data.attributes.queries).toMatchObject([
      { aggregator: 'sum' },
      { aggregator: 'avg' },
      { aggregator: 'max' },
    ]);
  });

  it('can leave out formulas, and keeps the indexes of the others', () => {
    const definition = widget(
      'timeseries',
      [A, B],
      [{ formula: 'a' }, { formula: 'b' }, { formula: 'a + b' }],
    );
    expect(requestFor(definition, RANGE, [1])).toMatchObject({
      formulas: [1],
      body: { data: { attributes: { formulas: [{ formula: 'b' }], queries: [B] } } },
    });
  });

  it('leaves out formulas that cannot be read, or name a query that does not exist', () => {
    const definition = widget(
      'timeseries',
      [A],
      [{ formula: 'a +' }, { formula: 'z' }, { formula: '1' }, {}, { formula: 'a' }],
    );
    expect(drawnFormulas(definition).map((drawn) => drawn !== undefined)).toEqual([
      false,
      false,
      false,
      false,
      true,
    ]);
    expect(requestFor(definition, RANGE)?.formulas).toEqual([4]);
    expect(requestFor(widget('timeseries', []), RANGE)).toBeUndefined();
  });

  it('leaves out formulas of queries with mistakes, or of other data sources', () => {
    const wrong = [metrics('b', 'avg:y{'), metrics('c', ''), { name: 'd', data_source: 'rum' }];
    const formulas = ['a', 'b', 'c', 'd', 'a + b'].map((formula) => ({ formula }));
    expect(requestFor(widget('timeseries', [A, ...wrong], formulas), RANGE)?.formulas).toEqual([0]);
    expect(requestFor(widget('timeseries', [A, ...wrong]), RANGE)?.formulas).toEqual([0]);
  });

  it('asks for the same queries after a form has read and written each of them', () => {
    const texts = fc
      .record({
        aggregator: fc.constantFrom(...AGGREGATORS),
        scope: fc.constantFrom('*', 'env:prod', 'env:prod,!host:web-*', 'a:b OR NOT (c:d)'),
        by: fc.constantFrom('', ' by {host}', ' by {host, env}'),
        rest: fc.constantFrom('', '.as_count()', '.rollup(60)', '.as_rate().fill(zero, 60)'),
        around: fc.constantFrom('', 'abs', 'cumsum', 'week_before'),
      })
      .map(({ aggregator, scope, by, rest, around }) => {
        const text = `${aggregator}:my.metric{${scope}}${by}${rest}`;
        return around === '' ? text : `${around}(${text})`;
      });
    fc.assert(
      fc.property(fc.array(texts, { minLength: 1, maxLength: 5 }), (all) => {
        const definition = widget(
          'timeseries',
          all.map((text, index) => metrics(`q${index}`, text, { style: index })),
        );
        const edited = withQueries(
          definition,
          queriesOf(definition).map((query) => {
            const form = readMetricsForm(textOf(query.query));
            return form === undefined ? {} : { ...query, query: writeMetricsForm(form) };
          }),
        );
        const again: typeof edited = JSON.parse(JSON.stringify(edited));
        expect(meaning(again)).toEqual(meaning(definition));
      }),
    );
  });
});

/** The request of a widget with its queries parsed. */
function meaning(definition: Parameters<typeof requestFor>[0]) {
  const attributes = requestFor(definition, RANGE)?.body.data.attributes;
  return {
    ...attributes,
    queries: queriesOf({ requests: [attributes] }).map((query) => ({
      ...query,
      query: parseMetricsQuery(textOf(query.query)),
    })),
  };
}
