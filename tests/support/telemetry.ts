import { adminKeys, type OrgKey } from './account.ts';
import type { TestApp } from './app.ts';

const SECOND = 1000;

/** The start of an hour that is over, in milliseconds since the epoch: telemetry of tests begins there. */
export const HOUR_START = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 3_600_000;

/** What a metric's series are sent as. */
interface SentSeries {
  metric: string;
  type?: 'count' | 'rate' | 'gauge';
  tags?: readonly string[];
  host?: string;
  interval?: number;
  /** By seconds after {@link HOUR_START}. */
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

/** Sends logs to an organization; each at so many seconds after {@link HOUR_START}. */
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

async function send(app: TestApp, org: OrgKey, path: string, body: unknown): Promise<void> {
  const { 'DD-API-KEY': apiKey = '' } = adminKeys(org);
  const answer = await app.call('POST', path, { 'DD-API-KEY': apiKey }, body);
  if (answer.status !== 202) throw new Error(`${path} was not accepted: ${JSON.stringify(answer.body)}`);
}

/** A request for series over the hour of the tests, in intervals of a minute unless told otherwise. */
export function timeseriesRequest(queries: readonly object[], attributes: object = {}) {
  return {
    data: {
      type: 'timeseries_request',
      attributes: { from: HOUR_START, to: HOUR_START + 3_600_000, interval: 60_000, queries, ...attributes },
    },
  };
}

/** A request for one value for each group over the hour of the tests. */
export function scalarRequest(queries: readonly object[], attributes: object = {}) {
  return {
    data: {
      type: 'scalar_request',
      attributes: { from: HOUR_START, to: HOUR_START + 3_600_000, queries, ...attributes },
    },
  };
}
