import { v1, v2 } from '@datadog/datadog-api-client';
import { beforeAll, expect, it } from 'vitest';
import { adminKeys, ORG } from '../support/account.ts';
import { configureClient, expectParsed } from '../support/official-client.ts';
import { HOUR_START, sendLogs, sendSeries } from '../support/telemetry.ts';
import { setUpApp, setUpServer } from '../support/setup-app.ts';

const app = setUpApp();
const server = setUpServer(app);
let metrics: v2.MetricsApi;

beforeAll(async () => {
  metrics = new v2.MetricsApi(configureClient(server.url, adminKeys('security')));
  for (const source of ['production', 'staging'] as const) {
    await app.connect(source, 'security', { connection_types: ['metrics', 'logs'] });
  }
  const metric = 'datadog.estimated_usage.events.ingested_events';
  const events = (service: string, env: string, points: Record<number, number>) =>
    ({ metric, type: 'count', tags: [`env:${env}`, `service:${service}`], points }) as const;
  await sendSeries(
    app,
    'production',
    events('web', 'prod', { 0: 10, 30: 20, 60: 5 }),
    events('shop', 'prod', { 0: 7 }),
    events('web', 'test', { 0: 1000 }),
  );
  await sendSeries(app, 'staging', events('web', 'prod', { 0: 100, 60: 200, 120: 300 }));
  await sendLogs(app, 'production', {
    0: { message: 'Placed', service: 'shop', http: { status_code: 200 }, duration: 30 },
    1: { message: 'Failed', service: 'shop', http: { status_code: 500 }, duration: 90 },
    2: { message: 'Paid', service: 'pay', http: { status_code: 200 }, duration: 60 },
  });
});

const QUERY = 'sum:datadog.estimated_usage.events.ingested_events{env:prod} by {service}.as_count()';

/** The example of the product's documentation: the events that two organizations ingest, added up. */
const BOTH: v2.MetricsTimeseriesQuery[] = [
  { dataSource: 'metrics', name: 'query2', query: QUERY, crossOrgUuids: [ORG.production] },
  { dataSource: 'metrics', name: 'query1', query: QUERY, crossOrgUuids: [ORG.staging] },
];

function timeseries(
  queries: v2.TimeseriesQuery[],
  formulas?: v2.QueryFormula[],
): Promise<v2.TimeseriesFormulaQueryResponse> {
  const attributes: v2.TimeseriesFormulaRequestAttributes = {
    from: HOUR_START,
    to: HOUR_START + 3_600_000,
    interval: 60_000,
    queries,
  };
  if (formulas) attributes.formulas = formulas;
  return metrics.queryTimeseriesData({ body: { data: { type: 'timeseries_request', attributes } } });
}

function scalar(
  queries: v2.ScalarQuery[],
  formulas?: v2.QueryFormula[],
): Promise<v2.ScalarFormulaQueryResponse> {
  const attributes: v2.ScalarFormulaRequestAttributes = {
    from: HOUR_START,
    to: HOUR_START + 3_600_000,
    queries,
  };
  if (formulas) attributes.formulas = formulas;
  return metrics.queryScalarData({ body: { data: { type: 'scalar_request', attributes } } });
}

it('queryTimeseriesData adds up the events that two organizations ingest', async () => {
  const answer = await timeseries(BOTH, [{ formula: 'query2 + query1' }]);
  expectParsed(answer);
  expect(answer.data?.type).toBe('timeseries_response');
  expect(answer.data?.attributes).toMatchObject({
    series: [
      { groupTags: ['service:shop'], queryIndex: 0 },
      { groupTags: ['service:web'], queryIndex: 0 },
    ],
    times: [HOUR_START, HOUR_START + 60_000, HOUR_START + 120_000],
    values: [
      [7, null, null],
      [130, 205, 300],
    ],
  });
});

it('queryTimeseriesData gives each query without a formula', async () => {
  const answer = await timeseries(BOTH);
  expectParsed(answer);
  expect(
    answer.data?.attributes?.series?.map(({ groupTags, queryIndex }) => [groupTags, queryIndex]),
  ).toEqual([
    [['service:shop'], 0],
    [['service:web'], 0],
    [['service:web'], 1],
  ]);
});

it('queryScalarData adds them up over the whole time', async () => {
  const queries = [ORG.production, ORG.staging].map((source, index): v2.MetricsScalarQuery => ({
    dataSource: 'metrics',
    name: `query${2 - index}`,
    query: QUERY,
    aggregator: 'sum',
    crossOrgUuids: [source],
  }));
  const answer = await scalar(queries, [{ formula: 'query2 + query1', limit: { count: 10, order: 'desc' } }]);
  expectParsed(answer);
  expect(answer.data?.attributes?.columns).toMatchObject([
    { name: 'service', type: 'group', values: [['web'], ['shop']] },
    { name: 'query2 + query1', type: 'number', values: [635, 7] },
  ]);
});

it('queryScalarData and queryTimeseriesData take logs', async () => {
  const query = {
    dataSource: 'logs' as const,
    name: 'a',
    compute: { aggregation: 'avg' as const, metric: '@duration' },
    search: { query: '@http.status_code:>=200' },
    indexes: ['*'],
    groupBy: [
      { facet: 'service', limit: 10, sort: { aggregation: 'count' as const, order: 'desc' as const } },
    ],
    crossOrgUuids: [ORG.production],
  };
  const table = await scalar([query]);
  expectParsed(table);
  expect(table.data?.attributes?.columns).toMatchObject([
    { name: 'service', type: 'group', values: [['pay'], ['shop']] },
    { name: 'a', type: 'number', values: [60, 60] },
  ]);
  const series = await timeseries([{ ...query, compute: { aggregation: 'count' } }]);
  expectParsed(series);
  expect(series.data?.attributes).toMatchObject({
    series: [{ groupTags: ['service:pay'] }, { groupTags: ['service:shop'] }],
    times: [HOUR_START],
    values: [[1], [2]],
  });
});

it('both answer that there is no data as the real service does', async () => {
  const series = await timeseries([{ dataSource: 'metrics', name: 'a', query: 'avg:nothing{*}' }]);
  expect(series.data?.attributes).toMatchObject({ series: [], times: [], values: [] });
  const table = await scalar([
    { dataSource: 'metrics', name: 'a', query: 'avg:nothing{*}', aggregator: 'avg' },
  ]);
  expect(table.data?.attributes?.columns).toMatchObject([{ name: 'a', type: 'number', values: [] }]);
});

it('listActiveMetrics and listTagsByMetricName list metrics and tags', async () => {
  const configuration = configureClient(server.url, adminKeys('production'));
  const names = await new v1.MetricsApi(configuration).listActiveMetrics({ from: HOUR_START / 1000 });
  expectParsed(names);
  expect(names.metrics).toEqual(['datadog.estimated_usage.events.ingested_events']);
  const tags = await new v2.MetricsApi(configuration).listTagsByMetricName({
    metricName: 'datadog.estimated_usage.events.ingested_events',
    filterMatch: 'service',
  });
  expectParsed(tags);
  expect(tags.data?.attributes?.tags).toEqual(['service:shop', 'service:web']);
});
