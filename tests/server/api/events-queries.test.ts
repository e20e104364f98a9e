import { beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '../../../src/server/db/migrate.ts';
import { openServer } from '../../../src/server/db/server.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { createServerDatabase, describeOnBothDatabases, hasServer } from '../../support/databases.ts';
import {
  askForSeries,
  askForTable,
  HOUR_START,
  roundedOff,
  sendLogs,
  sendPipelines,
  sendTests,
  type Told,
} from '../../support/telemetry.ts';

const COUNT = { aggregation: 'count' };

/** Each log's `@n` is how a test names it. */
const LOGS: Record<number, Record<string, unknown>> = {
  1: { message: 'Order placed', service: 'web', ddtags: 'env:prod,shard:1', n: 1, code: 200, ok: true },
  2: { message: 'order failed: timeout', service: 'web', status: 'error', n: 2, code: 500, ok: false },
  3: {
    message: 'Health check, all good',
    service: 'api',
    ddtags: 'env:staging,shard:12,canary',
    n: 3,
    code: 200.5,
  },
  4: { message: 'Größe ÉTÉ 日本 語 x²', service: 'Größe', n: 4, name: 'Zoë', code: -3 },
  5: { message: 'a.b c++ [x] \\d $5 100% a_b "said" (y) {z} ^ | # ~', n: 5, name: 'a.b (c) "d" 100% \\e' },
  6: { message: 'axb cc x d 55 100 aXb said-so', n: 6, name: 'axb', regions: ['eu', 'us'], sizes: [1, 50] },
  61: { message: 'failed order', n: 7, regions: ['us', 'us', 'asia'], http: { path: '/a/b?c=d', code: 404 } },
  62: { message: 'multi\nline\ttext', n: 8, name: "O'Brien; drop table event; --", code: '500' },
  63: { message: '', n: 9, 'odd*name': 'x', big: 1e21, small: 1e-7, huge: 1.5e308 },
};
const ALL = Object.keys(LOGS).map((_, index) => index + 1);
const without = (...numbers: number[]) => ALL.filter((number) => !numbers.includes(number));

const query = (search: string, rest: object = {}) => ({
  data_source: 'logs',
  name: 'a',
  compute: COUNT,
  search: { query: search },
  ...rest,
});

describeOnBothDatabases('A query for events', (open) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startApp(await open());
    await sendLogs(app, 'production', LOGS);
    await sendPipelines(app, 'production', {
      10: { name: 'deploy', tags: ['team:a'] },
      20: { name: 'deploy', tags: ['team:b'], status: 'error', queue_time: 5 },
      30: { name: 'build' },
    });
    await sendTests(app, 'production', {
      10: { 'test.name': 'adds', duration: 1_000_000 },
      20: { 'test.name': 'subtracts', 'test.status': 'fail', duration: 3_000_000, env: 'CI' },
    });
  });

  /** Which logs a search finds. */
  async function found(search: string): Promise<number[]> {
    const groups = [{ facet: '@n', limit: 100 }];
    const { '@n': values = [] } = await askForTable(app, 'production', [query(search, { group_by: groups })]);
    return values.map((value) => Number(String(value))).toSorted((one, other) => one - other);
  }

  const table = (rest: object, attributes: object = {}) =>
    askForTable(app, 'production', [query('*', rest)], attributes);

  const largestRegion = (sort: object): Promise<Told> =>
    askForSeries(app, 'production', [query('*', { group_by: [{ facet: '@regions', limit: 1, sort }] })]);

  const ofSource = (source: string, rest: object = {}) =>
    askForTable(app, 'production', [{ data_source: source, name: 'a', compute: COUNT, ...rest }]);

  describe('finds', () => {
    it.each<[string, number[]]>([
      ['', ALL],
      ['*', ALL],

      ['order', [1, 2, 7]],
      ['ORDER', [1, 2, 7]],
      ['orde', []],
      ['orde*', [1, 2, 7]],
      ['*der', [1, 2, 7]],
      ['o?der', [1, 2, 7]],
      ['orde?', [1, 2, 7]],
      ['ord?', []],
      ['?rder', [1, 2, 7]],
      ['?der', []],
      ['"order failed"', [2]],
      ['"failed order"', [7]],
      ['"FAILED: Timeout"', [2]],
      ['"order failed timeout"', [2]],
      ['"check all"', [3]],
      ['"multi line text"', [8]],
      ['order failed', [2, 7]],
      ['order AND failed', [2, 7]],
      ['order OR check', [1, 2, 3, 7]],
      ['order -failed', [1]],
      ['order NOT failed', [1]],
      ['-order', without(1, 2, 7)],
      ['-(order OR check)', without(1, 2, 3, 7)],
      ['(order OR check) -failed', [1, 3]],
      ['order OR check -all', [1, 2, 7]],
      ['-"order failed"', without(2)],
      ['größe', [4]],
      ['GRÖSSE', []],
      ['GRÖßE', [4]],
      ['été', [4]],
      ['ét', []],
      ['日本', [4]],
      ['日', []],
      ['"日本 語"', [4]],
      ['x²', [4]],

      ['a.b', [5]],
      ['c++', [5]],
      ['c+', [5]],
      ['"[x]"', [5]],
      ['[x]', [5]],
      [String.raw`"\\d"`, [5]],
      [String.raw`\\d`, [5]],
      ['$5', [5]],
      ['5', [5]],
      ['100%', [5]],
      ['100', [5, 6]],
      ['a_b', [5]],
      ['a?b', [5, 6]],
      [String.raw`\"said\"`, [5]],
      [String.raw`"\"said\" (y) {z} ^ | # ~"`, [5]],
      ['said', [5, 6]],
      [String.raw`\(y\)`, [5]],
      ['"(y)"', [5]],
      ['{z}', [5]],
      ['^', [5]],
      ['|', [5]],
      ['.*', [5]],
      [String.raw`a.b\ c*`, [5]],
      ["'", []],

      ['service:web', [1, 2]],
      ['@service:web', [1, 2]],
      ['service:WEB', [1, 2]],
      ['service:we', []],
      ['service:w*', [1, 2]],
      ['service:?pi', [3]],
      ['service:(web OR api)', [1, 2, 3]],
      ['service:(w* AND -*b)', []],
      ['service IN (web, api)', [1, 2, 3]],
      ['service NOT IN (web, api)', without(1, 2, 3)],
      ['-service:web', without(1, 2)],
      ['-service:*', without(1, 2, 3, 4)],
      ['status:error', [2]],
      ['status:info', without(2)],
      ['service:Größe', [4]],

      ['env:prod', [1]],
      ['ENV:Prod', [1]],
      ['env:*', [1, 3]],
      ['env:p*', [1]],
      ['-env:prod', without(1)],
      ['env:(prod OR staging)', [1, 3]],
      ['@env:prod', []],
      ['code:200', []],
      [String.raw`e\*v:prod`, []],
      [String.raw`e\?v:prod`, []],
      ['shard:>1', [3]],
      ['shard:[1 TO 2]', [1]],
      ['shard:[* TO *]', [1, 3]],
      ['env:[* TO *]', []],
      ['-shard:>1', without(3)],

      ['@code:200', [1]],
      ['@code:200*', [1, 3]],
      ['@code:500', [2, 8]],
      ['@code:-3', [4]],
      ['@code:*', [1, 2, 3, 4, 8]],
      ['-@code:*', without(1, 2, 3, 4, 8)],
      ['-@code:200', without(1)],
      ['@code:>=200', [1, 2, 3]],
      ['@code:>200', [2, 3]],
      ['@code:<200', [4]],
      ['@code:<=200', [1, 4]],
      ['@code:[200 TO 500]', [1, 2, 3]],
      ['@code:{200 TO 500}', [3]],
      ['@code:[200 TO 500}', [1, 3]],
      ['@code:{200 TO 500]', [2, 3]],
      ['@code:[* TO 200]', [1, 4]],
      ['@code:{200 TO *}', [2, 3]],
      ['@code:[* TO *]', [1, 2, 3, 4]],
      ['-@code:[* TO *]', without(1, 2, 3, 4)],
      ['-@code:>=200', without(1, 2, 3)],
      ['@code:(>=200 -500)', [1, 3]],
      ['@code:(200 OR 500)', [1, 2, 8]],
      ['@code:>5 -@code:<1', [1, 2, 3]],
      ['@missing:1', []],
      ['-@missing:1', ALL],
      ['-@missing:>1', ALL],
      ['-@missing:*', ALL],
      ['@ok:true', [1]],
      ['@ok:false', [2]],
      ['-@ok:true', without(1)],
      ['@name:zoë', []],
      ['@name:Zoë', [4]],
      ['@name:Zo?', [4]],
      ['@name:a.b', []],
      ['@name:a?b', [6]],
      [String.raw`@name:"a.b (c) \"d\" 100% \\e"`, [5]],
      [String.raw`@name:*100%\ \\e`, [5]],
      ['@name:*%*', [5]],
      ['@name:*_*', []],
      [`@name:"O'Brien; drop table event; --"`, [8]],
      [`@name:*'*`, [8]],
      ['@regions:us', [6, 7]],
      ['@regions:a*', [7]],
      ['-@regions:eu', without(6)],
      ['@regions:(eu us)', [6]],
      ['@regions:*', [6, 7]],
      ['@regions:>1', []],
      ['@sizes:>10', [6]],
      ['@sizes:>50', []],
      ['@sizes:1', [6]],
      ['@sizes:[* TO *]', [6]],
      ['@http.code:404', [7]],
      ['@http.path:/a/b?c=d', [7]],
      ['@http.path:/a/*', [7]],
      ['@http:*', []],
      [String.raw`@odd\*name:x`, [9]],
      [String.raw`@odd\?name:x`, []],
      ['*:order', [1, 2, 7]],
      ['*:zoë', [4]],
      ['*:us', [6, 7]],
      ['*:"O\'Brien drop table"', [8]],
      ['*:staging', [3]],
      ['*:stag', []],
      ['*:(staging OR asia)', [3, 7]],
      ['-*:order -*:axb', without(1, 2, 6, 7)],
      ['tags:canary', [3]],
      ['tags:CAN*', [3]],
      ['tags:(canary OR "env:prod")', [1, 3]],
      ['tags:env', []],
      ['@small:<0.000001', [9]],
      ['@big:>1e20', [9]],
    ])('%s', async (search, numbers) => {
      expect(await found(search)).toEqual(numbers);
    });

    it('with a search of the maximum size', async () => {
      const many = Array.from({ length: 199 }, (_, index) => `@n:${100 + index}`);
      expect(await found([...many, '@n:1'].join(' OR '))).toEqual([1]);
      expect(await found(`@n IN (${many.map((one) => one.slice(3)).join()},2)`)).toEqual([2]);
      expect(await found(`"${Array.from({ length: 100 }, () => 'order').join(' ')}"`)).toEqual([]);
      expect(await found(`${'-'.repeat(99)}order`)).toEqual(without(1, 2, 7));
      expect(await found('o*'.repeat(10))).toEqual([]);
    });

    it.each([
      [
        'too many words',
        `"${Array.from({ length: 101 }, () => 'order').join(' ')}"`,
        'has 101 words, and at most 100 are possible',
      ],
      ['too long words', 'o'.repeat(2001), 'has words of 2001 characters, and at most 2000 are possible'],
      [
        'too many terms at once',
        Array.from({ length: 26 }, (_, index) => `order${index}`).join(' '),
        'looks up 26 terms or phrases one by one, and at most 25 are possible',
      ],
    ])('not with %s', async (_, search, problem) => {
      await expect(found(search)).rejects.toThrow(`Query \\"a\\", search, ${problem}`);
    });
  });

  describe('aggregates', () => {
    it.each<[string, string | undefined, number[]]>([
      ['count', undefined, [9]],
      ['sum', '@code', [200 + 500 + 200.5 - 3]],
      ['sum', 'code', [897.5]],
      ['avg', '@code', [897.5 / 4]],
      ['min', '@code', [-3]],
      ['max', '@code', [500]],
      ['median', '@code', [200.25]],
      ['pc75', '@code', [275.375]],
      ['pc90', '@code', [410.15]],
      ['pc95', '@code', [455.075]],
      ['pc98', '@code', [482.03]],
      ['pc99', '@code', [491.015]],
      ['cardinality', '@code', [5 - 1]],
      ['cardinality', 'service', [3]],
      ['cardinality', 'env', [2]],
      ['cardinality', 'ENV', [2]],
      ['cardinality', '@regions', [3]],
      ['cardinality', '@missing', [0]],
      ['sum', '@missing', []],
      ['pc99', '@missing', []],
      ['max', '@name', []],
    ])('the %s of %s', async (aggregation, measure, values) => {
      const { a = [] } = await table({ compute: { aggregation, ...(measure && { metric: measure }) } });
      expect(a.map(Number).map(roundedOff)).toEqual(values.map(roundedOff));
    });

    it('per group and per interval', async () => {
      const groups = [{ facet: '@regions' }];
      const compute = { aggregation: 'cardinality', metric: '@n' };
      expect(await askForSeries(app, 'production', [query('*', { compute, group_by: groups })])).toEqual({
        '@regions:asia': { 60: 1 },
        '@regions:eu': { 0: 1 },
        '@regions:us': { 0: 1, 60: 1 },
      });
    });

    it('a count of 0 beside other groups', async () => {
      const queries = [
        { ...query('failed', { group_by: [{ facet: 'service' }] }), name: 'a' },
        { ...query('*', { group_by: [{ facet: 'service' }] }), name: 'b' },
      ];
      expect(await askForTable(app, 'production', queries, { formulas: [{ formula: 'a / b' }] })).toEqual({
        service: [['web'], ['Größe'], ['api']],
        'a / b': [0.5, 0, 0],
      });
    });

    it("with the request's interval, unless the query has one", async () => {
      expect(await askForSeries(app, 'production', [query('*')])).toEqual({ '*': { 0: 6, 60: 3 } });
      const to = HOUR_START + 600_000;
      const own = query('order', { compute: { ...COUNT, interval: 2000 } });
      expect(await askForSeries(app, 'production', [own], { to })).toEqual({ '*': { 0: 1, 2: 1, 60: 1 } });
      expect(
        await askForSeries(app, 'production', [own], { to, formulas: [{ formula: 'cumsum(a)' }] }),
      ).toEqual({
        '*': { 0: 1, 2: 2, 60: 3 },
      });
    });

    it('earlier data with a time shift', async () => {
      const formulas = [{ formula: 'timeshift(a, -60)' }];
      expect(await askForSeries(app, 'production', [query('order')], { formulas })).toEqual({
        '*': { 60: 2, 120: 1 },
      });
    });
  });

  describe('groups', () => {
    it.each<[string, object[], Record<string, unknown[]>]>([
      ['by a facet', [{ facet: 'service' }], { service: [['Größe'], ['api'], ['web']], a: [1, 1, 2] }],
      ['by a number', [{ facet: '@http.code' }], { '@http.code': [['404']], a: [1] }],
      ['by a truth', [{ facet: '@ok' }], { '@ok': [['false'], ['true']], a: [1, 1] }],
      ['by a tag', [{ facet: 'Env' }], { Env: [['prod'], ['staging']], a: [1, 1] }],
      [
        'by each value of a list, once',
        [{ facet: '@regions' }],
        { '@regions': [['asia'], ['eu'], ['us']], a: [1, 1, 2] },
      ],
      ['by what nothing has', [{ facet: '@missing' }], { '@missing': [], a: [] }],
      [
        'by several facets',
        [{ facet: 'service' }, { facet: 'status' }],
        {
          service: [['Größe'], ['api'], ['web'], ['web']],
          status: [['info'], ['info'], ['error'], ['info']],
          a: [1, 1, 1, 1],
        },
      ],
      ['and keeps the largest', [{ facet: 'service', limit: 1 }], { service: [['web']], a: [2] }],
      [
        'and keeps the smallest',
        [{ facet: 'service', limit: 1, sort: { aggregation: 'count', order: 'asc' } }],
        { service: [['Größe']], a: [1] },
      ],
      [
        'and keeps those with the most of something else',
        [{ facet: 'service', limit: 1, sort: { aggregation: 'max', metric: '@n', order: 'desc' } }],
        { service: [['Größe']], a: [1] },
      ],
      [
        'and keeps those with the most values of something else',
        [{ facet: 'status', limit: 1, sort: { aggregation: 'cardinality', metric: '@regions' } }],
        { status: [['info']], a: [8] },
      ],
      [
        'and keeps those that have something else at all',
        [{ facet: 'status', limit: 1, sort: { aggregation: 'min', metric: '@ok', order: 'asc' } }],
        { status: [['error']], a: [1] },
      ],
      [
        'and keeps the first in the alphabet',
        [{ facet: '@regions', limit: 2, sort: { aggregation: 'count', type: 'alphabetical' } }],
        { '@regions': [['asia'], ['eu']], a: [1, 1] },
      ],
      [
        'and keeps the last in the alphabet',
        [
          {
            facet: '@regions',
            limit: 1,
            sort: { aggregation: 'count', type: 'alphabetical', order: 'desc' },
          },
        ],
        { '@regions': [['us']], a: [2] },
      ],
      [
        'and keeps of each group the largest within it',
        [
          { facet: 'service', limit: 2 },
          { facet: '@code', limit: 1 },
        ],
        { service: [['Größe'], ['web']], '@code': [['-3'], ['200']], a: [1, 1] },
      ],
    ])('%s', async (_, groups, columns) => {
      expect(await table({ group_by: groups })).toEqual(columns);
    });

    it('and keeps the largest groups over the whole time, not per interval', async () => {
      expect(await largestRegion({ aggregation: 'count' })).toEqual({ '@regions:us': { 0: 1, 60: 1 } });
      expect(await largestRegion({ aggregation: 'count', order: 'asc' })).toEqual({
        '@regions:asia': { 60: 1 },
      });
    });
  });

  describe('reads one source', () => {
    it('pipelines', async () => {
      expect(await ofSource('ci_pipelines')).toEqual({ a: [3] });
      expect(
        await ofSource('ci_pipelines', { search: { query: '@ci.status:error ci_level:pipeline' } }),
      ).toEqual({
        a: [1],
      });
      expect(
        await ofSource('ci_pipelines', { group_by: [{ facet: '@ci.pipeline.name' }, { facet: 'team' }] }),
      ).toEqual({ '@ci.pipeline.name': [['deploy'], ['deploy']], team: [['a'], ['b']], a: [1, 1] });
      expect(
        await ofSource('ci_pipelines', { compute: { aggregation: 'sum', metric: '@ci.queue_time' } }),
      ).toEqual({
        a: [5_000_000],
      });
      expect(
        await ofSource('ci_pipelines', { compute: { aggregation: 'avg', metric: '@duration' } }),
      ).toEqual({
        a: [1_000_000_000],
      });
    });

    it('tests', async () => {
      expect(await ofSource('ci_tests', { search: { query: '@test.status:fail test_level:test' } })).toEqual({
        a: [1],
      });
      expect(
        await ofSource('ci_tests', {
          compute: { aggregation: 'median', metric: '@duration' },
          search: { query: '-env:prod' },
        }),
      ).toEqual({ a: [2_000_000] });
      expect(await ofSource('ci_tests', { group_by: [{ facet: 'env' }] })).toEqual({ env: [['ci']], a: [1] });
    });

    it('the audit trail, which is empty', async () => {
      expect(await ofSource('audit')).toEqual({ a: [] });
    });
  });
});

describe.skipIf(!hasServer())('in a database with an ASCII-only locale', () => {
  it('finds a reserved attribute as sent, and as a tag with its name', async () => {
    const { databaseUrl, drop } = await createServerDatabase(
      "template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'",
    );
    const database = await openServer({ databaseUrl });
    try {
      await migrate(database);
      const app = await startApp(database);
      await sendLogs(app, 'production', { 0: { service: 'Éclair' }, 1: { ddtags: 'service:Éclair' } });
      for (const search of ['service:Éclair', 'service:É*']) {
        const asked = { data_source: 'logs', name: 'a', compute: COUNT, search: { query: search } };
        expect(await askForTable(app, 'production', [asked]), search).toEqual({ a: [2] });
      }
    } finally {
      await database.close();
      await drop();
    }
  });
});
