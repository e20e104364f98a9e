import { beforeAll, describe, expect, it } from 'vitest';
import { describeOnBothDatabases } from '../../support/databases.ts';
import {
  askForSeries,
  askForTable,
  HOUR_START,
  rounded,
  sendSeries,
  type Told,
} from '../../support/telemetry.ts';
import { setUpApp } from '../../support/setup-app.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;
const MINUTE_MS = 60_000;

const metric = (query: string, name = 'a') => ({ data_source: 'metrics', name, query });

/** Points are rolled up by the minute, unless a test says otherwise. */
describeOnBothDatabases('A query for metrics', (open) => {
  const app = setUpApp({}, open);

  beforeAll(async () => {
    await sendSeries(
      app,
      'production',
      { metric: 'load', tags: ['env:prod', 'service:web'], host: 'web-1', points: { 0: 1, 20: 3, 60: 5 } },
      { metric: 'load', tags: ['env:prod', 'service:web'], host: 'web-2', points: { 0: 4 } },
      { metric: 'load', tags: ['env:staging', 'service:api'], points: { 0: 10, 120: 20 } },
      { metric: 'load', tags: ['team:a', 'team:b', 'canary'], points: { 0: 100 } },
      { metric: 'hits', type: 'count', tags: ['service:web'], points: { 0: 2, 30: 4, 60: 6 } },
      { metric: 'hits', type: 'count', tags: ['service:api'], points: { 0: 10 } },
      {
        metric: 'speed',
        type: 'rate',
        interval: 10,
        tags: ['service:web'],
        points: { 0: 3, 10: 5, 60: 1 },
      },
      { metric: 'errors', type: 'count', tags: ['service:web'], points: { 0: 3 } },
      { metric: 'gaps', points: { 0: 1, 180: 4 } },
      { metric: 'signed', points: { 0: -2, 60: 8, 180: 2 } },
      {
        metric: 'earlier',
        points: { 0: 10, [-HOUR]: 1, [-DAY]: 2, [-7 * DAY]: 3, [-28 * DAY]: 4, [-90]: 5 },
      },
      ...Array.from({ length: 4 }, (_, index) => ({
        metric: 'ranked',
        tags: [`n:${index}`],
        points: { 0: index, 60: 10 - 3 * index },
      })),
      { metric: 'unicode', tags: ['größe:é', '\u{1D4B3}:x', 'path:/a_b/c'], points: { 0: 1 } },
    );
  });

  const told = (query: string, attributes: object = {}) =>
    askForSeries(app, 'production', [metric(query)], attributes);

  describe('aggregates the series of a group', () => {
    it.each<[string, Record<number, number>]>([
      ['avg:load{*}', { 0: 29, 60: 5, 120: 20 }],
      ['load{*}', { 0: 29, 60: 5, 120: 20 }],
      ['sum:load{*}', { 0: 116, 60: 5, 120: 20 }],
      ['min:load{*}', { 0: 2, 60: 5, 120: 20 }],
      ['max:load{*}', { 0: 100, 60: 5, 120: 20 }],
      ['count:load{*}', { 0: 5, 60: 1, 120: 1 }],
    ])('%s', async (query, points) => {
      expect(await told(query)).toEqual({ '*': points });
    });

    it.each<[string, Told]>([
      [
        'sum:load{*} by {service}',
        {
          'service:N/A': { 0: 100 },
          'service:api': { 0: 10, 120: 20 },
          'service:web': { 0: 6, 60: 5 },
        },
      ],
      [
        'sum:load{service:*} by {Service, host}',
        {
          'service:api,host:N/A': { 0: 10, 120: 20 },
          'service:web,host:web-1': { 0: 2, 60: 5 },
          'service:web,host:web-2': { 0: 4 },
        },
      ],
      ['sum:load{team:a} by {team}', { 'team:a': { 0: 100 }, 'team:b': { 0: 100 } }],
      ['sum:load{canary} by {canary}', { 'canary:N/A': { 0: 100 } }],
      ['sum:unicode{größe:É} by {Größe}', { 'größe:é': { 0: 1 } }],
      ['sum:unicode{*} by {\u{1D4B3}}', { '\u{1D4B3}:x': { 0: 1 } }],
    ])('%s', async (query, series) => {
      expect(await told(query)).toEqual(series);
    });
  });

  describe('selects the series of its scope', () => {
    it.each<[string, number]>([
      ['env:prod', 6],
      ['ENV:Prod', 6],
      ['env:p*', 6],
      ['env:?rod', 6],
      ['*:prod', 6],
      ['host:web-?', 6],
      ['host:web-1', 2],
      ['canary', 100],
      ['env:*', 16],
      ['!env:prod', 110],
      ['!env:*', 100],
      ['NOT env:prod', 110],
      ['env:prod, !host:web-1', 4],
      ['env:prod AND host:web-1', 2],
      ['env:staging OR host:web-1', 12],
      ['env:staging OR env:prod AND host:web-2', 14],
      ['(env:staging OR env:prod) AND host:web-2', 4],
      ['env:prod OR env:staging, service:api', 10],
      ['NOT (env:prod OR env:staging)', 100],
      ['env IN (prod, stag*)', 16],
      ['env NOT IN (prod)', 110],
      ['team:a, team:b', 100],
      ['*, env:prod', 6],
    ])('%s', async (scope, value) => {
      expect((await told(`sum:load{${scope}}`))['*']?.[0]).toBe(value);
    });

    it.each([
      'env:pro_',
      'en:prod',
      'nv:prod',
      'env:pro',
      String.raw`env:pro\*`,
      'env:prod AND env:staging',
      'env NOT IN (prod, staging), !canary',
    ])('%s, which no series has', async (scope) => {
      expect(await told(`sum:load{${scope}}`)).toEqual({});
    });

    it('without treating an underscore as a wildcard', async () => {
      expect(await told('sum:unicode{path:/a_b/*}')).toEqual({ '*': { 0: 1 } });
      expect(await told('sum:unicode{path:/a?b/c}')).toEqual({ '*': { 0: 1 } });
      expect(await told('sum:unicode{path:/_*/c}')).toEqual({});
    });

    it('with case-sensitive metric names', async () => {
      expect(await told('sum:Load{*}')).toEqual({});
      expect(await told('sum:loa{*}')).toEqual({});
    });
  });

  describe('treats counts as totals and rates as values per second', () => {
    it.each<[string, Record<number, number>]>([
      ['sum:hits{service:web}', { 0: 6, 60: 6 }],
      ['avg:hits{*}', { 0: 8, 60: 6 }],
      ['sum:hits{service:web}.as_count()', { 0: 6, 60: 6 }],
      ['sum:hits{service:web}.as_rate()', { 0: 0.1, 60: 0.1 }],
      ['sum:hits{service:web}.as_rate().rollup(60)', { 0: 0.1, 60: 0.1 }],
      ['sum:hits{service:web}.rollup(sum, 120).as_rate()', { 0: 0.1 }],
      ['sum:hits{service:web}.rollup(max)', { 0: 4, 60: 6 }],
      ['sum:speed{*}', { 0: 4, 60: 1 }],
      ['sum:speed{*}.as_rate()', { 0: 80 / 60, 60: 10 / 60 }],
      ['sum:speed{*}.as_count()', { 0: 80, 60: 10 }],
      ['sum:speed{*}.as_count().rollup(max)', { 0: 50, 60: 10 }],
      ['sum:load{host:web-1}', { 0: 2, 60: 5 }],
      ['sum:load{host:web-1}.as_count()', { 0: 2, 60: 5 }],
      ['sum:load{host:web-1}.as_rate()', { 0: 2, 60: 5 }],
      ['count:hits{*}', { 0: 3, 60: 1 }],
    ])('%s', async (query, points) => {
      expect(await told(query)).toEqual({ '*': points });
    });
  });

  describe('rolls up', () => {
    it.each<[string, Record<number, number>]>([
      ['sum:load{host:web-1}.rollup(sum)', { 0: 4, 60: 5 }],
      ['sum:load{host:web-1}.rollup(min)', { 0: 1, 60: 5 }],
      ['sum:load{host:web-1}.rollup(max)', { 0: 3, 60: 5 }],
      ['sum:load{host:web-1}.rollup(avg)', { 0: 2, 60: 5 }],
      ['sum:load{host:web-1}.rollup(count)', { 0: 2, 60: 1 }],
      ['sum:load{host:web-1}.rollup(sum, 300)', { 0: 9 }],
      ['sum:load{host:web-1}.rollup(10)', { 0: 1, 20: 3, 60: 5 }],
      ['sum:load{host:web-1}.rollup(sum, 3600)', { 0: 9 }],
    ])('%s', async (query, points) => {
      expect(await told(query)).toEqual({ '*': points });
    });

    it('to longer intervals if there would be more than 1,500 points', async () => {
      const points = { 0: 2, 60: 5 };
      expect(await told('avg:load{host:web-1}.rollup(avg, 1)')).toEqual({ '*': { 0: 1, 20: 3, 60: 5 } });
      expect(await told('avg:load{host:web-1}.rollup(sum, 1)')).toEqual({ '*': { 0: 1, 20: 3, 60: 5 } });
      const span = { from: HOUR_START, to: HOUR_START + DAY * 1000 };
      expect(await told('avg:load{host:web-1}.rollup(avg, 1)', span)).toEqual({ '*': points });
      expect(await told('avg:load{host:web-1}', { ...span, interval: 1 })).toEqual({ '*': points });
    });

    it('over intervals aligned to the clock, whatever the requested time', async () => {
      const from = HOUR_START + 20_000;
      expect(await told('sum:load{host:web-1}', { from })).toEqual({ '*': { 0: 3, 60: 5 } });
      expect(await told('sum:load{host:web-1}', { from: from + 1 })).toEqual({ '*': { 60: 5 } });
      expect(await told('sum:load{host:web-1}', { to: HOUR_START + 60_000 })).toEqual({ '*': { 0: 2 } });
      expect(await told('sum:load{host:web-1}', { to: HOUR_START + 60_001 })).toEqual({
        '*': { 0: 2, 60: 5 },
      });
    });
  });

  describe('fills gaps', () => {
    it.each<[string, Record<number, number>]>([
      ['avg:gaps{*}.fill(null)', { 0: 1, 180: 4 }],
      ['avg:gaps{*}.fill(linear)', { 0: 1, 60: 2, 120: 3, 180: 4 }],
      ['avg:gaps{*}.fill(linear, 60)', { 0: 1, 180: 4 }],
      ['avg:gaps{*}.fill(last, 180)', { 0: 1, 60: 1, 120: 1, 180: 4, 240: 4, 300: 4, 360: 4 }],
      ['avg:gaps{*}.fill(zero, 60)', { 0: 1, 180: 4, 240: 0 }],
      ['avg:gaps{*}.fill(zero, 180)', { 0: 1, 60: 0, 120: 0, 180: 4, 240: 0, 300: 0, 360: 0 }],
    ])('%s', async (query, points) => {
      expect(await told(query)).toEqual({ '*': points });
    });
  });

  describe('has functions', () => {
    it.each<[string, Record<number, number>]>([
      ['abs(sum:signed{*})', { 0: 2, 60: 8, 180: 2 }],
      ['log2(sum:signed{*})', { 60: 3, 180: 1 }],
      ['log10(100 * sum:gaps{*})', { 0: 2, 180: Math.log10(400) }],
      ['cumsum(sum:signed{*})', { 0: -2, 60: 6, 180: 8 }],
      ['diff(sum:signed{*})', { 60: 10, 180: -6 }],
      ['derivative(sum:signed{*})', { 60: 10 / 60, 180: -6 / 120 }],
      ['per_second(sum:signed{*})', { 60: 10 / 60, 180: -6 / 120 }],
      ['per_minute(sum:signed{*})', { 60: 10, 180: -3 }],
      ['per_hour(sum:signed{*})', { 60: 600, 180: -180 }],
      ['ewma_5(sum:signed{*})', { 0: -2, 60: 4 / 3, 180: 14 / 9 }],
      ["moving_rollup(sum:signed{*}, 180, 'sum')", { 0: -2, 60: 6, 120: 6, 180: 10, 240: 2, 300: 2 }],
      ['moving_rollup(sum:signed{*}, 120)', { 0: -2, 60: 3, 120: 8, 180: 2, 240: 2 }],
      ["moving_rollup(sum:signed{*}, 120, 'min')", { 0: -2, 60: -2, 120: 8, 180: 2, 240: 2 }],
      ["moving_rollup(sum:signed{*}, 120, 'max')", { 0: -2, 60: 8, 120: 8, 180: 2, 240: 2 }],
      ["moving_rollup(sum:signed{*}, 120, 'count')", { 0: 1, 60: 2, 120: 1, 180: 1, 240: 1 }],
      ['clamp_min(sum:signed{*}, 0)', { 0: 0, 60: 8, 180: 2 }],
      ['clamp_max(sum:signed{*}, 3)', { 0: -2, 60: 3, 180: 2 }],
      ['hour_before(sum:earlier{*})', { 0: 1, 3480: 5 }],
      ['day_before(sum:earlier{*})', { 0: 2 }],
      ['week_before(sum:earlier{*})', { 0: 3 }],
      ['month_before(sum:earlier{*})', { 0: 4 }],
      ['timeshift(sum:earlier{*}, -3600)', { 0: 1, 3480: 5 }],
      ['timeshift(sum:earlier{*}, -90)', { 60: 10, 0: 5 }],
      ['timeshift(hour_before(sum:earlier{*}), -82800)', { 0: 2 }],
    ])('%s', async (query, points) => {
      expect(rounded(await told(query))).toEqual(rounded({ '*': points }));
    });

    it('that replace gaps by zero', async () => {
      const range = { to: HOUR_START + 4 * MINUTE_MS };
      expect(await told('default_zero(sum:gaps{*})', range)).toEqual({
        '*': { 0: 1, 60: 0, 120: 0, 180: 4 },
      });
      expect(await told('default_zero(sum:nothing{*})', range)).toEqual({
        '*': { 0: 0, 60: 0, 120: 0, 180: 0 },
      });
    });

    it.each<[string, string[]]>([
      ['top(sum:ranked{*} by {n}, 2)', ['n:0', 'n:1']],
      ["top(sum:ranked{*} by {n}, 2, 'max', 'desc')", ['n:0', 'n:1']],
      ["top(sum:ranked{*} by {n}, 2, 'max', 'asc')", ['n:3', 'n:2']],
      ["top(sum:ranked{*} by {n}, 1, 'min')", ['n:2']],
      ["top(sum:ranked{*} by {n}, 1, 'last', 'asc')", ['n:3']],
      ["top(sum:ranked{*} by {n}, 1, 'sum')", ['n:0']],
      ["top(sum:ranked{*} by {n}, 1, 'area')", ['n:0']],
      ["top(sum:ranked{*} by {n}, 2, 'l2norm')", ['n:0', 'n:1']],
    ])('%s', async (query, groups) => {
      expect(Object.keys(await told(query))).toEqual(groups);
    });
  });

  describe('calculates', () => {
    it.each<[string, Told]>([
      ['sum:hits{service:web} + sum:speed{*} * 2', { '*': { 0: 14, 60: 8 } }],
      ['(sum:hits{service:web} + sum:speed{*}) * 2', { '*': { 0: 20, 60: 14 } }],
      ['-sum:hits{service:web} - 1', { '*': { 0: -7, 60: -7 } }],
      ['12 / sum:hits{service:web}', { '*': { 0: 2, 60: 2 } }],
      ['sum:hits{service:web} / 0', {}],
      ['100 * sum:errors{*}.as_count() / sum:hits{*}.as_count()', { '*': { 0: 18.75, 60: 0 } }],
      ['sum:errors{*} / sum:hits{*}', { '*': { 0: 0.1875 } }],
      ['sum:errors{*}.as_count() + sum:hits{*}.as_count()', { '*': { 0: 19, 60: 6 } }],
      [
        'sum:hits{*} by {service} / sum:hits{*}',
        { 'service:api': { 0: 0.625 }, 'service:web': { 0: 0.375, 60: 1 } },
      ],
      [
        'sum:errors{*} by {service}.as_count() / sum:hits{*} by {service}.as_count()',
        { 'service:web': { 0: 0.5, 60: 0 }, 'service:api': { 0: 0 } },
      ],
      ['sum:errors{*} by {service} / sum:hits{*} by {service}', { 'service:web': { 0: 0.5 } }],
    ])('%s', async (query, series) => {
      expect(await told(query)).toEqual(series);
    });
  });

  describe('can be one of several queries', () => {
    const QUERIES = [
      metric('sum:errors{*} by {service}.as_count()', 'errors'),
      metric('sum:hits{*} by {service}.as_count()', 'hits'),
    ];

    it('which are all returned without formulas', async () => {
      expect(await askForSeries(app, 'production', QUERIES)).toEqual({
        'service:web': { 0: 3 },
        '1 service:api': { 0: 10 },
        '1 service:web': { 0: 6, 60: 6 },
      });
    });

    it('with formulas', async () => {
      const formulas = [
        { formula: 'hits - errors' },
        { formula: 'hour_before(hits) + hits' },
        { formula: 'hits', limit: { count: 1, order: 'asc' } },
        { formula: 'hits', limit: { count: 1 } },
        { formula: 'default_zero(errors)', limit: { count: 1, order: 'desc' } },
      ];
      const to = HOUR_START + 3 * MINUTE_MS;
      expect(await askForSeries(app, 'production', QUERIES, { formulas, to })).toEqual({
        'service:api': { 0: 10 },
        'service:web': { 0: 3, 60: 6 },
        '1 service:api': { 0: 10 },
        '1 service:web': { 0: 6, 60: 6 },
        '2 service:web': { 0: 6, 60: 6 },
        '3 service:api': { 0: 10 },
        '4 service:web': { 0: 3, 60: 0, 120: 0 },
      });
    });

    it('and is named by its position if it has no name', async () => {
      const queries = [
        { data_source: 'metrics', query: 'sum:errors{*}' },
        { data_source: 'metrics', query: 'sum:hits{*}' },
      ];
      const formulas = [{ formula: 'query2 - query1' }];
      expect(await askForSeries(app, 'production', queries, { formulas })).toEqual({ '*': { 0: 13 } });
    });

    it('over the instants of each query', async () => {
      const queries = [
        metric('sum:hits{*}.rollup(sum, 60)', 'a'),
        metric('sum:hits{*}.rollup(sum, 120)', 'b'),
      ];
      expect(await askForSeries(app, 'production', queries)).toEqual({
        '*': { 0: 16, 60: 6 },
        '1 *': { 0: 22 },
      });
    });
  });

  describe('becomes a number', () => {
    it.each([
      ['avg', 12.5],
      ['mean', 12.5],
      ['sum', 25],
      ['min', 5],
      ['max', 20],
      ['last', 20],
      ['l2norm', Math.sqrt(425)],
      ['area', 25 * 60],
    ])('%s', async (aggregator, value) => {
      // An hour is drawn by the minute.
      const query = { ...metric('sum:load{host:web-1 OR service:api}.rollup(max)'), aggregator };
      const from = HOUR_START + 60_000;
      expect(await askForTable(app, 'production', [query], { from })).toEqual({ a: [value] });
    });

    it('per group', async () => {
      const queries = [
        { ...metric('sum:errors{*} by {service}.as_count()', 'errors'), aggregator: 'sum' },
        { ...metric('sum:hits{*} by {service}.as_count()', 'hits'), aggregator: 'sum' },
      ];
      const formulas = [
        { formula: 'errors' },
        { formula: 'hits' },
        { formula: '100 * errors / hits' },
        { formula: 'default_zero(errors)' },
      ];
      expect(await askForTable(app, 'production', queries, { formulas })).toEqual({
        service: [['web'], ['api']],
        errors: [3, null],
        hits: [12, 10],
        '100 * errors / hits': [25, 0],
        'default_zero(errors)': [3, null],
      });
      expect(
        await askForTable(app, 'production', queries, {
          formulas: [{ formula: 'hits', limit: { count: 1, order: 'asc' } }],
        }),
      ).toEqual({ service: [['api']], hits: [10] });
    });

    it('for the groups of each query', async () => {
      const queries = [
        { ...metric('sum:load{host:*} by {host}', 'hosts'), aggregator: 'max' },
        { ...metric('sum:load{*} by {env}', 'envs'), aggregator: 'max' },
        { ...metric('sum:load{*}', 'all'), aggregator: 'max' },
      ];
      expect(await askForTable(app, 'production', queries)).toEqual({
        host: [['web-1'], ['web-2'], [], [], [], []],
        env: [[], [], ['N/A'], ['prod'], ['staging'], []],
        hosts: [5, 4, null, null, null, null],
        envs: [null, null, 100, 6, 20, null],
        all: [null, null, null, null, null, 116],
      });
    });

    it('and null without data', async () => {
      const query = { ...metric('sum:nothing{*}'), aggregator: 'sum' };
      expect(await askForTable(app, 'production', [query])).toEqual({ a: [] });
      const grouped = { ...metric('sum:nothing{*} by {env}'), aggregator: 'sum' };
      expect(await askForTable(app, 'production', [grouped])).toEqual({ env: [], a: [] });
    });
  });
});
