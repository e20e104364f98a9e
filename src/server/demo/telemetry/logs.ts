import { readLog } from '../../../rules/telemetry/logs.ts';
import { readWhole } from '../../../rules/telemetry/losses.ts';
import type { Window } from '../../../rules/telemetry/retention.ts';
import { digestId } from '../../store/digest-id.ts';
import type { NewEvent } from '../../store/events.ts';
import { hexOf, noise, pick } from './noise.ts';
import { hostsOf, loadOf, type Service, tagsOf, troubleOf, versionOf, type World } from './world.ts';

const MINUTE = 60_000;

/** Window that accepts logs of any time. */
const ALWAYS: Window = { days: Infinity, from: -Infinity, to: Infinity, now: 0 };

const METHODS: Record<string, string> = {
  '/checkout/confirm': 'POST',
  '/cart': 'POST',
  '/login': 'POST',
  '/token': 'POST',
  '/scan': 'POST',
  '/authorize': 'POST',
  '/capture': 'POST',
  '/refund': 'POST',
  '/entries': 'POST',
  '/score': 'POST',
  '/book': 'POST',
  '/ingest': 'POST',
  '/ingest/batch': 'POST',
  '/loads': 'POST',
  '/runs': 'POST',
};

interface Failure {
  kind: string;
  message: string;
  code: number;
}

const FAILURES: readonly [Failure, ...Failure[]] = [
  { kind: 'TimeoutError', message: 'upstream did not answer within 5000 ms', code: 504 },
  { kind: 'ConnectionError', message: 'connect ECONNREFUSED 10.0.3.17:5432', code: 503 },
  { kind: 'DeadlockError', message: 'deadlock detected, transaction rolled back', code: 500 },
  { kind: 'TypeError', message: "Cannot read properties of undefined (reading 'items')", code: 500 },
];

/** Generates logs of an organization after `from` until `to`: a few per minute. */
export function demoLogs(org: string, world: World, from: number, to: number): NewEvent[] {
  const logs: NewEvent[] = [];
  for (let minute = Math.floor(from / MINUTE) * MINUTE; minute <= to; minute += MINUTE) {
    for (const service of world.services) {
      const trouble = troubleOf(org, service.name, minute);
      const expected = 0.35 + 0.9 * loadOf(org, world, minute) + 2 * trouble;
      const count = Math.floor(expected + noise(org, service.name, 'logs', minute));
      for (let index = 0; index < count; index += 1) {
        const time = minute + Math.floor(noise(org, service.name, 'at', minute, index) * MINUTE);
        if (time > from && time <= to) logs.push(log(org, world, service, { time, trouble, index }));
      }
    }
  }
  return logs;
}

interface Moment {
  time: number;
  trouble: number;
  index: number;
}

function log(org: string, world: World, service: Service, { time, trouble, index }: Moment): NewEvent {
  const seed = [org, service.name, time, index] as const;
  const path = pick(service.paths, ...seed, 'path');
  const url = path.replace('{id}', String(1000 + Math.floor(noise(...seed, 'id') * 9000)));
  const method = METHODS[path] ?? 'GET';
  const chance = noise(...seed, 'outcome');
  const failure = chance < 0.015 + 0.5 * trouble ? pick(FAILURES, ...seed, 'failure') : undefined;
  const code =
    failure?.code ??
    (chance > 0.96 ? pick([400, 401, 404, 409], ...seed, 'code') : method === 'GET' ? 200 : 201);
  const milliseconds = Math.round(
    service.latency * 1000 * (0.5 + noise(...seed, 'slow') ** 3 * 4) * (1 + 3 * trouble),
  );
  const item = {
    timestamp: time,
    message: failure
      ? `${method} ${url} failed after ${milliseconds} ms: ${failure.message}`
      : `${method} ${url} ${code} in ${milliseconds} ms`,
    status: failure ? 'error' : code >= 400 ? 'warn' : 'info',
    service: service.name,
    hostname: pick(asList(hostsOf(world, service)), ...seed, 'host'),
    ddsource: 'nodejs',
    http: { method, status_code: code, url, url_details: { path } },
    duration: milliseconds * 1_000_000,
    network: { client: { geoip: { country: { iso_code: countryOf(world, seed) } } } },
    trace_id: hexOf(16, ...seed, 'trace'),
    version: versionOf(org, service.name, time),
    ...(failure && {
      error: {
        kind: failure.kind,
        message: failure.message,
        stack: `${failure.kind}: ${failure.message}\n    at handle (/app/${service.name}/routes.js:${40 + path.length}:11)`,
      },
    }),
  };
  const kept = readWhole((lose) => readLog({ ...item, ddtags: tagsOf(world, service) }, {}, ALWAYS, lose));
  return { ...kept, id: digestId(['demo', 'log', ...seed]), source: 'logs' };
}

function countryOf({ region }: World, seed: readonly (string | number)[]): string {
  return region.startsWith('eu')
    ? pick(['DE', 'FR', 'NL', 'IT'], ...seed, 'from')
    : pick(['US', 'US', 'US', 'CA', 'MX'], ...seed, 'from');
}

function asList([first = '', ...others]: readonly string[]): [string, ...string[]] {
  return [first, ...others];
}
