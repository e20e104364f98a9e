import { sql } from 'kysely';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Database } from '../../../src/server/db/database.ts';
import { openDatabase } from '../../../src/server/db/open.ts';
import { DatabaseBusy, DatabaseUnavailable, QueryCutOff } from '../../../src/server/db/pool.ts';
import type { ServerOptions } from '../../../src/server/db/server.ts';
import { hasServer, openServerCopy } from '../../support/databases.ts';
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
    await expect(forgotten).rejects.toThrow(QueryCutOff);
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

test('Opening a server that does not respond is an error', async () => {
  await expect(openDatabase({ databaseUrl: 'postgres://stranger@127.0.0.1:1/nothing' })).rejects.toThrow(
    'ECONNREFUSED',
  );
});
