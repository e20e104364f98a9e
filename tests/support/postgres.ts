import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

/** Migrated, empty database on the server, which is the template of the tests' databases. */
export const migratedDatabase = 'migrated';

/** PostgreSQL server of the test run. */
export interface PostgresCluster {
  /** Address for a role that owns its databases and is not a superuser. */
  readonly ownerUrl: string;
  stop(): Promise<void>;
}

/** Starts PostgreSQL in a temporary directory. Returns undefined if it is not installed. */
export async function startPostgres(): Promise<PostgresCluster | undefined> {
  const binaries = findBinaries();
  const user = unprivilegedUser();
  if (binaries === undefined || user === undefined) return undefined;

  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  chownSync(folder, user.uid, user.gid);
  const dataDir = join(folder, 'data');
  const asUser = { ...user, cwd: folder, env: { LC_ALL: 'C.UTF-8', TZ: 'UTC' } };

  const initdb = ['-D', dataDir, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--no-sync'];
  const made = spawnSync(join(binaries, 'initdb'), initdb, { ...asUser, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);

  // Without autovacuum: its workers are sessions of the superuser, so `owner` could not drop a database with one in it.
  const settings = [
    'autovacuum=off',
    'fsync=off',
    'full_page_writes=off',
    'max_connections=200',
    'listen_addresses=',
  ]
    .concat(`unix_socket_directories=${folder}`)
    .flatMap((setting) => ['-c', setting]);
  const server = spawn(join(binaries, 'postgres'), ['-D', dataDir, ...settings], {
    ...asUser,
    stdio: 'ignore',
  });
  const killServer = (): void => void server.kill('SIGQUIT');
  process.once('exit', killServer);

  const superuserUrl = urlOf(folder, 'postgres');
  await untilItAnswers(superuserUrl, server);
  await runSql(superuserUrl, 'create role owner login createrole createdb');

  return {
    ownerUrl: urlOf(folder, 'owner'),
    async stop() {
      process.off('exit', killServer);
      server.kill('SIGINT');
      if (server.exitCode === null) await once(server, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Returns the URL of another database on the same server, for the same role. */
export function urlOfDatabase(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}

/** Runs statements on a new connection. */
export async function runSql(url: string, text: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

function urlOf(socketFolder: string, role: string): string {
  return `postgresql://${role}@localhost/postgres?host=${encodeURIComponent(socketFolder)}`;
}

/** Finds the folder with `initdb` and `postgres`: on the PATH, or Debian's newest. */
function findBinaries(): string | undefined {
  const onPath = (process.env.PATH ?? '').split(delimiter);
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : [];
  const folders = [...onPath, ...versions.map((version) => join(debian, version, 'bin'))];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/** Returns the user that runs PostgreSQL, which refuses root: for root, the user of PostgreSQL's package. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  const { uid: ownUid, gid: ownGid } = userInfo();
  if (ownUid !== 0) return { uid: ownUid, gid: ownGid };
  const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  if (uid?.status !== 0 || gid?.status !== 0) return undefined;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

async function untilItAnswers(url: string, server: ChildProcess): Promise<void> {
  for (const deadline = Date.now() + 30_000; ; await sleep(50)) {
    try {
      await runSql(url, 'select 1');
      return;
    } catch (error) {
      if (server.exitCode !== null || Date.now() > deadline) throw error;
    }
  }
}
