import { sql } from 'kysely';
import type { Database } from '../../src/server/db/database.ts';
import { adminKeys, ORG, type OrgKey } from './account.ts';
import type { TestApp } from './app.ts';

const SECOND = 1000;

/** Start of a past hour (epoch ms), when the telemetry of tests begins. */
export const HOUR_START = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 3_600_000;

/** Series of a metric to send. */
interface SentSeries {
  metric: string;
  type?: 'count' | 'rate' | 'gauge';
  tags?: readonly string[];
  host?: string;
  interval?: number;
  /** Values by seconds after {@link HOUR_START}. */
  points: Record<number, number>;
}

const TYPES = { count: 1, rate: 2, gauge: 3 };

/** Sends series to an organization, as an agent does. */
export async function sendSeries(app: TestApp, org: OrgKey, ...all: SentSeries[]): Promise<void> {
  const series = all.map(({ metric, type = 'gauge', tags = [], host, interval, points }) => ({
    metric,
    type: TYPES[type],
    tags,
    interval,
    resources: host === undefined ? [] : [{ type: 'host', name: host }],
    points: Object.entries(points).map(([seconds, value]) => ({
      timestamp: HOUR_START / SECOND + Number(seconds),
      value,
    })),
  }));
  await send(app, org, '/api/v2/series', { series });
}

/** Sends logs to an organization, by seconds after {@link HOUR_START}. */
export async function sendLogs(
  app: TestApp,
  org: OrgKey,
  logs: Record<number, Record<string, unknown>>,
): Promise<void> {
  const items = Object.entries(logs).map(([seconds, log]) => ({
    message: '',
    ...log,
    timestamp: HOUR_START + Number(seconds) * SECOND,
  }));
  await send(app, org, '/api/v2/logs', items);
}

/**
 * Sends what ran in CI to an organization: each pipeline, which began at so many seconds after {@link HOUR_START} and
 * took a second, with what it has besides the usual.
 */
export async function sendPipelines(
  app: TestApp,
  org: OrgKey,
  pipelines: Record<number, Record<string, unknown>>,
): Promise<void> {
  const data = Object.entries(pipelines).map(([seconds, pipeline]) => ({
    type: 'cipipeline_resource_request',
    attributes: {
      resource: {
        level: 'pipeline',
        unique_id: `run-at-${seconds}`,
        name: 'deploy',
        url: 'https://ci.acme.example/1',
        start: momentAt(Number(seconds)),
        end: momentAt(Number(seconds) + 1),
        status: 'success',
        partial_retry: false,
        ...pipeline,
      },
    },
  }));
  await send(app, org, '/api/v2/ci/pipeline', { data });
}

/** Sends tests that ran to an organization, likewise. */
export async function sendTests(
  app: TestApp,
  org: OrgKey,
  tests: Record<number, Record<string, unknown>>,
): Promise<void> {
  const data = Object.entries(tests).map(([seconds, test]) => ({
    type: 'ci_test',
    attributes: {
      'test.name': 'adds',
      'test.suite': 'sums',
      'test.status': 'pass',
      start: momentAt(Number(seconds)),
      duration: 1_000_000_000,
      ...test,
    },
  }));
  await send(app, org, '/api/v2/events/ci_tests', { data });
}

function momentAt(seconds: number): string {
  return new Date(HOUR_START + seconds * SECOND).toISOString();
}

async function send(app: TestApp, org: OrgKey, path: string, body: unknown): Promise<void> {
  const { 'DD-API-KEY': apiKey = '' } = adminKeys(org);
  const answer = await app.call('POST', path, { 'DD-API-KEY': apiKey }, body);
  if (answer.status !== 202) throw new Error(`${path} was not accepted: ${JSON.stringify(answer.body)}`);
}

/** Returns a request for series over the hour of the tests, in intervals of a minute by default. */
export function timeseriesRequest(queries: readonly object[], attributes: object = {}) {
  return {
    data: {
      type: 'timeseries_request',
      attributes: { from: HOUR_START, to: HOUR_START + 3_600_000, interval: 60_000, queries, ...attributes },
    },
  };
}

/** Returns a request for one value per group over the hour of the tests. */
export function scalarRequest(queries: readonly object[], attributes: object = {}) {
  return {
    data: {
      type: 'scalar_request',
      attributes: { from: HOUR_START, to: HOUR_START + 3_600_000, queries, ...attributes },
    },
  };
}

/** Values of series: by group (`*` without one, after the position of any but the first formula), and by seconds. */
export type Told = Record<string, Record<number, number>>;

/** Requests series as an administrator. */
export async function askForSeries(
  app: TestApp,
  org: OrgKey,
  queries: readonly object[],
  attributes: object = {},
): Promise<Told> {
  const request = timeseriesRequest(queries, attributes);
  const { status, body } = await app.call('POST', '/api/v2/query/timeseries', adminKeys(org), request);
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
  const { series, times, values } = (body as { data: { attributes: SeriesAttributes } }).data.attributes;
  return Object.fromEntries(
    series.map(({ group_tags: tags, query_index: index }, place) => [
      `${index === 0 ? '' : `${index} `}${tags.length === 0 ? '*' : tags.join()}`,
      Object.fromEntries(
        times.flatMap((time, at) => {
          const value = values[place]?.[at] ?? null;
          return value === null ? [] : [[(time - HOUR_START) / SECOND, value]];
        }),
      ),
    ]),
  );
}

interface SeriesAttributes {
  series: { group_tags: string[]; query_index: number }[];
  times: number[];
  values: (number | null)[][];
}

/** Requests a table as an administrator. Returns its columns by name. */
export async function askForTable(
  app: TestApp,
  org: OrgKey,
  queries: readonly object[],
  attributes: object = {},
): Promise<Record<string, unknown[]>> {
  const request = scalarRequest(queries, attributes);
  const { status, body } = await app.call('POST', '/api/v2/query/scalar', adminKeys(org), request);
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
  const { columns } = (body as { data: { attributes: { columns: { name: string; values: unknown[] }[] } } })
    .data.attributes;
  return Object.fromEntries(columns.map(({ name, values }) => [name, values]));
}

/** Returns values without their last digits, which depend on the order of additions. */
export function rounded(told: Told): Told {
  return Object.fromEntries(
    Object.entries(told).map(([group, points]) => [
      group,
      Object.fromEntries(Object.entries(points).map(([time, value]) => [time, roundedOff(value)])),
    ]),
  );
}

/** Returns a number without its last digits. */
export function roundedOff(value: number): number {
  return Math.round(value * 1e9) / 1e9 + 0;
}

/** Changes the database so that reads of an organization's telemetry never end. */
export async function makeReadsEndless({ db }: Database, org: OrgKey): Promise<void> {
  await sql`
    create or replace function telemetry_org() returns uuid language plpgsql stable as $$
    begin
      if current_setting('app.telemetry_org', true) = '${sql.raw(ORG[org])}' then
        perform pg_sleep(60);
      end if;
      return coalesce(nullif(current_setting('app.telemetry_org', true), '')::uuid, current_org());
    end
    $$`.execute(db);
}
