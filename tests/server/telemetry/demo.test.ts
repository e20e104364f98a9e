import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Database } from '../../../src/server/db/database.ts';
import { type Demo, openDemo } from '../../../src/server/demo/account.ts';
import type { NewEvent } from '../../../src/server/store/events.ts';
import type { SeriesPoints } from '../../../src/server/store/metric-points.ts';
import { demoCi } from '../../../src/server/demo/telemetry/ci.ts';
import { createEmitter, startDemoTelemetry } from '../../../src/server/demo/telemetry/emit.ts';
import { demoLogs } from '../../../src/server/demo/telemetry/logs.ts';
import { demoMetrics, EVENTS_METRIC } from '../../../src/server/demo/telemetry/metrics.ts';
import { loadOf, troubleOf, type World, WORLDS } from '../../../src/server/demo/telemetry/world.ts';
import { openTestDatabase } from '../../support/databases.ts';
import { SOON } from '../../support/time-factor.ts';
import { log } from '../../support/log.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A Monday. */
const START = Date.parse('2026-03-02T00:00:00Z');
const ORGS = Object.entries(WORLDS);
const never = new AbortController().signal;

/** By identity; the later of two duplicates counts. */
const byKey = (events: readonly NewEvent[]) =>
  new Map(events.map((event) => [`${event.source} ${event.time} ${event.id}`, event]));
const valuesOf = (all: readonly SeriesPoints[], metric: string) =>
  all.filter((series) => series.metric === metric).flatMap(({ points }) => points.map(({ value }) => value));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const steps = (from: number, to: number, step: number) =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, index) => from + index * step);

const pointsOf = (all: readonly SeriesPoints[]) =>
  new Map(
    all.flatMap(({ metric, tags, points }) =>
      points.map(({ time, value }) => [`${metric} ${tags.join()} ${time}`, value]),
    ),
  );
const meanLoad = (org: string, world: World, from: number) =>
  mean(steps(from, from + HOUR, MINUTE).map((time) => loadOf(org, world, time)));

describe.each(ORGS)('generated telemetry of %s', (org, world) => {
  it('is the same when generated in parts', () => {
    const end = START + 3 * HOUR;
    const pieces = [
      [START, START + 7 * MINUTE + 1234],
      [START + 7 * MINUTE + 1234, START + HOUR],
      [START + HOUR, end],
    ] as const;
    const metrics = pieces.flatMap((piece) => demoMetrics(org, world, ...piece));
    expect(pointsOf(metrics)).toEqual(pointsOf(demoMetrics(org, world, START, end)));
    const logs = pieces.flatMap((piece) => demoLogs(org, world, ...piece));
    expect(byKey(logs)).toEqual(byKey(demoLogs(org, world, START, end)));
    const ci = pieces.flatMap((piece) => demoCi(org, world, ...piece));
    expect(byKey(ci)).toEqual(byKey(demoCi(org, world, START, end)));
  });

  it('has a point per minute of every metric, within bounds', () => {
    const all = demoMetrics(org, world, START, START + DAY);
    for (const { points } of all) {
      expect(points).toHaveLength(DAY / MINUTE);
      expect(points[0]?.time).toBe(START + MINUTE);
    }
    expect(all.length).toBeLessThan(20);
    const within = (metric: string, low: number, high: number) => {
      const values = valuesOf(all, metric);
      expect(Math.min(...values), metric).toBeGreaterThanOrEqual(low);
      expect(Math.max(...values), metric).toBeLessThanOrEqual(high);
    };
    within(EVENTS_METRIC, 1, 10_000);
    within('http.requests', 0, 2_000);
    within('http.request.duration', 0.005, 20);
    within('system.cpu.user', 1, 99);
  });

  it('has a few logs per minute, some of them errors', () => {
    const logs = demoLogs(org, world, START, START + DAY);
    const perMinute = logs.length / (DAY / MINUTE);
    expect(perMinute).toBeGreaterThan(0.3);
    expect(perMinute).toBeLessThan(5);
    const errors = logs.filter(({ attributes }) => attributes.status === 'error').length / logs.length;
    expect(errors).toBeGreaterThan(0.003);
    expect(errors).toBeLessThan(0.25);
    expect(logs[0]).toMatchObject({
      source: 'logs',
      message: expect.stringMatching(/^(GET|POST) \//),
      tags: expect.arrayContaining([`env:${world.env}`]),
      attributes: { service: expect.any(String), 'http.status_code': expect.any(Number) },
    });
  });

  it('has pipelines, most of which succeed, and tests', () => {
    const events = [...byKey(demoCi(org, world, START, START + 5 * DAY)).values()];
    const pipelines = events.filter(({ attributes }) => attributes.ci_level === 'pipeline');
    const perHour = pipelines.length / (5 * 24);
    expect(perHour).toBeGreaterThan(0.1);
    expect(perHour).toBeLessThan(4);
    const succeeded = pipelines.filter(({ attributes }) => attributes['ci.status'] === 'success').length;
    expect(succeeded / pipelines.length).toBeGreaterThan(0.6);
    expect(succeeded).toBeLessThan(pipelines.length);
    const tests = events.filter(({ source }) => source === 'ci_tests');
    expect(new Set(tests.map(({ attributes }) => attributes['test.status']))).toContain('pass');
    expect(tests.length).toBeGreaterThan(pipelines.length);
  });

  it('follows the time of day and the week', () => {
    const afternoon = START + (14 - world.zone) * HOUR;
    const load = meanLoad(org, world, afternoon);
    expect(load).toBeGreaterThan(2 * meanLoad(org, world, afternoon - 11 * HOUR));
    expect(load).toBeGreaterThan(meanLoad(org, world, afternoon + 5 * DAY));
  });
});

describe('generated telemetry', () => {
  it('has one metric in every organization, by service and env', () => {
    for (const [org, world] of ORGS) {
      const shared = demoMetrics(org, world, START, START + MINUTE).filter(
        ({ metric }) => metric === EVENTS_METRIC,
      );
      expect(shared).toHaveLength(world.services.length);
      for (const { type, intervalSeconds, tags } of shared) {
        expect(type).toBe('count');
        expect(intervalSeconds).toBe(60);
        expect(tags).toEqual(
          expect.arrayContaining([`env:${world.env}`, expect.stringMatching(/^service:/)]),
        );
      }
    }
  });

  it('has visible incidents', () => {
    const [org, world] = ORGS[0] as [string, World];
    const troubled: number[] = [];
    const times = steps(START, START + 60 * DAY, 5 * MINUTE);
    for (const time of times) {
      if (troubleOf(org, 'checkout', time) > 0.9) troubled.push(time);
    }
    expect(troubled.length).toBeGreaterThan(0);
    expect(troubled.length / times.length).toBeLessThan(0.03);
    const [worst = 0] = troubled;
    const seconds = (time: number) =>
      mean(
        demoMetrics(org, world, time - MINUTE, time)
          .filter(
            ({ metric, tags }) => metric === 'http.request.duration' && tags.includes('service:checkout'),
          )
          .flatMap(({ points }) => points.map(({ value }) => value)),
      );
    expect(seconds(worst)).toBeGreaterThan(2 * seconds(worst - 2 * HOUR));
  });
});

describe('the emitter', () => {
  let database: Database;
  let orgs: Demo['orgs'];
  let now = START + 3 * DAY;
  beforeAll(async () => {
    database = await openTestDatabase();
    const demo = await openDemo({ db: database.db, log });
    orgs = demo.orgs.filter(({ name }) => name === 'Acme Health' || name === 'Acme Labs');
  });
  afterAll(() => database.close());

  const emitter = (pauseMs = 0) => createEmitter({ db: database.db, orgs, now: () => now, pauseMs });
  const timesOf = async (org: string) => {
    const rows = await database.db
      .selectFrom('metric_point')
      .innerJoin('org', 'org.id', 'metric_point.org_id')
      .select('time')
      .distinct()
      .where('org.name', '=', org)
      .orderBy('time')
      .execute();
    return rows.map(({ time }) => Date.parse(time));
  };
  const countEvents = async () => {
    const { count } = await database.db
      .selectFrom('event')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    return count;
  };
  const expectWholeUntil = async (until: number, minutes: number) => {
    for (const { name } of orgs) {
      expect(await timesOf(name)).toEqual(steps(until - (minutes - 1) * MINUTE, until + 1, MINUTE));
    }
  };

  it('has the organizations of the demo account, which has a short retention', async () => {
    const demo = await openDemo({ db: database.db, log });
    expect(demo.orgs.map(({ name }) => name)).toEqual(Object.keys(WORLDS).toSorted());
    expect(
      await database.db
        .selectFrom('account')
        .select(['metrics_retention_days', 'logs_retention_days', 'ci_retention_days'])
        .execute(),
    ).toEqual([{ metrics_retention_days: 14, logs_retention_days: 7, ci_retention_days: 14 }]);
  });

  it('stops between two steps', async () => {
    const stopping = new AbortController();
    const work = emitter(60_000)(stopping.signal);
    const aborted = expect(work).rejects.toThrow('aborted');
    await vi.waitUntil(async () => (await timesOf('Acme Health')).length > 0, SOON);
    stopping.abort();
    await aborted;
    expect((await timesOf('Acme Health')).length).toBeLessThanOrEqual(120);
  });

  it('generates the last day, then new telemetry, without a gap after a restart', async () => {
    const catchUp = emitter();
    await catchUp(never);
    await expectWholeUntil(now, 24 * 60);
    const events = await countEvents();
    expect(events).toBeGreaterThan(2 * 24 * 20);
    await catchUp(never);
    expect(await countEvents()).toBe(events);

    now += 5 * MINUTE;
    await catchUp(never);
    await expectWholeUntil(now, 24 * 60 + 5);
    expect(await countEvents()).toBeGreaterThan(events);

    now += 90 * MINUTE;
    await emitter()(never);
    await expectWholeUntil(now, 24 * 60 + 95);
  });

  it('logs a failure and continues later', async () => {
    const failures: unknown[] = [];
    now += MINUTE;
    const work = startDemoTelemetry({
      db: database.db,
      orgs: [{ accountId: orgs[0]?.accountId ?? '', orgId: 'no UUID', name: orgs[0]?.name ?? '' }],
      now: () => now,
      log: { error: (details: unknown) => failures.push(details) },
    });
    await expect.poll(() => failures).toHaveLength(1);
    await work.stop();
    await emitter()(never);
    expect((await timesOf('Acme Health')).at(-1)).toBe(now);
  });
});
