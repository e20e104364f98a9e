import { type KyselyPlugin, sql } from 'kysely';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Database } from '../../../src/server/db/database.ts';
import { openDatabase } from '../../../src/server/db/open.ts';
import {
  DatabaseBusy,
  DatabaseFull,
  DatabaseReadOnly,
  DatabaseUnavailable,
  QueryCutOff,
} from '../../../src/server/db/pool.ts';
import { createReadiness } from '../../../src/server/db/readiness.ts';
import { openServer, type ServerOptions } from '../../../src/server/db/server.ts';
import { createServerDatabase, hasServer, openServerCopy } from '../../support/databases.ts';
import { createFreezableDatabase } from '../../support/freezable-database.ts';
import { runSql } from '../../support/postgres.ts';
import { SOON } from '../../support/time-factor.ts';

async function open(options: Omit<ServerOptions, 'databaseUrl'> = {}): Promise<Database> {
  const database = await openServerCopy(options);
  onTestFinished(() => database.close());
  return database;
}

function endOtherSessions({ db }: Database) {
  // Autovacuum workers have a session too, which only a superuser may end.
  return sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`.execute(
    db,
  );
}

describe.skipIf(!hasServer())('A PostgreSQL server', () => {
  test('stops a query that runs too long', async () => {
    const { db } = await open({ statementTimeoutMs: 200 });
    const slow = sql`select pg_sleep(5)`.execute(db);
    await expect(slow).rejects.toThrow(QueryCutOff);
    await expect(slow).rejects.toThrow('The query was stopped because it ran too long.');
    expect((await sql`select 1 as one`.execute(db)).rows).toEqual([{ one: 1 }]);
  });

  test('has a longer timeout for migrations and maintenance only', async () => {
    const database = await open({ statementTimeoutMs: 200, maxConnections: 1 });
    await database.withLongTimeout((db) => sql`select pg_sleep(0.5)`.execute(db));
    await expect(sql`select pg_sleep(0.5)`.execute(database.db)).rejects.toThrow(QueryCutOff);
  });

  test('stops a transaction that is idle too long', async () => {
    const { db } = await open({ idleInTransactionTimeoutMs: 100 });
    const forgotten = db.transaction().execute(async (trx) => {
      await trx.insertInto('account').values({ name: 'forgotten' }).execute();
      await new Promise((resolve) => setTimeout(resolve, 500));
      await trx.insertInto('account').values({ name: 'too late' }).execute();
    });
    // On a busy machine, the connection may be found closed before the server's reason is read.
    await expect(forgotten).rejects.toThrow(DatabaseUnavailable);
    expect(await db.selectFrom('account').select('name').execute()).toEqual([]);
  });

  test('may end connections, idle or in use: they are replaced', async () => {
    const log = { warn: vi.fn<() => void>(), error: vi.fn<() => void>() };
    const database = await open({ log });
    const inUse = expect(sql`select pg_sleep(5)`.execute(database.db)).rejects.toThrow(
      'terminating connection due to administrator command',
    );
    await Promise.all(Array.from({ length: 5 }, () => sql`select pg_sleep(0.1)`.execute(database.db)));
    await endOtherSessions(database);
    await inUse;
    await vi.waitFor(() => expect(log.warn.mock.calls.length).toBeGreaterThanOrEqual(4), SOON);
    expect((await sql`select 1 as one`.execute(database.db)).rows).toEqual([{ one: 1 }]);
  });

  test('ends one of two deadlocked transactions with an error that permits a retry', async () => {
    const { db } = await open();
    const bothHold = Promise.withResolvers<void>();
    let holding = 0;
    const lockBoth = (...ids: [number, number]) =>
      db.transaction().execute(async (trx) => {
        await sql`select pg_advisory_xact_lock(${ids[0]})`.execute(trx);
        holding += 1;
        if (holding === 2) bothHold.resolve();
        await bothHold.promise;
        await sql`select pg_advisory_xact_lock(${ids[1]})`.execute(trx);
      });
    const outcomes = await Promise.allSettled([lockBoth(1, 2), lockBoth(2, 1)]);
    const [refused, ...others] = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).toMatchObject({ reason: expect.any(DatabaseBusy) });
    expect(refused).toMatchObject({ reason: expect.any(DatabaseUnavailable) });
    expect(others).toEqual([]);
  });

  test('reports that it is busy on a lock timeout or a serialization failure', async () => {
    const { db } = await open();
    const account = db.insertInto('account').values({ name: 'busy' });
    await account.execute();
    const rename = (name: string) => db.updateTable('account').set({ name });
    const outdated = db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (trx) => {
        await trx.selectFrom('account').select('name').execute();
        await rename('first').execute();
        await trx.updateTable('account').set({ name: 'second' }).execute();
      });
    await expect(outdated).rejects.toThrow(DatabaseBusy);

    const locked = db.transaction().execute(async (trx) => {
      await trx.updateTable('account').set({ name: 'third' }).execute();
      await db.transaction().execute(async (other) => {
        await sql`select set_config('lock_timeout', '50ms', true)`.execute(other);
        await other.updateTable('account').set({ name: 'fourth' }).execute();
      });
    });
    await expect(locked).rejects.toThrow(DatabaseBusy);
  });

  test('gets our application name', async () => {
    const { db } = await open();
    const { rows } = await sql`select current_setting('application_name') as name`.execute(db);
    expect(rows).toEqual([{ name: 'cross-org-visibility' }]);
  });
});

function fail({ db }: Database, code: string) {
  return sql.raw(`do $$ begin raise exception 'as if' using errcode = '${code}'; end $$`).execute(db);
}

async function backend({ db }: Database): Promise<unknown> {
  const { rows } = await sql`select pg_backend_pid() as id`.execute(db);
  return rows;
}

describe.skipIf(!hasServer())('An error of a PostgreSQL server', () => {
  test.each([
    ['08006', DatabaseUnavailable],
    ['25006', DatabaseReadOnly],
    ['53000', DatabaseUnavailable],
    ['53100', DatabaseFull],
    ['53200', DatabaseUnavailable],
    ['53300', DatabaseUnavailable],
    ['57P01', DatabaseUnavailable],
    ['57P03', DatabaseUnavailable],
    ['58030', DatabaseUnavailable],
  ])('%s is temporary, and its connection is replaced', async (code, kind) => {
    const database = await open({ maxConnections: 1 });
    const before = await backend(database);
    await expect(fail(database, code)).rejects.toThrow(kind);
    expect(await backend(database)).not.toEqual(before);
  });

  test.each([
    ['40001', DatabaseBusy],
    ['57014', QueryCutOff],
  ])('%s is temporary, and its connection stays', async (code, kind) => {
    const database = await open({ maxConnections: 1 });
    const before = await backend(database);
    await expect(fail(database, code)).rejects.toThrow(kind);
    expect(await backend(database)).toEqual(before);
  });

  test.each(['22012', '23505', '42P01', 'XX000'])('%s is a fault', async (code) => {
    const database = await open({ maxConnections: 1 });
    const before = await backend(database);
    await expect(fail(database, code)).rejects.not.toBeInstanceOf(DatabaseUnavailable);
    expect(await backend(database)).toEqual(before);
  });

  test.each([
    ['could not write to file "base/1": Disk quota exceeded', DatabaseFull],
    ['could not open file "base/1": Read-only file system', DatabaseReadOnly],
  ])('is told by its message where it has no code: %s', async (message, kind) => {
    const { db } = await open();
    const raise = sql.raw(`do $$ begin raise exception '${message}' using errcode = 'XX000'; end $$`);
    await expect(raise.execute(db)).rejects.toThrow(kind);
  });

  test('of a new connection is temporary, whatever its class', async () => {
    const { databaseUrl, drop } = await createServerDatabase();
    const database = await openServer({ databaseUrl });
    onTestFinished(() => database.close());
    await drop();
    await expect(backend(database)).rejects.toThrow(DatabaseUnavailable);
    await expect(backend(database)).rejects.toThrow(DatabaseUnavailable);
  });
});

async function openBehindProxy(options: Omit<ServerOptions, 'databaseUrl'>) {
  const { databaseUrl, freeze, thaw } = await createFreezableDatabase();
  const database = await openServer({ databaseUrl, ...options });
  onTestFinished(() => database.close());
  return { database, freeze, thaw };
}

describe.skipIf(!hasServer())('A PostgreSQL server that accepts but does not answer', () => {
  test('fails queries and transactions after a time, and serves again afterwards', async () => {
    const { database, freeze, thaw } = await openBehindProxy({ statementTimeoutMs: 200, maxConnections: 2 });
    const { db } = database;
    const [before] = await Promise.all([backend(database), backend(database)]);
    freeze();
    const outcomes = await Promise.allSettled([
      backend(database),
      db.transaction().execute((tx) => sql`select 1`.execute(tx)),
    ]);
    expect(outcomes).toMatchObject([
      { status: 'rejected', reason: expect.any(DatabaseUnavailable) },
      { status: 'rejected', reason: expect.any(DatabaseUnavailable) },
    ]);
    expect(outcomes[0]).toMatchObject({ reason: { message: 'the database has not answered for 2.2 s' } });
    thaw();
    expect(await backend(database)).not.toEqual(before);
  });

  test('is not ready, which does not wait for other queries', async () => {
    const { database, freeze, thaw } = await openBehindProxy({ maxConnections: 1 });
    await database.checkReady();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const busy = database.db.connection().execute(() => released);
    await expect(database.checkReady()).rejects.toThrow('the database has not answered for 2 s');
    release();
    await busy;
    await database.checkReady();
    freeze();
    await expect(database.checkReady()).rejects.toThrow(DatabaseUnavailable);
    thaw();
    await database.checkReady();
  });
});

describe.skipIf(!hasServer())('Readiness', () => {
  test('requires a server that accepts changes, also at the start', async () => {
    const { databaseUrl, drop } = await createServerDatabase();
    onTestFinished(drop);
    const name = new URL(databaseUrl).pathname.slice(1);
    await runSql(databaseUrl, `alter database ${name} set default_transaction_read_only = on`);
    await expect(openServer({ databaseUrl })).rejects.toThrow(DatabaseReadOnly);

    await runSql(databaseUrl, `set transaction_read_only = off; alter database ${name} reset all`);
    const database = await openServer({ databaseUrl, maxConnections: 1 });
    onTestFinished(() => database.close());
    await database.checkReady();
    // As after a failover: this connection leads to a standby, and the next one to the new primary.
    const becomeReadOnly = () => sql`set default_transaction_read_only = on`.execute(database.db);
    await becomeReadOnly();
    await expect(database.checkReady()).rejects.toThrow(DatabaseReadOnly);
    await database.checkReady();
    await becomeReadOnly();
    await expect(sql`create table note (id int)`.execute(database.db)).rejects.toThrow(DatabaseReadOnly);
    await database.checkReady();
  });

  test('requires space on the disk, after an error has said that it was full', async () => {
    let isFull = true;
    const checks: string[] = [];
    const fullDisk: KyselyPlugin = {
      transformQuery({ node }) {
        if (!JSON.stringify(node).includes('temporary table')) return node;
        checks.push(isFull ? 'full' : 'free');
        if (isFull) throw new DatabaseFull('the disk of the database is full');
        return node;
      },
      transformResult: async ({ result }) => result,
    };
    const db = (await open()).db.withPlugin(fullDisk);
    const readiness = createReadiness(30_000);
    await readiness.check(db);
    readiness.note(new DatabaseUnavailable('restarting'));
    await readiness.check(db);
    expect(checks).toEqual([]);

    readiness.note(new DatabaseFull('the disk of the database is full'));
    await expect(readiness.check(db)).rejects.toThrow(DatabaseFull);
    await expect(readiness.check(db)).rejects.toThrow(DatabaseFull);
    isFull = false;
    await readiness.check(db);
    await readiness.check(db);
    expect(checks).toEqual(['full', 'full', 'free']);
  });
});

test('Opening a server that does not respond is an error', async () => {
  await expect(openDatabase({ databaseUrl: 'postgres://stranger@127.0.0.1:1/nothing' })).rejects.toThrow(
    'ECONNREFUSED',
  );
});
