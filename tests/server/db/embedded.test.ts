import { sql } from 'kysely';
import { afterEach, expect, test, vi } from 'vitest';
import {
  type EmbeddedDatabase,
  type EmbeddedOptions,
  openEmbedded,
} from '../../../src/server/db/embedded/embedded-database.ts';
import { QueryCutOff } from '../../../src/server/db/pool.ts';
import { openTestDatabase } from '../../support/databases.ts';
import { SOON } from '../../support/time-factor.ts';

const tooLong = sql`select count(*) from generate_series(1, 1e6) a, generate_series(1, 1e6) b`;

let database: EmbeddedDatabase;
afterEach(() => database.close());

async function open(options: EmbeddedOptions = {}): Promise<void> {
  database = await openTestDatabase(options);
}

async function addAccount(name: string): Promise<void> {
  await database.db.insertInto('account').values({ name }).execute();
}

async function accounts(): Promise<string[]> {
  const rows = await database.db.selectFrom('account').select('name').orderBy('name').execute();
  return rows.map(({ name }) => name);
}

function testLog() {
  return {
    warn: vi.fn<(details: object, message: string) => void>(),
    error: vi.fn<(details: object, message: string) => void>(),
  };
}

test('A query that runs too long is stopped; queued queries run', async () => {
  const log = testLog();
  await open({ queryTimeoutMs: 1000, log });
  const slow = tooLong.execute(database.db);
  const waiting = Array.from({ length: 10 }, (_, n) =>
    sql<{ n: number }>`select ${n}::int as n`.execute(database.db),
  );

  await expect(slow).rejects.toThrow(QueryCutOff);
  await expect(slow).rejects.toThrow('The query was stopped because it ran longer than 1 s.');
  expect((await Promise.all(waiting)).map(({ rows }) => rows[0]?.n)).toEqual(waiting.map((_, n) => n));
  expect(log.warn).toHaveBeenCalledOnce();
  expect(log.warn).toHaveBeenCalledWith({ err: expect.any(QueryCutOff) }, 'embedded database restarts');
});

test('A transaction that is idle too long is stopped; queued queries run', async () => {
  await open({ idleInTransactionTimeoutMs: 200 });
  const forgotten = database.db.transaction().execute(async (trx) => {
    await trx.insertInto('account').values({ name: 'forgotten' }).execute();
    await new Promise((resolve) => setTimeout(resolve, 600));
    await trx.insertInto('account').values({ name: 'too late' }).execute();
  });
  const waiting = accounts();
  await expect(forgotten).rejects.toThrow(QueryCutOff);
  await expect(forgotten).rejects.toThrow('The transaction was stopped because no query came for 0.2 s.');
  expect(await waiting).toEqual([]);
  expect(await accounts()).toEqual([]);
});

test('Migrations and maintenance may take longer than queries', async () => {
  await open({ queryTimeoutMs: 300 });
  const aSecond = sql`select pg_sleep(1)`;
  await database.withLongTimeout((db) => aSecond.execute(db));
  await expect(aSecond.execute(database.db)).rejects.toThrow(QueryCutOff);
});

test('A broken engine fails its query and restarts', async () => {
  const log = testLog();
  // On the main thread the stack is small enough to be used up.
  await open({ thread: 'main', log });
  const deep = `select '${'['.repeat(100_000)}${']'.repeat(100_000)}'::jsonb`;
  await expect(sql.raw(deep).execute(database.db)).rejects.toThrow('The embedded database broke down');
  expect(log.warn).toHaveBeenCalledOnce();
  await addAccount('afterwards');
  expect(await accounts()).toEqual(['afterwards']);
});

test('Deep recursion is refused and harms no other query', async () => {
  const log = testLog();
  await open({ log });
  await addAccount('before');
  const deep = sql.raw(`select ${'1+'.repeat(20_000)}1`).execute(database.db);
  await expect(deep).rejects.toThrow('stack depth limit exceeded');
  await sql`create function forever(n int) returns int language plpgsql as 'begin return forever(n + 1); end'`.execute(
    database.db,
  );
  await expect(sql`select forever(1)`.execute(database.db)).rejects.toThrow('stack depth limit exceeded');
  expect(await accounts()).toEqual(['before']);
  expect(log.warn).not.toHaveBeenCalled();
});

test('The database is vacuumed and analyzed regularly', async () => {
  await open({ vacuumEveryMs: 300 });
  await sql`insert into account (name) select 'account ' || n from generate_series(1, 500) n`.execute(
    database.db,
  );
  await vi.waitFor(async () => {
    const { rows } = await sql`select reltuples from pg_class where relname = 'account'`.execute(database.db);
    expect(rows).toEqual([{ reltuples: 500 }]);
  }, SOON);
});

test('The write-ahead log does not grow without limit', async () => {
  await open({ checkpointEveryMs: 300 });
  const behind = async () => {
    const { rows } = await sql<{ megabytes: number }>`
      select (pg_wal_lsn_diff(pg_current_wal_lsn(), redo_lsn) / 1024 / 1024)::float8 as megabytes
      from pg_control_checkpoint()`.execute(database.db);
    return rows[0]?.megabytes;
  };
  await database.withLongTimeout(async (db) => {
    await sql`create table note as select repeat('x', 1000) as text from generate_series(1, 20000)`.execute(
      db,
    );
    await sql`insert into note select * from note`.execute(db);
  });
  await expect.poll(behind).toBeLessThan(1);
});

function functionThat(does: string): string {
  return `create or replace function f(n int) returns int immutable language plpgsql as 'begin ${does}; end'`;
}

test('A failed vacuum is logged and harms no query', async () => {
  const log = testLog();
  await open({ vacuumEveryMs: 300, log });
  await sql
    .raw(
      `${functionThat('return n')}; create table note (id int); insert into note values (1);
      create index on note (f(id)); ${functionThat('return n / 0')}`,
    )
    .execute(database.db);
  await vi.waitFor(() => {
    const details = { err: expect.objectContaining({ message: 'division by zero' }) };
    expect(log.error).toHaveBeenCalledWith(details, 'embedded database could not be vacuumed');
  }, SOON);
  expect((await sql`select id from note`.execute(database.db)).rows).toEqual([{ id: 1 }]);
});

test('A database from a dump has the same rows', async () => {
  await open();
  await addAccount('kept');
  const loadDataDir = await database.dump();
  await database.close();
  database = await openEmbedded({ loadDataDir });
  expect(await accounts()).toEqual(['kept']);
});
