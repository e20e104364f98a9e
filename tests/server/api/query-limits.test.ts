import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { Database } from '../../../src/server/db/database.ts';
import { type EmbeddedOptions, openEmbedded } from '../../../src/server/db/embedded/embedded-database.ts';
import { migrate } from '../../../src/server/db/migrate.ts';
import type { Dependencies } from '../../../src/server/http/env.ts';
import { adminKeys, ORG, securityKeys } from '../../support/account.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { hasServer, openServerCopy } from '../../support/databases.ts';
import { userId } from '../../support/directory.ts';
import { listen } from '../../support/listen.ts';
import { makeReadsEndless, sendSeries, timeseriesRequest } from '../../support/telemetry.ts';
import { SOON, TIME_FACTOR } from '../../support/time-factor.ts';
import { watchQueries } from '../../support/watch-queries.ts';

const ADMIN = adminKeys('security');
const PATH = '/api/v2/query/timeseries';

/** Starts the app with data of two organizations. Reads of Acme Production's data never end. */
async function startSlowApp(database: Database, limits: Partial<Dependencies> = {}): Promise<TestApp> {
  const app = await startApp(database, limits);
  await app.connect('production', 'security');
  await sendSeries(app, 'production', { metric: 'load', points: { 0: 1 } });
  await sendSeries(app, 'security', { metric: 'load', points: { 0: 100 } });
  await makeReadsEndless(database, 'production');
  return app;
}

function asked(source: string) {
  const query = { data_source: 'metrics', name: 'a', query: 'sum:load{*}', cross_org_uuids: [source] };
  return timeseriesRequest([query]);
}

function init(source: string, signal?: AbortSignal): RequestInit {
  return {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...ADMIN },
    body: JSON.stringify(asked(source)),
    ...(signal && { signal }),
  };
}

const TOOK_TOO_LONG = { status: 503, body: { errors: ['The database took too long; try again'] } };
const OWN_DATA = {
  status: 200,
  body: { data: { attributes: { values: [[100]] } } },
};

/** Counts the running reads that never end. Other queries, such as updates of a key's last use, do not count. */
async function running({ db }: Database): Promise<string[]> {
  const { rows } = await sql<{ query: string }>`
    select query from pg_stat_activity
    where datname = current_database() and state = 'active' and wait_event = 'PgSleep'`.execute(db);
  return rows.map(({ query }) => query);
}

async function untilRunning(database: Database, count: number): Promise<void> {
  const limit = { ...SOON, interval: 20 };
  await expect.poll(() => running(database), limit).toHaveLength(count);
}

describe.skipIf(!hasServer())('On a PostgreSQL server, a request for telemetry', () => {
  it('is cancelled at its timeout, also on the server', async () => {
    const database = await openServerCopy();
    try {
      const app = await startSlowApp(database, { queryTimeoutMs: 500 });
      const slow = app.call('POST', PATH, ADMIN, asked(ORG.production));
      await untilRunning(database, 1);
      expect(await slow).toEqual(TOOK_TOO_LONG);
      await untilRunning(database, 0);
      expect(await app.call('POST', PATH, ADMIN, asked(ORG.security))).toMatchObject(OWN_DATA);
    } finally {
      await database.close();
    }
  });

  it('is cancelled when the client disconnects, even while every connection is in use', async () => {
    const database = await openServerCopy({ maxConnections: 3 });
    let server: Awaited<ReturnType<typeof listen>> | undefined;
    try {
      const app = await startSlowApp(database);
      server = await listen(app);
      const address = `${server.url}${PATH}`;
      const clients = [new AbortController(), new AbortController()];
      const answers = clients.map(({ signal }) => fetch(address, init(ORG.production, signal)));
      await untilRunning(database, 2);
      answers.push(fetch(address, init(ORG.production, clients[0]?.signal)));
      for (const client of clients) client.abort();
      expect((await Promise.allSettled(answers)).map(({ status }) => status)).toEqual(
        answers.map(() => 'rejected'),
      );
      await untilRunning(database, 0);
      expect(await app.call('POST', PATH, ADMIN, asked(ORG.security))).toMatchObject(OWN_DATA);
    } finally {
      await server?.close();
      await database.close();
    }
  });

  it('does not delay other requests or other organizations', async () => {
    const database = await openServerCopy({ maxConnections: 4 });
    try {
      const app = await startSlowApp(database, { queryTimeoutMs: 60_000, concurrentQueries: 2 });
      const client = new AbortController();
      const slow = [1, 2, 3, 4, 5].map(() => app.request(PATH, init(ORG.production, client.signal)));
      await untilRunning(database, 1);
      expect(await app.call('GET', '/api/v2/org_connections', ADMIN)).toMatchObject({ status: 200 });
      expect(await app.call('POST', PATH, adminKeys('staging'), asked(ORG.staging))).toMatchObject({
        status: 200,
      });
      expect(await running(database)).toHaveLength(1);
      client.abort();
      await Promise.allSettled(slow);
      await untilRunning(database, 0);
      expect(await app.call('POST', PATH, ADMIN, asked(ORG.security))).toMatchObject(OWN_DATA);
    } finally {
      await database.close();
    }
  });

  it('has its whole time when its turn comes, however long it waited', async () => {
    const database = await openServerCopy();
    try {
      const app = await startSlowApp(database, { queryTimeoutMs: 1_000, concurrentQueries: 1 });
      const slow = [1, 2, 3].map(() => app.call('POST', PATH, ADMIN, asked(ORG.production)));
      await untilRunning(database, 1);
      expect(await app.call('POST', PATH, ADMIN, asked(ORG.security))).toMatchObject(OWN_DATA);
      expect(await Promise.all(slow)).toEqual(slow.map(() => TOOK_TOO_LONG));
    } finally {
      await database.close();
    }
  });

  it('is refused if its keys were revoked while it waited', async () => {
    const database = await openServerCopy();
    try {
      const app = await startSlowApp(database, { queryTimeoutMs: 2_000 * TIME_FACTOR, concurrentQueries: 1 });
      const slow = app.call('POST', PATH, ADMIN, asked(ORG.production));
      await untilRunning(database, 1);
      const waiting = app.call('POST', PATH, ADMIN, asked(ORG.security));
      // The other request has been authenticated, and waits.
      await sleep(300 * TIME_FACTOR);
      await database.db.deleteFrom('application_key').execute();
      expect(await slow).toEqual(TOOK_TOO_LONG);
      expect(await waiting).toMatchObject({ status: 401 });
    } finally {
      await database.close();
    }
  });

  it('is told when its turn does not come in time, and is not run', async () => {
    const { database, sent } = watchQueries(await openServerCopy());
    try {
      const app = await startSlowApp(database, { queryWaitMs: 500, concurrentQueries: 1 });
      const client = new AbortController();
      const slow = app.request(PATH, init(ORG.production, client.signal));
      await untilRunning(database, 1);
      const begun = () => sent.filter((query) => query.includes('"begin isolation')).length;
      const before = begun();
      const late = await app.request(PATH, init(ORG.security));
      expect(late.status).toBe(503);
      expect(late.headers.get('Retry-After')).toBe('5');
      expect(await late.json()).toEqual({
        errors: ['Too many queries are running, so this one did not start; try again later'],
      });
      client.abort();
      await slow;
      expect(await app.call('POST', PATH, ADMIN, asked(ORG.security))).toMatchObject(OWN_DATA);
      expect(begun()).toBe(before + 1);
    } finally {
      await database.close();
    }
  });

  it('with many queries is authorized once for each type and organization', async () => {
    const { database, sent } = watchQueries(await openServerCopy());
    try {
      const app = await startApp(database);
      await app.connect('production', 'security');
      await sendSeries(app, 'production', { metric: 'load', points: { 0: 1 } });
      await sendSeries(app, 'security', { metric: 'load', points: { 0: 100 } });
      const queries = Array.from({ length: 20 }, (_, index) => ({
        data_source: 'metrics',
        name: `q${index}`,
        query: 'sum:load{*}',
        ...(index % 2 === 0 && { cross_org_uuids: [ORG.production] }),
      }));
      const begin = sent.length;
      const answer = await app.call('POST', PATH, ADMIN, timeseriesRequest(queries));
      expect(answer).toMatchObject({
        status: 200,
        body: { data: { attributes: { values: queries.map((_, index) => [index % 2 === 0 ? 1 : 100]) } } },
      });
      const during = sent.slice(begin).filter((query) => query.includes('SelectQueryNode'));
      expect(during.filter((query) => query.includes('"name":"dataset"'))).toHaveLength(2);
      expect(during.filter((query) => query.includes('"name":"org_connection"'))).toHaveLength(1);
      expect(during.filter((query) => query.includes('"name":"restriction_policy"'))).toHaveLength(1);
    } finally {
      await database.close();
    }
  });

  it('is authorized when its turn comes', async () => {
    const { database, until } = watchQueries(await openServerCopy());
    const { db } = database;
    try {
      const app = await startSlowApp(database, { concurrentQueries: 1 });
      const client = new AbortController();
      const slow = app.request(PATH, init(ORG.production, client.signal));
      await untilRunning(database, 1);
      const next = await until('answered', /SelectQueryNode.*application_key/, () =>
        app.call('POST', PATH, securityKeys('editor'), asked(ORG.security)),
      );
      await db
        .deleteFrom('user_role')
        .where('user_id', '=', await userId(app, 'security', 'editor@acme.example'))
        .execute();
      client.abort();
      await slow;
      expect(await next.result).toEqual({
        status: 403,
        body: { errors: ['Query "a": The permission timeseries_query is required'] },
      });
    } finally {
      await database.close();
    }
  });
});

/** Answer to a user whose query was cut off before. */
const refused = (seconds: number) => ({
  status: 429,
  body: {
    errors: [
      `Queries of yours, or of your organization, took too long and were stopped. Try again in ${seconds} seconds, with smaller queries.`,
    ],
  },
});

/** The embedded database in files, which outlive its engine. They go when it is closed. */
async function openOnDisk(options: EmbeddedOptions): Promise<Database> {
  const dataDir = await mkdtemp(join(tmpdir(), 'query-limits-'));
  const database = await openEmbedded({ dataDir, ...options });
  await migrate(database);
  return { ...database, close: () => database.close().then(() => rm(dataDir, { recursive: true })) };
}

describe('On the embedded database, a request for telemetry', () => {
  it('that takes too long is cancelled; queued requests are answered, and no data is lost', async () => {
    const { database, until } = watchQueries(await openOnDisk({ readTimeoutMs: 1_500, patienceMs: 60_000 }));
    try {
      const app = await startSlowApp(database);
      const slow = await until('sent', /app\.telemetry_org/, () =>
        app.call('POST', PATH, ADMIN, asked(ORG.production)),
      );
      const reads = [
        app.call('POST', PATH, ADMIN, asked(ORG.security)),
        app.call('GET', '/api/v2/org_connections', ADMIN),
      ];
      const write = sendSeries(app, 'security', { metric: 'load', points: { 60: 200 } });
      expect(await slow.result).toEqual(TOOK_TOO_LONG);
      for (const { status } of await Promise.all(reads)) expect(status).toBe(200);
      await write;
      expect(await app.call('POST', PATH, ADMIN, asked(ORG.security))).toMatchObject({
        body: { data: { attributes: { values: [[100, 200]] } } },
      });
    } finally {
      await database.close();
    }
  });

  it('gives way to other work, and is cut off if it never gets done', async () => {
    const { database, until } = watchQueries(await openOnDisk({ readTimeoutMs: 60_000, patienceMs: 300 }));
    try {
      const app = await startSlowApp(database);
      const order: string[] = [];
      const slow = await until('sent', /app\.telemetry_org/, () =>
        app.call('POST', PATH, ADMIN, asked(ORG.production)),
      );
      const told = slow.result.then((answer) => {
        order.push('read');
        return answer;
      });
      for (let lists = 0; order.length === lists; lists += 1) {
        expect(await app.call('GET', '/api/v2/org_connections', ADMIN)).toMatchObject({ status: 200 });
        order.push('list');
      }
      expect(await told).toEqual(TOOK_TOO_LONG);
      expect(order[0]).toBe('list');
    } finally {
      await database.close();
    }
  });

  it('that was cut off makes its user wait, each time longer', async () => {
    let now = Date.now();
    const { database } = watchQueries(await openOnDisk({ readTimeoutMs: 1_500, patienceMs: 60_000 }));
    try {
      const app = await startSlowApp(database, { penalizesCutOffs: true, now: () => now });
      for (const seconds of [5, 10]) {
        expect(await app.call('POST', PATH, ADMIN, asked(ORG.production))).toEqual(TOOK_TOO_LONG);
        expect(await app.call('POST', PATH, ADMIN, asked(ORG.security))).toEqual(refused(seconds));
        const answer = await app.request(PATH, init(ORG.security));
        expect(answer.headers.get('Retry-After')).toBe(String(seconds));
        expect(await app.call('GET', '/api/v2/org_connections', ADMIN)).toMatchObject({ status: 200 });
        expect(await app.call('POST', PATH, adminKeys('staging'), asked(ORG.staging))).toMatchObject({
          status: 200,
        });
        now += seconds * 1000;
        expect(await app.call('POST', PATH, ADMIN, asked(ORG.security))).toMatchObject(OWN_DATA);
      }
    } finally {
      await database.close();
    }
  });

  it('is not run if its client has disconnected before its turn', async () => {
    let restarts = 0;
    const restarted = () => {
      restarts += 1;
    };
    const { database, until } = watchQueries(
      await openOnDisk({
        readTimeoutMs: 1_500,
        patienceMs: 60_000,
        log: { warn: restarted, error: restarted },
      }),
    );
    try {
      const app = await startSlowApp(database);
      const client = new AbortController();
      const slow = await until('sent', /app\.telemetry_org/, () =>
        app.call('POST', PATH, ADMIN, asked(ORG.production)),
      );
      const next = app.request(PATH, init(ORG.production, client.signal));
      client.abort();
      expect(await slow.result).toEqual(TOOK_TOO_LONG);
      expect((await next).status).toBe(408);
      expect(await app.call('POST', PATH, ADMIN, asked(ORG.security))).toMatchObject(OWN_DATA);
      // If it had run, it would have been cancelled, too.
      expect(restarts).toBe(1);
    } finally {
      await database.close();
    }
  });
});
