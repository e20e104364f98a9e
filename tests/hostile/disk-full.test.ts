import fs from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { openEmbedded } from '../../src/server/db/embedded/embedded-database.ts';
import { DatabaseFull } from '../../src/server/db/pool.ts';
import { dataDirectory } from '../support/installation.ts';
import { TIME_FACTOR } from '../support/time-factor.ts';

afterEach(() => vi.restoreAllMocks());

/** Simulates a full disk: files can be written, but not grow. */
function limitDisk() {
  const disk = { isFull: false };
  const { writeSync } = fs;
  const write = (descriptor: number, data: Uint8Array, offset: number, length: number, position: number) => {
    if (disk.isFull && fs.fstatSync(descriptor).size < position + length) {
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    }
    return writeSync(descriptor, data, offset, length, position);
  };
  vi.spyOn(fs, 'writeSync').mockImplementation(write as typeof fs.writeSync);
  return disk;
}

it('serves reads on a full disk, and everything once there is space, with all acknowledged rows', async () => {
  const disk = limitDisk();
  const log = { warn: vi.fn<(details: object, message: string) => void>(), error: vi.fn<() => void>() };
  // On the main thread, because this test intercepts its writes.
  const database = await openEmbedded({ dataDir: await dataDirectory(), thread: 'main', log });
  onTestFinished(() => database.close());
  const { db } = database;
  let acknowledged = 0;
  await sql`create table note (words text)`.execute(db);
  const insert = async () => {
    await sql`insert into note select string_agg(md5(n::text), '') from generate_series(1, 60) n`.execute(db);
    acknowledged += 1;
  };
  const notes = async () => (await sql`select from note`.execute(db)).rows.length;
  for (let count = 0; count < 3; count += 1) await insert();
  await database.checkReady();

  disk.isFull = true;
  const fill = async () => {
    for (let count = 0; count < 1000; count += 1) await insert();
  };
  await expect(fill()).rejects.toThrow(DatabaseFull);
  expect(await notes()).toBe(acknowledged);
  await expect(insert()).rejects.toThrow(DatabaseFull);
  await expect(database.checkReady()).rejects.toThrow(DatabaseFull);
  expect(log.warn).not.toHaveBeenCalled();

  // PostgreSQL stops if it cannot write a checkpoint, and cannot start again.
  await expect(sql`checkpoint`.execute(db)).rejects.toThrow(DatabaseFull);
  await expect(notes()).rejects.toThrow(DatabaseFull);
  const starts = log.warn.mock.calls.length;
  await expect(Promise.all([notes(), notes(), notes()])).rejects.toThrow(DatabaseFull);
  expect(log.warn.mock.calls.length).toBeLessThanOrEqual(starts + 1);

  disk.isFull = false;
  await vi.waitFor(async () => expect(await notes()).toBe(acknowledged), 20_000 * TIME_FACTOR);
  await insert();
  expect(await notes()).toBe(acknowledged);
  await database.checkReady();
});

it('removes the temporary files of stopped queries', async () => {
  const dataDir = await dataDirectory();
  const base = join(dataDir, 'postgres', 'base');
  fs.mkdirSync(join(base, 'pgsql_tmp'), { recursive: true });
  const files = [join('pgsql_tmp', 'pgsql_tmp1.0'), join('5', 't0_17211'), join('5', 't3_99_fsm.1')];
  for (const file of files) fs.writeFileSync(join(base, file), 'x');
  const database = await openEmbedded({ dataDir });
  onTestFinished(() => database.close());
  expect(files.filter((file) => fs.existsSync(join(base, file)))).toEqual([]);
  expect((await sql`select 1 as one`.execute(database.db)).rows).toEqual([{ one: 1 }]);
});
