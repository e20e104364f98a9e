import { describe, expect, it } from 'vitest';
import { PATHS } from '../../../src/contract/paths.ts';
import type { Database } from '../../../src/server/db/database.ts';
import type { Dependencies } from '../../../src/server/http/env.ts';
import { Metrics } from '../../../src/server/http/metrics.ts';
import { RateLimiter } from '../../../src/server/http/rate-limits.ts';
import { adminKeys, ORG, productionKeys } from '../../support/account.ts';
import { createTestApp, startApp, type TestApp } from '../../support/app.ts';
import { describeOnBothDatabases, hasServer, openServerCopy } from '../../support/databases.ts';
import { setUpApp } from '../../support/setup-app.ts';
import {
  makeReadsEndless,
  sendLogs,
  sendPipelines,
  sendSeries,
  sendTests,
  timeseriesRequest,
} from '../../support/telemetry.ts';
import { SOON } from '../../support/time-factor.ts';

const TOKEN = 'token-of-metrics-0000';
const QUERY = `${PATHS.queries}/timeseries`;

const metricsOf = (database: Database, perOrg = false) =>
  new Metrics({ token: TOKEN, perOrg, connections: () => database.connections() });

const load = (query = 'sum:load{*}', source: string = ORG.production) =>
  timeseriesRequest([{ data_source: 'metrics', name: 'a', query, cross_org_uuids: [source] }]);

/** Returns the value of each sample by its name and labels, such as `name{label="value"}`. */
async function scrape(app: TestApp): Promise<Record<string, number>> {
  const response = await app.request('/metrics', { headers: { Authorization: `Bearer ${TOKEN}` } });
  expect(response.status).toBe(200);
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

describeOnBothDatabases('metrics', (open) => {
  const off = setUpApp({}, open);
  const start = (perOrg = false, overrides: Partial<Dependencies> = {}) =>
    createTestApp(off.database, { metrics: metricsOf(off.database, perOrg), ...overrides });

  it('are Prometheus text, which no cache keeps', async () => {
    const response = await start().request('/metrics', { headers: { Authorization: `bearer ${TOKEN}` } });
    expect(response.headers.get('Content-Type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    const text = await response.text();
    expect(text).toContain('# TYPE http_request_duration_seconds histogram\n');
    expect(text).toContain('\nprocess_cpu_seconds_total ');
  });

  it.each([
    ['without a token', {}],
    ['with another token', { Authorization: `Bearer ${TOKEN}0` }],
    ['with the token in another scheme', { Authorization: `Basic ${TOKEN}` }],
    ['with the token alone', { Authorization: TOKEN }],
  ])('are refused %s', async (_, headers: Record<string, string>) => {
    const response = await start().request('/metrics', { headers });
    expect(response.status).toBe(401);
    expect(response.headers.get('WWW-Authenticate')).toBe('Bearer');
    expect(await response.json()).toEqual({ errors: ['Unauthorized'] });
  });

  it('are an unknown path if they are off', async () => {
    const response = await off.request('/metrics', { headers: { Authorization: `Bearer ${TOKEN}` } });
    const unknown = await off.call('GET', '/unknown');
    expect({ status: response.status, body: await response.json() }).toEqual(unknown);
    expect(unknown.status).toBe(404);
  });

  it('count requests by the pattern of their route, never by their path', async () => {
    const app = start();
    const id = await app.connect('production', 'security');
    await app.call('GET', `${PATHS.orgConnections}/${id}`, adminKeys('production'));
    await app.call('GET', `${PATHS.orgConnections}/secret`, adminKeys('production'));
    await app.call('GET', `${PATHS.orgConnections}/secret`);
    await app.call('GET', '/secret');
    await app.call('GET', '/api/secret');
    await app.request('/healthz', { method: 'SECRET' });
    const samples = await scrape(app);
    const counted = Object.entries(samples).filter(([name]) => name.includes('_seconds_count{'));
    const route = `${PATHS.orgConnections}/:connection_id`;
    expect(Object.fromEntries(counted)).toMatchObject({
      [durations('POST', PATHS.orgConnections, 200)]: 1,
      [durations('GET', route, 200)]: 1,
      [durations('GET', route, 400)]: 1,
      [durations('GET', `${PATHS.orgConnections}/*`, 401)]: 1,
      [durations('GET', '/api/*', 404)]: 1,
      [durations('GET', '/*', 404)]: 1,
      [durations('other', '/*', 404)]: 1,
    });
    expect(JSON.stringify(samples)).not.toMatch(/secret/i);
    expect(JSON.stringify(samples)).not.toContain(id);
    expect(samples).toMatchObject({ 'http_requests_total{status="200"}': 2 });
  });

  it('count ingested items and losses', async () => {
    const app = start();
    await sendSeries(app, 'production', { metric: 'load', points: { 0: 1, 10: 2, 20: 3 } });
    await sendLogs(app, 'production', { 0: { message: 'one' }, 1: { message: 'two' }, [-9_999_999]: {} });
    await sendPipelines(app, 'production', { 0: {}, 1: {} });
    await sendTests(app, 'production', { 0: {}, 1: { 'test.status': 'unknown' } });
    expect(await scrape(app)).toMatchObject({
      'ingested_items_total{source="points"}': 3,
      'ingested_items_total{source="logs"}': 2,
      'ingested_items_total{source="ci_pipelines"}': 2,
      'ingested_items_total{source="ci_tests"}': 1,
      'dropped_items_total{reason="malformed"}': 1,
      'dropped_items_total{reason="too_old"}': 1,
    });
  });

  it('count completed and refused queries, and connections of the database', async () => {
    const app = start();
    await app.call('POST', QUERY, adminKeys('production'), load());
    await app.call('POST', QUERY, adminKeys('production'), load('sum:load{'));
    await app.call('POST', QUERY, adminKeys('production'), load(undefined, ORG.globex));
    const samples = await scrape(app);
    expect(samples).toMatchObject({
      'telemetry_queries_total{outcome="completed"}': 1,
      'telemetry_queries_total{outcome="refused"}': 2,
      telemetry_queries_running: 0,
      telemetry_queries_waiting: 0,
      'database_connections{state="waiting"}': 0,
    });
    expect(samples['database_connections{state="total"}']).toBeGreaterThan(0);
    expect(samples).toHaveProperty(['database_connections{state="idle"}']);
  });

  it('count requests past a rate limit', async () => {
    const rateLimiter = new RateLimiter({ api: 2, queries: 0, intake: 0 }, () => 0);
    const app = start(false, { rateLimiter });
    for (let count = 0; count < 5; count += 1) {
      await app.call('GET', PATHS.orgConnections, productionKeys('reader'));
    }
    expect(await scrape(app)).toMatchObject({ rate_limited_requests_total: 4 });
  });

  it('name organizations only if asked to', async () => {
    for (const perOrg of [false, true]) {
      const app = start(perOrg);
      await sendSeries(app, 'staging', { metric: 'load', points: { 0: 1 } });
      await app.call('POST', QUERY, adminKeys('staging'), load(undefined, ORG.staging));
      await app.call('GET', '/healthz');
      const samples = await scrape(app);
      const org = perOrg ? `,org="${ORG.staging}"` : '';
      expect(samples).toMatchObject({
        [`http_requests_total{status="202"${org}}`]: 1,
        [`http_requests_total{status="200"${org}}`]: perOrg ? 1 : 2,
        [`ingested_items_total{source="points"${org}}`]: 1,
        [`telemetry_queries_total{outcome="completed"${org}}`]: 1,
      });
      expect(JSON.stringify(samples).includes(ORG.staging)).toBe(perOrg);
    }
  });
});

describe.skipIf(!hasServer())('metrics of queries', () => {
  it('tell running from waiting ones, and how they ended', async () => {
    const database = await openServerCopy();
    try {
      const metrics = metricsOf(database);
      const app = await startApp(database, { metrics, concurrentQueries: 1, queryWaitMs: 1_000 });
      await app.connect('production', 'security');
      await makeReadsEndless(database, 'production');
      const client = new AbortController();
      const send = (signal?: AbortSignal) =>
        app.request(QUERY, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', ...adminKeys('security') },
          body: JSON.stringify(load()),
          ...(signal && { signal }),
        });
      const running = send(client.signal);
      await expect.poll(() => scrape(app), SOON).toMatchObject({ telemetry_queries_running: 1 });
      const waiting = send();
      await expect
        .poll(() => scrape(app), SOON)
        .toMatchObject({
          telemetry_queries_running: 1,
          telemetry_queries_waiting: 1,
        });
      expect((await waiting).status).toBe(503);
      client.abort();
      await running;
      expect(await scrape(app)).toMatchObject({
        telemetry_queries_running: 0,
        telemetry_queries_waiting: 0,
        'telemetry_queries_total{outcome="waited_too_long"}': 1,
        'telemetry_queries_total{outcome="disconnected"}': 1,
      });
    } finally {
      await database.close();
    }
  });

  it('count queries that were cut off', async () => {
    const database = await openServerCopy();
    try {
      const app = await startApp(database, { metrics: metricsOf(database), queryTimeoutMs: 500 });
      await makeReadsEndless(database, 'production');
      await app.call('POST', QUERY, adminKeys('production'), load());
      expect(await scrape(app)).toMatchObject({ 'telemetry_queries_total{outcome="cut_off"}': 1 });
    } finally {
      await database.close();
    }
  });
});

function durations(method: string, route: string, status: number): string {
  return `http_request_duration_seconds_count{method="${method}",route="${route}",status="${status}"}`;
}
