import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type EventFilter, printEventsSearch } from '../../../src/query/events-search.ts';
import { type Facet } from '../../../src/query/facet.ts';
import { printTagFilter, type TagFilter } from '../../../src/query/tag-filter.ts';
import { adminKeys, ORG } from '../../support/account.ts';
import { createTestApp } from '../../support/app.ts';
import { describeOnBothDatabases } from '../../support/databases.ts';
import {
  askForSeries,
  askForTable,
  HOUR_START,
  scalarRequest,
  sendLogs,
  sendSeries,
  timeseriesRequest,
} from '../../support/telemetry.ts';
import { filtersOver, hostileTexts, patterns, words } from '../../query/arbitrary.ts';
import { setUpApp } from '../../support/setup-app.ts';

const DAY_MS = 24 * 3_600_000;
const INVALID = 'Validation failed for input.';
const LAST_MOMENT = 253_402_300_799_999;

const metric = (query: string, name = 'a') => ({ data_source: 'metrics', name, query });
const logs = (rest: object = {}) => ({
  data_source: 'logs',
  name: 'a',
  compute: { aggregation: 'count' },
  ...rest,
});
const search = (query: string) => logs({ search: { query } });
const measured = (aggregation: string, measure = '@n') => logs({ compute: { aggregation, metric: measure } });
const formulas = (...all: string[]) => ({ formulas: all.map((formula) => ({ formula })) });
const A = metric('sum:load{*}');
const B = metric('sum:load{*}', 'b');
const since = (hours: number) => `from=${HOUR_START / 1000 - hours * 3600}`;
const decadeBefore = (of: string) => `timeshift(${of}, -315360000)`;
const deep = (of: string) => Array.from({ length: 99 }).reduce<string>(decadeBefore, of);

const anyFacet: fc.Arbitrary<Facet> = fc.record({ kind: fc.constantFrom('attribute', 'tag'), name: words });
const anyCondition: fc.Arbitrary<Extract<EventFilter, { kind: 'text' | 'facet' }>> = fc.oneof(
  fc.record({
    kind: fc.constant('text' as const),
    words: fc.array(
      patterns.filter((pattern) => !/\s/.test(pattern)),
      { minLength: 1, maxLength: 3 },
    ),
  }),
  fc.record({ kind: fc.constant('facet' as const), facet: anyFacet, pattern: patterns }),
);
const anyTag: fc.Arbitrary<Extract<TagFilter, { kind: 'tag' }>> = fc.record({
  kind: fc.constant('tag' as const),
  pattern: patterns,
});

describeOnBothDatabases('Queries', (open) => {
  const app = setUpApp({}, open);

  beforeAll(async () => {
    await sendSeries(
      app,
      'production',
      { metric: 'load', tags: ['env:prod'], points: { 0: 1, 60: 2 } },
      ...Array.from({ length: 501 }, (_, index) => ({
        metric: 'many',
        tags: [`n:${index}`, `half:${index % 2}`],
        points: { 0: 1 },
      })),
      { metric: 'large', tags: ['n:1'], points: { 0: 1.7e308 } },
      { metric: 'large', tags: ['n:2'], points: { 0: 1.7e308 } },
      { metric: 'large', tags: ['n:3'], points: { 60: -1.7e308 } },
      { metric: 'larger', points: { 0: 1.7e308, 20: 1.7e308 } },
      { metric: 'tiny', type: 'count', points: { 0: 5e-324 } },
    );
    await sendLogs(app, 'production', {
      1: { n: 1.7e308, id: 'x' },
      2: { n: 1.7e308, id: 'y' },
      3: { n: -1.7e308, id: 'z' },
      4: { id: 'z' },
    });
    await sendSeries(app, 'staging', { metric: 'load', points: { 0: 1000 } });
  });

  const series = (queries: readonly object[], attributes: object = {}) =>
    app.call(
      'POST',
      '/api/v2/query/timeseries',
      adminKeys('production'),
      timeseriesRequest(queries, attributes),
    );
  const scalar = (queries: readonly object[], attributes: object = {}) =>
    app.call('POST', '/api/v2/query/scalar', adminKeys('production'), scalarRequest(queries, attributes));

  const suggested = (path: string) => app.call('GET', path, adminKeys('production'));

  describe('are refused with the fault of', () => {
    it.each<[string, object[], object, string[]]>([
      [
        'a metrics query',
        [metric('sum:load{env:prod')],
        {},
        ['Query "a", position 18: expected a closing brace, found the end'],
      ],
      [
        'a metrics query that calls nothing a function',
        [A, metric('tops(sum:load{*}, 5)', 'b')],
        {},
        ['Query "b", position 1: unknown function "tops", did you mean "top"?'],
      ],
      ['a metrics query without a metric', [metric('1 + 2')], {}, ['Query "a" names no metric']],
      [
        'a metrics query whose groups do not meet',
        [metric('sum:load{*} by {env} / sum:load{*} by {host}')],
        {},
        ['Query "a": cannot combine series grouped by env with series grouped by host'],
      ],
      [
        'a function of a number',
        [metric('sum:load{*} + cumsum(1)')],
        {},
        ['Query "a": cumsum needs a query'],
      ],
      ['a search', [search('a OR')], {}, ['Query "a", search, position 5: expected a term, found the end']],
      [
        'a search without a value',
        [{ ...search('@n:'), name: 'requests' }],
        {},
        ['Query "requests", search, position 4: expected a value, found the end'],
      ],
      [
        'a facet',
        [logs({ group_by: [{ facet: '' }] })],
        {},
        ['Query "a", group_by.facet, position 1: expected an attribute or the key of a tag, found the end'],
      ],
      [
        'a facet that occurs twice',
        [logs({ group_by: [{ facet: 'service' }, { facet: '@n' }, { facet: '@service' }] })],
        {},
        ['Query "a", group_by.facet: "service" occurs twice'],
      ],
      [
        'what is measured',
        [measured('sum', 'a b')],
        {},
        ['Query "a", compute.metric, position 3: expected the end, found "b"'],
      ],
      [
        'by what is sorted',
        [logs({ group_by: [{ facet: '@n', sort: { aggregation: 'max', metric: '(' } }] })],
        {},
        ['Query "a", group_by.sort.metric, position 1: expected an attribute or the key of a tag, found "("'],
      ],
      [
        'a formula',
        [A],
        formulas('a +'),
        ['Formula "a +", position 4: expected the name of a query, a number or a function, found the end'],
      ],
      [
        'a formula with a query that there is not',
        [A, B],
        formulas('a + b', 'a / c'),
        ['Formula "a / c", position 5: there is no query called "c", only a, b'],
      ],
      [
        'a formula with a function without parentheses',
        [A, B],
        formulas('abs(a) + abs'),
        ['Formula "abs(a) + abs", position 10: there is no query called "abs", only a, b'],
      ],
      ['a formula without a query', [A], formulas('1 + 2'), ['Formula "1 + 2" names no query']],
      [
        'a formula whose groups do not meet',
        [metric('sum:load{*} by {env}'), metric('sum:load{*} by {host}', 'b')],
        formulas('a', 'a - b'),
        ['Formula "a - b": cannot combine series grouped by env with series grouped by host'],
      ],
      ['two queries of one name', [A, A], {}, ['Two queries are called "a"']],
      [
        'a name that another query has by its place',
        [metric('sum:load{*}', 'query2'), { data_source: 'metrics', query: 'sum:load{*}' }],
        {},
        ['Two queries are called "query2"'],
      ],
      [
        'the time',
        [A],
        { from: HOUR_START, to: HOUR_START },
        [INVALID, 'data.attributes.to: must be after from'],
      ],
      [
        'the interval',
        [A],
        { interval: 1.5 },
        [INVALID, expect.stringMatching(/^data\.attributes\.interval: /)],
      ],
      [
        'the interval of a query',
        [logs({ compute: { aggregation: 'count', interval: 0.5 } })],
        {},
        [INVALID, expect.stringMatching(/^data\.attributes\.queries\[0\]\.compute\.interval: /)],
      ],
      [
        'an aggregation of nothing',
        [logs({ compute: { aggregation: 'sum' } })],
        {},
        [INVALID, 'data.attributes.queries[0].compute.metric: is required for this aggregation'],
      ],
      [
        'a sort by nothing',
        [logs({ group_by: [{ facet: '@n', sort: { aggregation: 'pc99' } }] })],
        {},
        [INVALID, 'data.attributes.queries[0].group_by[0].sort.metric: is required for this aggregation'],
      ],
      ['no query at all', [], {}, [INVALID, 'data.attributes.queries: must have at least one entry']],
      [
        'too many queries',
        Array.from({ length: 21 }, (_, index) => metric('sum:load{*}', `q${index}`)),
        {},
        [INVALID, 'data.attributes.queries: must have at most 20 entries'],
      ],
      [
        'too many metrics',
        [metric(Array.from({ length: 51 }, () => 'sum:load{*}').join('+'))],
        formulas('a + hour_before(a)'),
        [
          'The queries read 102 metrics or sets of events, each as often as it is moved in time, and at most 100 are possible',
        ],
      ],
      [
        'too many series',
        [A, metric('sum:many{*} by {n, half}', 'b')],
        {},
        ['Query "b" gives 501 series, and at most 500 are possible: group by less, or ask for less'],
      ],
      [
        'more points than there is memory for',
        [metric(Array.from({ length: 80 }, () => 'sum:many{n:1*} by {n}.rollup(sum, 3)').join('+'))],
        {},
        [
          'Queries and formulas have more than 10000000 points in total: group by less, or ask for longer intervals',
        ],
      ],
      [
        'a retention that is over, even with a formula that is wrong',
        [A],
        { from: 0, to: 1, ...formulas('a +') },
        ['Queries ending outside the retention date are invalid'],
      ],
    ])('%s', async (_, queries, attributes, errors) => {
      expect(await series(queries, attributes)).toEqual({ status: 400, body: { errors } });
      const asScalars = queries.map((query) => ('query' in query ? { ...query, aggregator: 'avg' } : query));
      if ('interval' in attributes) return;
      expect(await scalar(asScalars, attributes)).toEqual({ status: 400, body: { errors } });
    });

    it('too much work in a formula', async () => {
      const query = metric('sum:many{n:1*} by {n}.rollup(sum, 3)');
      const sum = Array.from({ length: 170 }, () => 'a').join('+');
      expect(await series([query], formulas('a', sum))).toEqual({
        status: 400,
        body: {
          errors: [
            `Formula "${sum.slice(0, 60)}...": the operations process more than 20000000 points in total: use fewer operations, group by less, or ask for longer intervals`,
          ],
        },
      });
    });

    it('a time function in a formula of scalars', async () => {
      expect(await scalar([{ ...A, aggregator: 'avg' }], formulas('2 * cumsum(a)'))).toEqual({
        status: 400,
        body: {
          errors: [
            'Formula "2 * cumsum(a)": cumsum needs values over time, and a scalar has only one. Use /api/v2/query/timeseries',
          ],
        },
      });
      const query = { ...metric('cumsum(sum:load{*})'), aggregator: 'max' };
      expect(await askForTable(app, 'production', [query])).toEqual({ a: [3] });
    });

    it('the type of the request, with the recorded text, before other faults', async () => {
      for (const [path, type, other] of [
        ['timeseries', 'timeseries_request', 'scalar_request'],
        ['scalar', 'scalar_request', 'timeseries_request'],
      ]) {
        for (const data of [{ type: other }, { type: 3 }]) {
          const answer = await app.call('POST', `/api/v2/query/${path}`, adminKeys('production'), { data });
          expect(answer).toEqual({
            status: 400,
            body: { errors: [`API input validation failed: Invalid type. Expected "${type}".`] },
          });
        }
      }
    });

    it('text that the database cannot store', async () => {
      const errors = [INVALID, 'data.attributes.queries[0].query: must not contain the character NUL'];
      expect(await series([metric('sum:load{*}\0')])).toEqual({ status: 400, body: { errors } });
    });
  });

  describe('are answered or refused, never failed, for', () => {
    it.each<[string, (text: string) => [object, object]]>([
      ['a metrics query', (text) => [metric(text), {}]],
      ['the scope of a metrics query', (text) => [metric(`sum:load{${text}}`), {}]],
      ['a search', (text) => [search(text), {}]],
      ['a facet', (text) => [logs({ group_by: [{ facet: text }] }), {}]],
      ['what is measured', (text) => [measured('cardinality', text), {}]],
      ['a formula', (text) => [A, formulas(text)]],
    ])('%s', async (_, asking) => {
      await fc.assert(
        fc.asyncProperty(hostileTexts, async (text) => {
          const [query, attributes] = asking(text);
          const { status } = await series([query], attributes);
          expect([200, 400]).toContain(status);
        }),
        { numRuns: 60 },
      );
    });

    it('any valid search', async () => {
      await fc.assert(
        fc.asyncProperty(filtersOver(anyCondition), async (filter) => {
          expect(await series([search(printEventsSearch(filter))])).toMatchObject({ status: 200 });
        }),
        { numRuns: 150 },
      );
    });

    it('any valid scope', async () => {
      await fc.assert(
        fc.asyncProperty(filtersOver(anyTag), async (filter) => {
          const query = metric(`sum:load{${printTagFilter(filter)}} by {env}`);
          expect(await series([query])).toMatchObject({ status: 200 });
        }),
        { numRuns: 150 },
      );
    });
  });

  describe('have a time window', () => {
    it('with an inclusive start and an exclusive end', async () => {
      const from = HOUR_START + 60_000;
      expect(await askForSeries(app, 'production', [A], { from })).toEqual({ '*': { 60: 2 } });
      expect(await askForSeries(app, 'production', [A], { to: from })).toEqual({ '*': { 0: 1 } });
      expect(await askForSeries(app, 'production', [A], { from: from + 1 })).toEqual({});
      const log = HOUR_START + 1000;
      expect(await askForTable(app, 'production', [logs()], { from: log, to: log + 1 })).toEqual({ a: [1] });
      expect(await askForTable(app, 'production', [logs()], { from: log + 1, to: log + 1000 })).toEqual({
        a: [],
      });
    });

    it('in intervals aligned to the clock, without empty intervals', async () => {
      const attributes = { from: HOUR_START - 17, to: HOUR_START + 90_001 };
      const { body } = await series([A], { ...attributes, interval: 7000 });
      const times = [HOUR_START, HOUR_START + 60_000].map((time) => time - (time % 7000));
      expect(body).toMatchObject({ data: { attributes: { times, values: [[1, 2]] } } });
    });

    it('of any length', async () => {
      const always = { from: 0, to: LAST_MOMENT };
      for (const attributes of [always, { ...always, interval: 1 }, { ...always, interval: 366 * DAY_MS }]) {
        const { body } = await series([A, logs({ name: 'b' })], attributes);
        expect(body).toMatchObject({
          data: { attributes: { series: [{}, {}], values: [[1.5], [4]] } },
        });
      }
      expect(await askForTable(app, 'production', [logs()], always)).toEqual({ a: [4] });
      expect(await askForTable(app, 'production', [{ ...A, aggregator: 'max' }], always)).toEqual({
        a: [1.5],
      });
    });

    it('to the millisecond', async () => {
      const attributes = { from: HOUR_START + 1000, to: HOUR_START + 2001, interval: 1 };
      const { body } = await series([logs()], attributes);
      expect(body).toMatchObject({
        data: { attributes: { times: [HOUR_START + 1000, HOUR_START + 2000], values: [[1, 1]] } },
      });
    });

    it('with at most 1,500 points', async () => {
      for (const interval of [1, 999, 2399, 2400, 15_000]) {
        const query = metric('default_zero(sum:load{*})');
        const { body } = await series([query], { interval });
        const { times } = (body as { data: { attributes: { times: number[] } } }).data.attributes;
        expect(times.length).toBeLessThanOrEqual(1500);
        expect(times.length).toBeGreaterThan(200);
      }
    });

    it('that a time shift cannot move out of range', async () => {
      const query = metric(deep('sum:load{*}'));
      const attributes = { from: 0, to: LAST_MOMENT, ...formulas(deep('a')) };
      expect(await askForSeries(app, 'production', [query], attributes)).not.toEqual({});
      expect(await askForSeries(app, 'production', [query], formulas(deep('a')))).toEqual({});
      expect(await askForSeries(app, 'production', [logs()], formulas(deep('a')))).toEqual({});
    });
  });

  it('return no data past its retention, even if it is still stored', async () => {
    const { db } = app.database;
    const from = HOUR_START - 500 * DAY_MS;
    const asked = [A, logs({ name: 'b' })];
    const attributes = { from, interval: DAY_MS, ...formulas('cumsum(a)', 'cumsum(b)', 'timeshift(a, -60)') };
    const before = await askForSeries(app, 'production', asked, attributes);
    await db.updateTable('account').set({ metrics_retention_days: 1 }).execute();
    const later = createTestApp(app.database, { now: () => HOUR_START + DAY_MS + 30_000 });
    try {
      expect(Object.keys(before)).toEqual(['*', '1 *', '2 *']);
      expect(await askForSeries(later, 'production', [A])).toEqual({ '*': { 60: 2 } });
      expect(await askForSeries(later, 'production', [A], formulas('timeshift(a, -60)'))).toEqual({
        '*': { 120: 2 },
      });
      expect(await askForTable(later, 'production', [{ ...A, aggregator: 'sum' }])).toEqual({ a: [2] });
      expect(await askForSeries(later, 'production', [logs()])).toEqual({ '*': { 0: 4 } });
    } finally {
      await db.updateTable('account').set({ metrics_retention_days: 456 }).execute();
    }
  });

  it('return no data of another organization', async () => {
    expect(await askForSeries(app, 'production', [A])).toEqual({ '*': { 0: 1, 60: 2 } });
    expect(await askForSeries(app, 'staging', [A])).toEqual({ '*': { 0: 1000 } });
    expect(await askForSeries(app, 'staging', [logs()])).toEqual({});
    expect(await askForSeries(app, 'globex', [A])).toEqual({});
    const cross = { ...A, cross_org_uuids: [ORG.production] };
    await expect(askForSeries(app, 'staging', [cross])).rejects.toThrow('403');
  });

  describe('with numbers out of range', () => {
    it.each<[string, object]>([
      ['a sum of series', metric('sum:large{*}')],
      ['a mean of series', metric('avg:large{*}')],
      ['a sum over time', metric('max:larger{*}.rollup(sum)')],
      ['a rate of next to nothing', metric('sum:tiny{*}.as_rate()')],
      ['a sum of events', { ...measured('sum'), search: { query: '@n:>0' } }],
      ['a mean of events', { ...measured('avg'), search: { query: '@n:>0' } }],
      [
        'a rank of events',
        logs({
          group_by: [{ facet: 'status', sort: { aggregation: 'sum', metric: '@n' } }],
          search: { query: '@n:>0' },
        }),
      ],
    ])('are refused: %s', async (_, query) => {
      expect(await series([query])).toEqual({
        status: 400,
        body: { errors: ['Query "a" comes to a number that is too large or too small'] },
      });
    });

    it('have no points where a calculation has no result', async () => {
      expect(await askForSeries(app, 'production', [metric('10 * max:large{n:1}')])).toEqual({});
      expect(await askForSeries(app, 'production', [metric('cumsum(max:large{n:1}) + 1')])).toEqual({
        '*': { 0: 1.7e308 },
      });
      expect(await askForSeries(app, 'production', [metric('max:large{*}')], formulas('a * a'))).toEqual({});
      expect(await askForTable(app, 'production', [measured('median')])).toEqual({ a: [1.7e308] });
      const apart = { ...measured('median'), search: { query: '@id:(x OR z)' } };
      expect(await askForTable(app, 'production', [apart])).toEqual({ a: [] });
      const large = { ...metric('max:large{n:1}'), aggregator: 'l2norm' };
      expect(await askForTable(app, 'production', [large])).toEqual({ a: [] });
    });
  });

  describe('have suggestions', () => {
    it('of metrics, tags and facets that exist', async () => {
      await sendSeries(
        app,
        'payments',
        { metric: 'old', tags: ['env:dev'], points: { [-5 * 3600]: 1 } },
        { metric: 'new', tags: ['env:prod', 'canary'], host: 'web-1', points: { 0: 1 } },
        { metric: 'new', tags: ['env:dev', 'team:a_b'], points: { 0: 1 } },
      );
      await sendLogs(app, 'payments', {
        1: { message: 'paid', service: 'Shop', code: 200, kinds: ['a', 'b'] },
        2: { message: 'failed', service: 'shop', code: 500, kinds: ['b', 'b'] },
      });
      const names = async (path: string) => {
        const { body } = await app.call('GET', path, adminKeys('payments'));
        if (typeof body !== 'object' || body === null) throw new Error('There is no body');
        if ('metrics' in body) return body.metrics;
        if ('facets' in body) return (body.facets as { name: string }[]).map(({ name }) => name);
        return (body as { data: { attributes: { tags: string[] } } }).data.attributes.tags;
      };
      expect(await names(`/api/v1/metrics?${since(10)}`)).toEqual(['new', 'old']);
      expect(await names(`/api/v1/metrics?${since(10)}&limit=1`)).toEqual(['new']);
      expect(await names(`/api/v1/metrics?${since(1)}`)).toEqual(['new']);
      expect(await names(`/api/v1/metrics?${since(10)}&host=WEB-1`)).toEqual(['new']);
      expect(await names(`/api/v1/metrics?${since(10)}&host=web*`)).toEqual([]);
      expect(await names(`/api/v1/metrics?${since(10)}&tag_filter=env:dev+AND+!team:*`)).toEqual(['old']);

      const tags = '/api/v2/metrics/new/all-tags';
      expect(await names(tags)).toEqual(['canary', 'env:dev', 'env:prod', 'host:web-1', 'team:a_b']);
      expect(await names(`${tags}?filter[include_tag_values]=false`)).toEqual([
        'canary',
        'env',
        'host',
        'team',
      ]);
      expect(await names(`${tags}?filter[match]=A_`)).toEqual(['team:a_b']);
      expect(await names(`${tags}?filter[match]=%25`)).toEqual([]);
      expect(await names(`${tags}?filter[tags]=canary&page[limit]=2`)).toEqual(['canary', 'env:prod']);
      expect(await names('/api/v2/metrics/old/all-tags')).toEqual([]);
      expect(await names('/api/v2/metrics/old/all-tags?window[seconds]=86400')).toEqual(['env:dev']);

      const facets = `/api/console/facets?data_source=logs&from=${HOUR_START}&to=${HOUR_START + 3_600_000}`;
      expect(await names(facets)).toEqual(['@code', '@kinds', 'service', 'status']);
      expect(await names(`${facets}&search=KI`)).toEqual(['@kinds']);
      expect(await names(`${facets}&query=@code:>500`)).toEqual([]);
      expect(await names(`${facets}&facet=@kinds`)).toEqual(['b', 'a']);
      expect(await names(`${facets}&facet=@kinds&limit=1`)).toEqual(['b']);
      expect(await names(`${facets}&facet=service&search=SH`)).toEqual(['Shop', 'shop']);
      expect(await names(`${facets}&facet=service&query=paid`)).toEqual(['Shop']);
      expect(await names(`${facets}&facet=env`)).toEqual([]);
    });

    it('for any time window', async () => {
      expect(await suggested('/api/v1/metrics?from=999999999999')).toEqual({
        status: 200,
        body: { from: '999999999999', metrics: [] },
      });
      expect(await suggested('/api/v1/metrics?from=0&search=LO')).toMatchObject({
        body: { metrics: ['load'] },
      });
      expect(
        await suggested('/api/console/facets?data_source=logs&facet=@id&from=0&to=999999999999999'),
      ).toEqual({
        status: 200,
        body: {
          facets: [
            { name: 'z', count: 2 },
            { name: 'x', count: 1 },
            { name: 'y', count: 1 },
          ],
        },
      });
      expect(
        await suggested('/api/console/facets?data_source=logs&from=999999999999998&to=999999999999999'),
      ).toEqual({ status: 200, body: { facets: [] } });
    });

    it('of series that also existed before', async () => {
      const path = `/api/v1/metrics?${since(-0.25)}&search=steady`;
      await sendSeries(app, 'production', { metric: 'steady', points: { 0: 1 } });
      await sendSeries(app, 'production', { metric: 'steady', points: { 1800: 1 } });
      expect(await suggested(path)).toMatchObject({ body: { metrics: ['steady'] } });
    });

    it('and none for impossible metric names', async () => {
      expect(await suggested('/api/v2/metrics/%00/all-tags')).toMatchObject({
        status: 200,
        body: { data: { attributes: { tags: [] } } },
      });
      expect(await suggested('/api/v2/metrics/load/all-tags?filter[tags]=env:')).toMatchObject({
        status: 200,
      });
    });

    it('of facets in the form of searches, counted once per event', async () => {
      await sendLogs(app, 'sandbox', {
        1: { service: 'web', ddtags: 'service:api,env:a,env:b,:x,y', 'odd name': 1 },
        2: { ddtags: 'env:a' },
      });
      const span = `from=${HOUR_START}&to=${HOUR_START + 3_600_000}`;
      expect(
        await app.call('GET', `/api/console/facets?data_source=logs&${span}`, adminKeys('sandbox')),
      ).toEqual({
        status: 200,
        body: {
          facets: [
            { name: 'env', count: 2 },
            { name: 'status', count: 2 },
            { name: String.raw`@odd\ name`, count: 1 },
            { name: 'service', count: 1 },
          ],
        },
      });
    });

    it('and an error for invalid parameters', async () => {
      const span = `from=${HOUR_START}&to=${HOUR_START + 1}`;
      expect(await suggested(`/api/console/facets?data_source=logs&${span}&query=a+OR`)).toEqual({
        status: 400,
        body: { errors: ['query, position 5: expected a term, found the end'] },
      });
      expect(await suggested('/api/v1/metrics?from=0&tag_filter=env:a+OR')).toMatchObject({ status: 400 });
    });
  });
});
