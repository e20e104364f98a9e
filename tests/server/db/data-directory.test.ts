import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { DataDirectoryInUse } from '../../../src/server/db/embedded/data-directory-lock.ts';
import { openDatabase } from '../../../src/server/db/open.ts';
import {
  type EmbeddedDatabase,
  type EmbeddedOptions,
  openEmbedded,
} from '../../../src/server/db/embedded/embedded-database.ts';
import { QueryCutOff } from '../../../src/server/db/pool.ts';
import { notPrivate } from '../../support/file-modes.ts';
import { TIME_FACTOR } from '../../support/time-factor.ts';

// One directory for all tests, because making one takes seconds; each begins with an empty table.
let dataDir: string;
let database: EmbeddedDatabase;
beforeAll(async () => {
  dataDir = join(await mkdtemp(join(tmpdir(), 'data-directory-')), 'made', 'when needed');
});
afterEach(() => database.close());
afterAll(() => rm(join(dataDir, '..', '..'), { recursive: true }));

async function open(options: EmbeddedOptions = {}): Promise<void> {
  database = await openEmbedded({ dataDir, ...options });
}

async function openWithEmptyTable(options: EmbeddedOptions = {}): Promise<void> {
  await open(options);
  await sql`drop table if exists note; create table note (id int, text text)`.execute(database.db);
}

async function addNote(id: number): Promise<void> {
  await sql`insert into note values (${id}, ${`note ${id}`})`.execute(database.db);
}

/** Opens the database in a process of its own, runs code with `db` and `sql`, prints a line and waits to be killed. */
function runInOtherProcess(directory: string, code: string, umask = '022') {
  const module = join(import.meta.dirname, '../../../src/server/db/embedded/embedded-database.ts');
  const script = `
    const { openEmbedded } = await import(${JSON.stringify(module)});
    const { sql } = await import('kysely');
    const { db } = await openEmbedded({ dataDir: ${JSON.stringify(directory)} });
    ${code}
    console.log('written');
    setInterval(() => {}, 1000);`;
  const child = spawn(
    '/bin/sh',
    ['-c', `umask ${umask} && exec "$@"`, 'sh', process.execPath, '--eval', script],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function notes(): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`select id from note order by id`.execute(database.db);
  return rows.map(({ id }) => id);
}

test('Written rows are still there after reopening the database', async () => {
  await openWithEmptyTable();
  await addNote(1);
  await database.close();
  await open();
  expect(await notes()).toEqual([1]);
});

test('A data directory cannot be opened twice in one process until it is closed', async () => {
  await open();
  const again = openDatabase({ dataDir });
  await expect(again).rejects.toThrow(DataDirectoryInUse);
  await expect(again).rejects.toThrow(
    `The data directory ${dataDir} is already in use by a running server; ` +
      'stop that server, or set DATA_DIR to another directory.',
  );
  await database.close();
  await open();
});

test('Another process can open the data directory only after the first one is killed', async () => {
  await openWithEmptyTable();
  await addNote(1);
  await database.close();

  const other = runInOtherProcess(
    dataDir,
    "await sql`insert into note values (2, 'by the other')`.execute(db);",
  );
  await once(createInterface(other.stdout), 'line');

  await expect(open()).rejects.toThrow(DataDirectoryInUse);
  other.kill('SIGKILL');
  await once(other, 'exit');
  await open();
  expect(await notes()).toEqual([1, 2]);
});

test('Every commit reaches the disk before it is acknowledged', async () => {
  await openWithEmptyTable({ thread: 'main' });
  const sync = vi.spyOn(fs, 'fdatasyncSync');
  for (let id = 1; id <= 100; id++) {
    const before = sync.mock.calls.length;
    await addNote(id);
    expect(sync.mock.calls.length).toBeGreaterThan(before);
  }
  sync.mockRestore();
});

test('When a query is stopped, committed rows stay and those of an open transaction are gone', async () => {
  await openWithEmptyTable({ queryTimeoutMs: 1000 });
  for (let id = 1; id <= 50; id++) await addNote(id);
  const stopped = database.db.transaction().execute(async (trx) => {
    await sql`insert into note values (51, 'uncommitted')`.execute(trx);
    await sql`insert into note select n, 'many' from generate_series(52, 1e12) n`.execute(trx);
  });
  const meanwhile = Array.from({ length: 20 }, (_, n) => addNote(100 + n));

  await expect(stopped).rejects.toThrow(QueryCutOff);
  await Promise.all(meanwhile);
  const expected = [...Array.from({ length: 50 }, (_, n) => n + 1), ...meanwhile.map((_, n) => 100 + n)];
  expect(await notes()).toEqual(expected);
  await database.close();
  await open();
  expect(await notes()).toEqual(expected);
});

test('A statement that breaks the engine leaves nothing behind', async () => {
  // On the main thread the stack is small enough to be used up.
  await openWithEmptyTable({ thread: 'main' });
  await addNote(1);
  await sql`create or replace function down_from(n int) returns int language plpgsql
    as 'begin return case when n < 5 then n else down_from(n + 1) end; end'`.execute(database.db);
  const breaking = sql`insert into note select down_from(n), ${'half done'} from generate_series(2, 9) n`;
  await expect(breaking.execute(database.db)).rejects.toThrow('The embedded database broke down');
  expect(await notes()).toEqual([1]);
});

test('A partly created directory is created again', async () => {
  const unfinished = await mkdtemp(join(tmpdir(), 'data-directory-'));
  fs.mkdirSync(join(unfinished, 'postgres.unfinished'));
  fs.writeFileSync(join(unfinished, 'postgres.unfinished', 'PG_VERSION'), '18');
  await open({ dataDir: unfinished });
  expect((await sql`select 1 as one`.execute(database.db)).rows).toEqual([{ one: 1 }]);
  await database.close();
  expect(fs.readdirSync(unfinished).toSorted()).toEqual(['lock', 'postgres']);
  await rm(unfinished, { recursive: true });
});

test.each(['000', '022', '077'])('Every file is private to the owner under umask %s', async (umask) => {
  const folder = await mkdtemp(join(tmpdir(), 'data-directory-'));
  // Writes a new relation and a new segment of the write-ahead log, and sorts on disk while the test looks.
  const other = runInOtherProcess(
    join(folder, 'data'),
    `await sql\`create table many as select n, repeat('x', 100) as text from generate_series(1, 10000) n\`.execute(db);
    await sql\`select pg_switch_wal()\`.execute(db);
    await sql\`insert into many values (0, 'in the new segment')\`.execute(db);
    await sql\`begin; set work_mem = '64kB'; declare sorted cursor for select * from many order by text, n desc;
      fetch 5 from sorted\`.execute(db);`,
    umask,
  );
  await once(createInterface(other.stdout), 'line');

  const files = join(folder, 'data', 'postgres');
  expect(fs.readdirSync(join(files, 'base', 'pgsql_tmp'))).not.toEqual([]);
  expect(fs.readdirSync(join(files, 'pg_wal'))).toContain('000000010000000000000002');
  expect(notPrivate(join(folder, 'data'))).toEqual([]);
  other.kill('SIGKILL');
  await once(other, 'exit');
  await rm(folder, { recursive: true });
});

test('A data directory that cannot be made private is refused', async () => {
  await open();
  await database.close();
  const file = join(dataDir, 'postgres', 'PG_VERSION');
  fs.chmodSync(file, 0o644);
  const chmod = vi.spyOn(fs, 'chmodSync').mockImplementation(() => {
    throw Object.assign(new Error('EPERM: operation not permitted'), { code: 'EPERM' });
  });
  await expect(open()).rejects.toThrow(
    `The permissions of ${file} are 644 and cannot be changed to 600 (EPERM); ` +
      'make the user that runs the server the owner of the data directory, or set DATA_DIR to another directory.',
  );
  chmod.mockRestore();
  await open();
  expect(notPrivate(dataDir)).toEqual([]);
});

test('Missing files are an error, not a reason to create an empty database', async () => {
  await openWithEmptyTable({ queryTimeoutMs: 1000 });
  await addNote(1);
  // A sleep needs no file; a query that spills into one would find its folder gone before it is cut off.
  const slow = sql`select pg_sleep(30)`.execute(database.db);
  const [outcome] = await Promise.allSettled([
    slow,
    sleep(500).then(() => rename(join(dataDir, 'postgres'), join(dataDir, 'elsewhere'))),
  ]);
  expect(outcome).toMatchObject({ reason: expect.any(QueryCutOff) });
  await expect(notes()).rejects.toThrow('The embedded database cannot start: its files are gone');
  await rename(join(dataDir, 'elsewhere'), join(dataDir, 'postgres'));
  // Not at once: after a failed start, the next one waits for a second.
  await vi.waitFor(async () => expect(await notes()).toEqual([1]), 20_000 * TIME_FACTOR);
});
