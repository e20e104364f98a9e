import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { notPrivate, openToAll } from '../../support/file-modes.ts';
import { DIRECTORY, directoryFile, emptyFolder, KEYS } from '../../support/installation.ts';
import { endAll, refusedStart, type ServerProcess, startServer } from '../../support/process.ts';

afterEach(endAll);

async function startIn(DATA_DIR: string): Promise<ServerProcess> {
  const DIRECTORY_FILE = await directoryFile(DIRECTORY);
  return startServer({ DATA_DIR, DIRECTORY_FILE, ...KEYS }, { umask: '000' });
}

/** Sends logs until the database has begun a new segment of its write-ahead log. */
async function fillSegment(DATA_DIR: string, { url }: ServerProcess): Promise<void> {
  const segments = () => readdirSync(join(DATA_DIR, 'postgres/pg_wal'));
  const before = segments();
  for (let request = 0; request < 20 && segments().every((name) => before.includes(name)); request += 1) {
    // Random, because PostgreSQL compresses texts.
    const logs = Array.from({ length: 200 }, () => ({ message: randomBytes(10_000).toString('base64') }));
    const response = await fetch(`${url}/api/v2/logs`, {
      method: 'POST',
      headers: { 'DD-API-KEY': KEYS.API_KEY, 'Content-Type': 'application/json' },
      body: JSON.stringify(logs),
    });
    expect(response.status).toBe(202);
  }
  expect(segments().filter((name) => !before.includes(name))).not.toEqual([]);
}

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

it('creates a private data directory under umask 000', async () => {
  const DATA_DIR = join(await emptyFolder(), 'made', 'when needed');
  const server = await startIn(DATA_DIR);
  expect(notPrivate(join(DATA_DIR, '..'))).toEqual([]);
  await fillSegment(DATA_DIR, server);
  expect(notPrivate(DATA_DIR)).toEqual([]);
  expect(await server.end('SIGTERM')).toBe(0);
  expect(notPrivate(DATA_DIR)).toEqual([]);
});

it('makes an existing data directory private at start', async () => {
  const DATA_DIR = await emptyFolder();
  await (await startIn(DATA_DIR)).end('SIGTERM');
  await mkdir(join(DATA_DIR, 'postgres.unfinished'));
  openToAll(DATA_DIR);

  const server = await startIn(DATA_DIR);
  await fillSegment(DATA_DIR, server);
  expect(notPrivate(DATA_DIR)).toEqual([]);
});

it('does not change other files and targets of symbolic links', async () => {
  const DATA_DIR = await emptyFolder();
  await (await startIn(DATA_DIR)).end('SIGTERM');
  const elsewhere = join(await emptyFolder(), 'elsewhere');
  await mkdir(elsewhere);
  const others = [join(DATA_DIR, 'notes.txt'), join(elsewhere, 'file')];
  for (const path of others) await writeFile(path, 'not ours');
  await symlink(elsewhere, join(DATA_DIR, 'postgres', 'link'));
  await symlink(join(elsewhere, 'file'), join(DATA_DIR, 'session-secret.unfinished'));
  for (const path of [...others, elsewhere]) await chmod(path, 0o777);
  // The server makes another one, as `.unfinished` at first.
  await rm(join(DATA_DIR, 'session-secret'));

  const server = await startIn(DATA_DIR);
  for (const path of [...others, elsewhere]) expect(await modeOf(path), path).toBe('777');
  for (const path of others) expect(await readFile(path, 'utf8'), path).toBe('not ours');
  expect(await modeOf(join(DATA_DIR, 'session-secret'))).toBe('600');
  expect(await server.end('SIGTERM')).toBe(0);
});

it('refuses a directory that all users share, and does not change it', async () => {
  const DATA_DIR = await emptyFolder();
  await chmod(DATA_DIR, 0o1777);
  const { code, output } = await refusedStart({ DATA_DIR });
  expect(code).toBe(1);
  expect(output).toContain(
    `The data directory ${DATA_DIR} is shared by all users of this machine; set DATA_DIR to a directory of its own.`,
  );
  expect(await modeOf(DATA_DIR)).toBe('777');
  expect(readdirSync(DATA_DIR)).toEqual([]);
});

it('refuses a directory that contains other files and is open to other users', async () => {
  for (const name of ['log', 'lock', 'postgres']) {
    const DATA_DIR = await emptyFolder();
    await mkdir(join(DATA_DIR, name));
    await chmod(DATA_DIR, 0o755);
    const { code, output } = await refusedStart({ DATA_DIR });
    expect(code).toBe(1);
    expect(output).toContain(
      `The data directory ${DATA_DIR} contains other files and other users can access it. ` +
        'Set DATA_DIR to an empty directory or make it private (chmod 700).',
    );
    expect(await modeOf(DATA_DIR)).toBe('755');
    expect(readdirSync(DATA_DIR)).toEqual([name]);
  }
});

it('starts in a private directory that contains other files', async () => {
  const DATA_DIR = await emptyFolder();
  await writeFile(join(DATA_DIR, 'notes.txt'), 'not ours');
  await chmod(DATA_DIR, 0o700);
  const server = await startIn(DATA_DIR);
  expect(await server.end('SIGTERM')).toBe(0);
  expect(await modeOf(DATA_DIR)).toBe('700');
});

it('makes an empty directory private', async () => {
  const DATA_DIR = await emptyFolder();
  await chmod(DATA_DIR, 0o755);
  const server = await startIn(DATA_DIR);
  expect(await server.end('SIGTERM')).toBe(0);
  expect(notPrivate(DATA_DIR)).toEqual([]);
});

it.each(['lock', 'postgres', 'session-secret'])('refuses a symbolic link as %s', async (name) => {
  const DATA_DIR = await emptyFolder();
  await chmod(DATA_DIR, 0o700);
  const target = join(await emptyFolder(), 'planted');
  await writeFile(target, 'a secret that another user of this machine knows');
  const link = join(DATA_DIR, name);
  await symlink(target, link);
  const { code, output } = await refusedStart({ DATA_DIR });
  expect(code).toBe(1);
  expect(output).toContain(
    `${link} is a symbolic link. Move its target into the data directory, or set DATA_DIR to the directory it points to.`,
  );
  expect(readdirSync(DATA_DIR)).toEqual([name]);
});
