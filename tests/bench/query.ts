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
import { SeriesRequest } from '../../src/contract/series.schema.ts';
import type { Actor } from '../../src/rules/access.ts';
import type { Database } from '../../src/server/db/database.ts';
import { migrate } from '../../src/server/db/migrate.ts';
import { openDatabase } from '../../src/server/db/open.ts';
import { type Scope, scoped, snapshot } from '../../src/server/db/scope.ts';
import { findActorByKeys } from '../../src/server/store/actors.ts';
import { makePartitions } from '../../src/server/store/partitions.ts';
import { queryTimeseries } from '../../src/server/telemetry/query.ts';
import { adminKeys, ORG } from '../support/account.ts';
import { startApp } from '../support/app.ts';
import { startPostgres } from '../support/postgres.ts';

const HOUR = 60 * 60_000;
/** Of the metric and the hour that is asked for. */
const ASKED_POINTS = 50_000;
const SERIES = 100;
/** Of the organization that is asked. */
const OWN_POINTS = 100_000;
const ALL_POINTS = 1_000_000;
const ROUNDS = 15;

const hour = Math.floor(Date.now() / HOUR) * HOUR - HOUR;

interface Ratio {
  what: string;
  ratio: number;
  target: string;
  met: boolean;
}

process.exitCode = (await main()) ? 0 : 1;

async function main(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-query-'));
  const cluster = await startPostgres();
  try {
    const embedded = await measure(await openDatabase({ dataDir: folder }));
    report('Embedded database', embedded);
    if (!cluster) return embedded.every(({ met }) => met);
    const server = await measure(await openDatabase({ databaseUrl: cluster.ownerUrl }));
    report('PostgreSQL server', server);
    return [...embedded, ...server].every(({ met }) => met);
  } finally {
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(database: Database): Promise<Ratio[]> {
  const { db } = database;
  try {
    await migrate(database);
    const app = await startApp(database);
    await app.connect('production', 'security');
    const actor = await actorOf(database);

    await fill(database, 'production', 'asked', ASKED_POINTS);
    await fill(database, 'production', 'other', OWN_POINTS - ASKED_POINTS);
    const alone = await sideBySide({ engine: () => ask(database, actor) });

    const others = ['staging', 'payments', 'data'] as const;
    for (const org of others) await fill(database, org, 'asked', (ALL_POINTS - OWN_POINTS) / others.length);
    const { engine, byHand } = await sideBySide({
      engine: () => ask(database, actor),
      byHand: () => askByHand(database, actor),
    });

    const scope = { accountId: actor.accountId, orgId: ORG.sandbox };
    const intake = await sideBySide({
      engine: () => takeIn(database, scope),
      byHand: () => takeInByHand(database, scope),
    });
    return [
      ratio('query: engine / by hand', engine / byHand, 2),
      ratio('query: with ten times the data, of others / without', engine / alone.engine, 1.3),
      ratio('intake: engine / by hand', intake.engine / intake.byHand, 4),
    ];
  } finally {
    await database.close();
  }

  async function actorOf(of: Database): Promise<Actor> {
    const keys = adminKeys('security');
    const found = await findActorByKeys(of.db, {
      apiKey: keys['DD-API-KEY'] ?? '',
      applicationKey: keys['DD-APPLICATION-KEY'] ?? '',
    });
    if (!found) throw new Error('There is nobody to ask');
    return found.actor;
  }

  /** Points of a metric, over the hour. */
  async function fill(of: Database, org: keyof typeof ORG, metric: string, count: number): Promise<void> {
    await makePartitions(db, 'metric_point', [hour]);
    await of.unhurried(async (connection) => {
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
}

/** Decision, compiling, reading and formula, without HTTP. */
function ask({ db }: Database, actor: Actor): Promise<unknown> {
  return snapshot(db, actor, (db) =>
    queryTimeseries(
      db,
      actor,
      {
        from: hour,
        to: hour + HOUR,
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
}

/** The same aggregate as somebody would write it who knows where everything is. */
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

function ratio(what: string, value: number, most: number): Ratio {
  return { what, ratio: value, target: `at most ${most}`, met: value <= most };
}

function report(database: string, ratios: readonly Ratio[]): void {
  const format = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
  const lines = ratios.map(
    ({ what, ratio: value, target, met }) =>
      `  ${what}: ${format.format(value)} (${target})${met ? '' : ' NOT MET'}`,
  );
  process.stdout.write(`${database}\n${lines.join('\n')}\n`);
}
