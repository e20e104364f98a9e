import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Db, Scope } from '../../db/scope.ts';
import { findLastPointAt } from '../../store/metric-points.ts';
import { type BackgroundWork, repeat } from '../../telemetry/background.ts';
import { ingestEvents, ingestPoints } from '../../telemetry/ingest.ts';
import { demoCi } from './ci.ts';
import { demoLogs } from './logs.ts';
import { demoMetrics, EVENTS_METRIC } from './metrics.ts';
import { WORLDS } from './world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Maximum age of generated telemetry. */
const PAST = 24 * HOUR;

/** Period generated at once per organization: short, so that requests wait only briefly. */
const CHUNK = 2 * HOUR;

/** An organization of the demo account. */
interface DemoOrg extends Scope {
  name: string;
}

interface DemoTelemetry {
  db: Db;
  orgs: readonly DemoOrg[];
  now: () => number;
  /** Pause between two chunks of the past, for requests. */
  pauseMs?: number;
}

/** Generates the demo's telemetry in the background until stopped: first what is missing of the last day, then new telemetry. */
export function startDemoTelemetry({
  log,
  ...telemetry
}: DemoTelemetry & { log: Pick<Logger, 'error'> }): BackgroundWork {
  return repeat(createEmitter(telemetry), {
    log,
    failure: 'telemetry of the demo account could not be stored',
    firstAfterMs: 500,
    everyMs: 20_000,
  });
}

/**
 * Returns a function that brings every organization's telemetry up to date. Telemetry is a fixed function of organization and
 * time, so generating a period twice, after a failure or on two servers, stores it once.
 *
 * @internal Exported for tests.
 */
export function createEmitter({ db, orgs, now, pauseMs = 100 }: DemoTelemetry) {
  const storedUntil = new Map<DemoOrg, number>();

  return async function catchUp(signal: AbortSignal): Promise<void> {
    const until = now();
    for (const org of orgs) if (!storedUntil.has(org)) storedUntil.set(org, await findLastStored(org, until));
    // Organizations in turn, oldest period first: if this stops early, no gap remains before what is stored.
    for (let from = until - PAST; from < until; from += CHUNK) {
      const to = Math.min(from + CHUNK, until);
      for (const org of orgs) {
        if (signal.aborted) return;
        const since = Math.max(from, storedUntil.get(org) ?? from);
        if (since >= to) continue;
        await emit(org, since, to);
        storedUntil.set(org, to);
        if (to < until) await sleep(pauseMs, undefined, { signal });
      }
    }
  };

  async function findLastStored(org: DemoOrg, until: number): Promise<number> {
    return Math.max(until - PAST, await findLastPointAt(db, org.orgId, EVENTS_METRIC));
  }

  async function emit(org: DemoOrg, from: number, to: number): Promise<void> {
    const world = WORLDS[org.name];
    if (world === undefined) return;
    const events = [...demoLogs(org.name, world, from, to), ...demoCi(org.name, world, from, to)];
    if (events.length > 0) await ingestEvents(db, org, events);
    // Last, because the latest point marks how far the organization is stored.
    const points = demoMetrics(org.name, world, from, to);
    if (points.some((series) => series.points.length > 0)) await ingestPoints(db, org, points);
  }
}
