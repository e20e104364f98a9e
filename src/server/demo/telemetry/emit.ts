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

/** How much of the past is made up at most. */
const PAST = 24 * HOUR;

/** What one organization gets at once: little enough for requests to get their turn soon. */
const CHUNK = 2 * HOUR;

/** An organization of the demo account. */
export interface DemoOrg extends Scope {
  name: string;
}

interface DemoTelemetry {
  db: Db;
  orgs: readonly DemoOrg[];
  now: () => number;
  /** What is left to requests between two chunks of the past. */
  pauseMs?: number;
}

/** Keeps telemetry of the demo account coming, in the background, until stopped; first what is missing of the last day. */
export function startDemoTelemetry({
  log,
  ...telemetry
}: DemoTelemetry & { log: Pick<Logger, 'error'> }): BackgroundWork {
  return repeat(createEmitter(telemetry), {
    log,
    failure: 'Telemetry of the demo account could not be kept',
    firstAfterMs: 500,
    everyMs: 20_000,
  });
}

/**
 * Makes a function that brings every organization's telemetry up to date. What was kept before is the same, so that
 * whatever happens twice, after a failure or on two servers, is there once.
 */
export function createEmitter({ db, orgs, now, pauseMs = 100 }: DemoTelemetry) {
  const keptUntil = new Map<DemoOrg, number>();

  return async function catchUp(signal: AbortSignal): Promise<void> {
    const until = now();
    for (const org of orgs) if (!keptUntil.has(org)) keptUntil.set(org, await lastKept(org, until));
    // All in turn, the oldest first: wherever it ends, nothing is missing before what is there.
    for (let from = until - PAST; from < until; from += CHUNK) {
      const to = Math.min(from + CHUNK, until);
      for (const org of orgs) {
        if (signal.aborted) return;
        const since = Math.max(from, keptUntil.get(org) ?? from);
        if (since >= to) continue;
        await emit(org, since, to);
        keptUntil.set(org, to);
        if (to < until) await sleep(pauseMs, undefined, { signal });
      }
    }
  };

  async function lastKept(org: DemoOrg, until: number): Promise<number> {
    return Math.max(until - PAST, await findLastPointAt(db, org.orgId, EVENTS_METRIC));
  }

  async function emit(org: DemoOrg, from: number, to: number): Promise<void> {
    const world = WORLDS[org.name];
    if (world === undefined) return;
    const events = [...demoLogs(org.name, world, from, to), ...demoCi(org.name, world, from, to)];
    if (events.length > 0) await ingestEvents(db, org, events);
    // Last, because the latest point tells how far this has come.
    const points = demoMetrics(org.name, world, from, to);
    if (points.some((series) => series.points.length > 0)) await ingestPoints(db, org, points);
  }
}
