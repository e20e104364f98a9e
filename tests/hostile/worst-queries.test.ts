import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { openEmbedded } from '../../src/server/db/embedded/embedded-database.ts';
import { migrate } from '../../src/server/db/migrate.ts';
import { adminKeys, ORG, type OrgKey } from '../support/account.ts';
import { HOSTILE_FACTOR } from '../support/hostile.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { TIME_FACTOR } from '../support/time-factor.ts';
import { sendLogs, timeseriesRequest } from '../support/telemetry.ts';

/** What a victim and the attackers saw. */
interface WorstQueriesReport {
  victim: { calls: number; failures: unknown[]; longestMs: number; medianMs: number };
  /** Number of the attackers' answers by status. */
  attackers: Record<number, number>;
}

const ATTACKERS = ['production', 'security', 'security'] as const satisfies OrgKey[];
const LOGS = 20_000;

it(
  'The worst queries of one account do not make the requests of another fail',
  { timeout: 180_000 * TIME_FACTOR * HOSTILE_FACTOR },
  async () => {
    const { victim, attackers } = await run(4_000 * HOSTILE_FACTOR);
    expect(victim.failures).toEqual([]);
    expect(victim.calls).toBeGreaterThan(0);
    // The attackers' queries are cut off, and then refused.
    expect(Object.keys(attackers).filter((status) => status !== '429' && status !== '503')).toEqual([]);
    if (HOSTILE_FACTOR > 1) process.stdout.write(`${JSON.stringify({ victim, attackers })}\n`);
  },
);

/**
 * On the embedded database, three clients of one account repeat the most expensive query that is allowed, while a client of
 * another account lists its connections.
 */
async function run(durationMs: number): Promise<WorstQueriesReport> {
  const dataDir = await mkdtemp(join(tmpdir(), 'worst-queries-'));
  const database = await openEmbedded({ dataDir });
  try {
    await migrate(database);
    // The settings of `main.ts` for the embedded database.
    const limits = {
      queryTimeoutMs: 2_000,
      queryWaitMs: 30_000,
      concurrentQueries: 1,
      penalizesCutOffs: true,
    };
    const app = await startApp(database, limits);
    for (const org of new Set(ATTACKERS)) await store(app, org);
    const stop = new AbortController();
    const attackers: Record<number, number> = {};
    const attacks = ATTACKERS.map((org) => attack(app, org, stop.signal, attackers));
    const victim = await visit(app, durationMs);
    stop.abort();
    await Promise.all(attacks);
    return { victim, attackers };
  } finally {
    await database.close();
    await rm(dataDir, { recursive: true });
  }
}

/** Stores logs with long lists. */
async function store(app: TestApp, org: OrgKey): Promise<void> {
  const list = Array.from({ length: 30 }, (_, index) => `value ${index}`);
  await sendLogs(app, org, { 0: { message: 'a '.repeat(500), first: list, second: list } });
  await app.database.withLongTimeout(async (db) => {
    await sql`
      insert into event (org_id, source, time, id, message, tags, attributes)
      select org_id, source, time + make_interval(secs => n * ${3000 / LOGS}::float8), gen_random_uuid(), message, tags, attributes
      from event cross join generate_series(1, ${LOGS}::integer) as n where org_id = ${ORG[org]}`.execute(db);
    await sql`analyze`.execute(db);
    await sql`checkpoint`.execute(db);
  });
}

async function attack(
  app: TestApp,
  org: OrgKey,
  signal: AbortSignal,
  answers: Record<number, number>,
): Promise<void> {
  const query = {
    data_source: 'logs',
    compute: { aggregation: 'cardinality', metric: '@first' },
    search: { query: 'a*' },
    group_by: ['@first', '@second'].map((facet) => ({ facet, limit: 500 })),
  };
  const request = timeseriesRequest([query], { interval: 2_500 });
  while (!signal.aborted) {
    const { status } = await app.call('POST', '/api/v2/query/timeseries', adminKeys(org), request);
    answers[status] = (answers[status] ?? 0) + 1;
    await sleep(5); // the time of a network
  }
}

async function visit(app: TestApp, durationMs: number): Promise<WorstQueriesReport['victim']> {
  const times: number[] = [];
  const failures: unknown[] = [];
  for (const end = performance.now() + durationMs; performance.now() < end; await sleep(100)) {
    const begin = performance.now();
    const answer = await app.call('GET', '/api/v2/org_connections', adminKeys('globex'));
    times.push(performance.now() - begin);
    if (answer.status !== 200) failures.push(answer);
  }
  times.sort((one, other) => one - other);
  return {
    calls: times.length,
    failures,
    longestMs: Math.round(times.at(-1) ?? 0),
    medianMs: Math.round(times[Math.floor(times.length / 2)] ?? 0),
  };
}
