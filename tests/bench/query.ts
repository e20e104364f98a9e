/**
 * What queries and intake cost beside the same work as hand-written SQL, as ratios that are measured side by side in one
 * run, on the embedded database and on a PostgreSQL server if there is one. Ends with a failure if a ratio is beyond
 * its target.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { sql } from 'kysely';
import { LenientSeries } from '../../src/contract/series/schema.ts';
import type { Actor } from '../../src/rules/access.ts';
import { Losses } from '../../src/rules/telemetry/losses.ts';
import { intakeWindow } from '../../src/rules/telemetry/retention.ts';
import { readSeries } from '../../src/rules/telemetry/series.ts';
import type { Database } from '../../src/server/db/database.ts';
import { migrate } from '../../src/server/db/migrate.ts';
import { openDatabase } from '../../src/server/db/open.ts';
import { type Scope, scoped, snapshot } from '../../src/server/db/scope.ts';
import { findActorByKeys } from '../../src/server/store/actors.ts';
import { makePartitions } from '../../src/server/store/partitions.ts';
import { ingestPoints } from '../../src/server/telemetry/ingest.ts';
import { queryTimeseries } from '../../src/server/telemetry/query.ts';
import { readItems } from '../../src/server/telemetry/read-items.ts';
import { adminKeys, ORG } from '../support/account.ts';
import { startApp } from '../support/app.ts';
import { runSql, startPostgres, urlOfDatabase } from '../support/postgres.ts';

const HOUR = 60 * 60_000;
/** Of the metric and the hour that is asked for. */
const ASKED_POINTS = 50_000;
const SERIES = 100;
/** Of the organization that is asked. */
const OWN_POINTS = 100_000;
const ALL_POINTS = 1_000_000;
const OTHERS = ['staging', 'payments', 'data'] as const;
const ROUNDS = 15;

/** What a request to the intake has: so many series with so many points each. */
const BATCH_SERIES = 50;
const BATCH_POINTS = 100;
let batches = 0;

const hour = Math.floor(Date.now() / HOUR) * HOUR - HOUR;

interface Ratio {
  what: string;
  /** In milliseconds. */
  measured: number;
  beside: number;
  /** What `measured / beside` is to be at most. */
  target: number;
}

process.exitCode = (await main()) ? 0 : 1;

async function main(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-query-'));
  const cluster = await startPostgres();
  try {
    const embedded = await measure((name) => openDatabase({ dataDir: join(folder, name) }));
    report('Embedded database', embedded);
    if (!cluster) return embedded.every(isMet);
    const server = await measure(async (name) => {
      await runSql(cluster.ownerUrl, `create database ${name}`);
      return openDatabase({ databaseUrl: urlOfDatabase(cluster.ownerUrl, name) });
    });
    report('PostgreSQL server', server);
    return [...embedded, ...server].every(isMet);
  } finally {
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Measures with two databases at once: one has nothing but the data of the organization that is asked. */
async function measure(open: (name: string) => Promise<Database>): Promise<Ratio[]> {
  const alone = await open('alone');
  const whole = await open('whole');
  try {
    await prepare(alone);
    const actor = await prepare(whole);
    for (const org of OTHERS) await fill(whole, org, 'asked', (ALL_POINTS - OWN_POINTS) / OTHERS.length);

    const actorAlone = await actorOf(alone);
    const query = await sideBySide({
      engine: () => ask(whole, actor),
      byHand: () => askByHand(whole, actor),
      alone: () => ask(alone, actorAlone),
    });
    const scope = { accountId: actor.accountId, orgId: ORG.sandbox };
    const intake = await sideBySide({
      engine: () => takeIn(whole, scope),
      byHand: () => takeInByHand(whole, scope),
    });
    return [
      { what: 'query beside SQL by hand', measured: query.engine, beside: query.byHand, target: 2 },
      {
        what: 'query with ten times the data beside without',
        measured: query.engine,
        beside: query.alone,
        target: 1.3,
      },
      { what: 'intake beside inserts by hand', measured: intake.engine, beside: intake.byHand, target: 4 },
    ];
  } finally {
    await alone.close();
    await whole.close();
  }
}

/** The account of the tests, in which Acme Security may ask Acme Production. Returns who asks. */
async function prepare(database: Database): Promise<Actor> {
  await migrate(database);
  const app = await startApp(database);
  await app.connect('production', 'security');
  await fill(database, 'production', 'asked', ASKED_POINTS);
  await fill(database, 'production', 'other', OWN_POINTS - ASKED_POINTS);
  return actorOf(database);
}

async function actorOf({ db }: Database): Promise<Actor> {
  const keys = adminKeys('security');
  const found = await findActorByKeys(db, {
    apiKey: keys['DD-API-KEY'] ?? '',
    applicationKey: keys['DD-APPLICATION-KEY'] ?? '',
  });
  if (!found) throw new Error('The demo account has no such user');
  return found.actor;
}

/** Points of a metric, over the hour. */
async function fill(database: Database, org: keyof typeof ORG, metric: string, count: number): Promise<void> {
  await makePartitions(database.db, 'metric_point', [hour]);
  await database.withLongTimeout(async (connection) => {
    await sql`
      insert into metric_series (account_id, org_id, id, metric, type, interval_seconds, tags, last_point_at)
      select account_id, id, md5(${metric} || number)::uuid, ${metric}, 'gauge', 0,
        array['env:prod', 'host:web-' || number, 'service:' || number % 10], now()
      from org cross join generate_series(1, ${SERIES}::integer) as number where id = ${ORG[org]}`.execute(
      connection,
    );
    await sql`
      insert into metric_point (org_id, series_id, time, value)
      select ${ORG[org]}, md5(${metric} || number % ${SERIES}::integer + 1)::uuid,
        to_timestamp(${hour / 1000}::float8 + number / ${SERIES}::integer * ${(3600 * SERIES) / count}::float8), random()
      from generate_series(0, ${count - 1}::integer) as number`.execute(connection);
    await sql`vacuum analyze`.execute(connection);
  });
}

/** Decision, compiling, reading and formula, without HTTP. */
async function ask({ db }: Database, actor: Actor): Promise<unknown> {
  const compute = await snapshot(db, actor, (db) =>
    queryTimeseries(
      db,
      actor,
      {
        from: hour,
        to: hour + HOUR,
        interval: 20_000,
        formulas: [{ formula: 'a * 60' }],
        queries: [
          {
            data_source: 'metrics',
            name: 'a',
            query: 'sum:asked{env:prod} by {service}',
            cross_org_uuids: [ORG.production],
          },
        ],
      },
      { now: Date.now() },
    ),
  );
  return compute();
}

/** The same aggregate in hand-written SQL. */
function askByHand({ db }: Database, actor: Actor): Promise<unknown> {
  return snapshot(db, actor, async (db) => {
    await sql`select set_config('app.telemetry_org', ${ORG.production}, true)`.execute(db);
    return sql`
      select service, bucket, sum(value) * 60 as value
      from (
        select s.id, substr(tag, 9) as service,
          date_bin('20 seconds', p.time, '1970-01-01Z') as bucket, avg(p.value) as value
        from metric_series as s
        cross join unnest(s.tags) as tag
        join metric_point as p on p.org_id = s.org_id and p.series_id = s.id
        where s.org_id = ${ORG.production} and s.metric = 'asked' and 'env:prod' = any(s.tags) and tag like 'service:%'
          and p.time >= ${new Date(hour).toISOString()}::timestamptz
          and p.time < ${new Date(hour + HOUR).toISOString()}::timestamptz
        group by s.id, service, bucket
      ) as rolled_up
      group by service, bucket order by service, bucket`.execute(db);
  });
}

/** A new request, with parameters that no earlier request had. */
function nextBatch(): string {
  const start = hour / 1000 - BATCH_POINTS * (batches += 1);
  return JSON.stringify({
    series: Array.from({ length: BATCH_SERIES }, (_, series) => ({
      metric: 'taken.in',
      type: 3,
      tags: ['env:prod', `host:web-${series}`],
      points: Array.from({ length: BATCH_POINTS }, (_unused, point) => ({
        timestamp: start + point,
        value: point / 7,
      })),
    })),
  });
}

/** Reading, checking and keeping, without HTTP. */
async function takeIn({ db }: Database, scope: Scope): Promise<void> {
  const { series } = JSON.parse(nextBatch()) as { series: unknown[] };
  const window = intakeWindow('metrics', { metrics: 456, logs: 15, ci: 30 }, Date.now());
  const read = await readItems('series', series, new Losses(), (one, lose) =>
    readSeries(LenientSeries.parse(one), window, lose),
  );
  await ingestPoints(db, scope, read);
}

/** The same points, inserted by hand-written SQL with known series ids. */
function takeInByHand({ db }: Database, scope: Scope): Promise<unknown> {
  const { series } = JSON.parse(nextBatch()) as {
    series: { points: { timestamp: number; value: number }[] }[];
  };
  const rows = series.flatMap(({ points }, index) =>
    points.map(({ timestamp, value }) => ({
      id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      time: new Date(timestamp * 1000).toISOString(),
      value,
    })),
  );
  return scoped(db, scope, (db) =>
    sql`
      insert into metric_point (org_id, series_id, time, value)
      select ${scope.orgId}, id, time, value from unnest(
        ${rows.map(({ id }) => id)}::uuid[],
        ${rows.map(({ time }) => time)}::timestamptz[],
        ${rows.map(({ value }) => value)}::float8[]
      ) as new (id, time, value)`.execute(db),
  );
}

/** The times that each way needs, in milliseconds: the median over rounds in which they take turns. */
async function sideBySide<Way extends string>(
  ways: Record<Way, () => Promise<unknown>>,
): Promise<Record<Way, number>> {
  const names = Object.keys(ways) as Way[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Way, number[]>;
  for (const name of names) await ways[name]();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of names) {
      const started = performance.now();
      await ways[name]();
      times[name].push(performance.now() - started);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times[name])])) as Record<Way, number>;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

function isMet({ measured, beside, target }: Ratio): boolean {
  return measured / beside <= target;
}

function report(database: string, ratios: readonly Ratio[]): void {
  const format = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
  const lines = ratios.map((ratio) => {
    const { what, measured, beside, target } = ratio;
    const times = `${format.format(measured)} ms / ${format.format(beside)} ms`;
    const outcome = isMet(ratio) ? '' : ' NOT MET';
    return `  ${what}: ${format.format(measured / beside)} (at most ${target})${outcome}, ${times}`;
  });
  process.stdout.write(`${database}\n${lines.join('\n')}\n`);
}
