import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { Kysely, sql } from 'kysely';
import { Pool } from 'pg';
import { lockDataDirectory } from './data-directory-lock.ts';
import type { Database } from '../database.ts';
import { type ConnectionOptions, EmbeddedConnection } from './connection.ts';
import type { Bytes } from './engine.ts';
import { createLine } from './line.ts';
import { createThreads } from './thread.ts';
import {
  connectionsOf,
  type DatabaseLog,
  type DatabaseUnavailable,
  drain,
  poolDialect,
  LONG_TIMEOUT_MS,
} from '../pool.ts';
import { createReadiness } from '../readiness.ts';
import type { Tables } from '../tables.ts';
import { types } from '../types.ts';

export interface EmbeddedOptions {
  /** Directory of the files; undefined: in memory. */
  dataDir?: string | undefined;
  /** Tar of a dumped database, with which a database in memory starts. */
  loadDataDir?: Bytes | undefined;
  /** Thread that runs queries. On the main thread, queries cannot be stopped: for tests without threads. */
  thread?: 'worker' | 'main';
  queryTimeoutMs?: number;
  /** Maximum time for which a read of telemetry holds the connection. */
  readTimeoutMs?: number;
  /** Maximum time for which other work waits for a read of telemetry, which is then ended. */
  patienceMs?: number;
  idleInTransactionTimeoutMs?: number;
  vacuumEveryMs?: number;
  checkpointEveryMs?: number;
  log?: DatabaseLog | undefined;
}

export interface EmbeddedDatabase extends Database {
  /** Returns the database's files as a tar, for `loadDataDir`. */
  dump(): Promise<Bytes>;
}

/** Time after a failed start, such as on a full disk, in which queries fail at once instead of one start after another. */
const RESTART_PAUSE_MS = 1_000;

/**
 * Opens the embedded database: PostgreSQL in WebAssembly (PGlite) behind one connection, for which queries and transactions
 * queue. Its engine restarts after a crash, or after a query that had to be stopped.
 */
export async function openEmbedded({
  dataDir,
  loadDataDir,
  thread = 'worker',
  queryTimeoutMs = 5_000,
  readTimeoutMs = 2_000,
  patienceMs = 400,
  idleInTransactionTimeoutMs = 10_000,
  vacuumEveryMs = 60 * 60_000,
  checkpointEveryMs = 60_000,
  log,
}: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const unlock = dataDir === undefined ? () => {} : lockDataDirectory(dataDir);
  const files = dataDir === undefined ? { loadDataDir } : { dataDir: join(dataDir, 'postgres') };

  const connections = createConnections(
    { ...files, thread, queryTimeoutMs, idleInTransactionTimeoutMs },
    log,
  );
  const pool = createPool(connections.open);
  // Longer than a query may take, because there is one connection only.
  const readiness = createReadiness(queryTimeoutMs + 1_000);
  const { db, telemetryDb, readsDone } = openLines(pool, (error) => readiness.note(error), {
    readTimeoutMs,
    patienceMs,
    onRead: connections.prepareNext,
    endConnection: (reason) => connections.current()?.destroy(reason),
  });

  /** Runs `work` with exclusive use of the connection. */
  function alone<Result>(
    work: (db: Kysely<Tables>, connection: EmbeddedConnection) => Promise<Result>,
  ): Promise<Result> {
    return db.connection().execute((own) => {
      const current = connections.current();
      if (current === undefined) throw new Error('The database is not open');
      return work(own, current);
    });
  }

  const withLongTimeout: Database['withLongTimeout'] = (work) =>
    alone(async (own, held) => {
      held.queryTimeoutMs = LONG_TIMEOUT_MS;
      try {
        return await work(own);
      } finally {
        held.queryTimeoutMs = queryTimeoutMs;
      }
    });

  const stopMaintenance = startMaintenance(withLongTimeout, { vacuumEveryMs, checkpointEveryMs }, log);
  async function end(): Promise<void> {
    stopMaintenance();
    await readsDone();
    await drain(pool);
    await connections.end();
    unlock();
  }

  try {
    await sql`select 1`.execute(db);
  } catch (error) {
    await end();
    throw error;
  }

  let closed: Promise<void> | undefined;
  return {
    db,
    telemetryDb,
    kind: 'embedded',
    checkReady: () => readiness.check(db),
    withLongTimeout,
    dump: () => alone((_, held) => held.dump()),
    connections: () => connectionsOf(pool),
    close: () => (closed ??= end()),
  };
}

/** Connections, one after another, each with a new engine over the same files. */
interface Connections {
  open: () => EmbeddedConnection;
  current: () => EmbeddedConnection | undefined;
  /** Prepares the thread of the next engine, because the current one may have to be ended. */
  prepareNext: () => void;
  /** Waits until the current connection has closed. */
  end: () => Promise<void>;
}

function createConnections(
  options: Omit<ConnectionOptions, 'threads' | 'mayCreate' | 'syncedAt' | 'filesFree' | 'recentFailure'>,
  log: DatabaseLog | undefined,
): Connections {
  const threads = createThreads();
  let current: EmbeddedConnection | undefined;
  let syncedAt: number | undefined;
  let failed: { error: Error; at: number } | undefined;
  function open(): EmbeddedConnection {
    const isRecent = failed !== undefined && performance.now() - failed.at < RESTART_PAUSE_MS;
    const recentFailure = isRecent ? failed?.error : undefined;
    const connection = new EmbeddedConnection({
      ...options,
      threads,
      mayCreate: current === undefined,
      syncedAt,
      filesFree: Promise.resolve(current?.gone),
      recentFailure,
    });
    connection.on('error', (error) => {
      if (recentFailure) return;
      if (!connection.hasStarted) failed = { error, at: performance.now() };
      log?.warn({ err: error }, 'embedded database restarts');
    });
    // Earlier by more than the resolution of a file's time.
    connection.on('connect', () => (syncedAt = Date.now() - 100));
    current = connection;
    return connection;
  }
  return {
    open,
    current: () => current,
    prepareNext: () => {
      if (options.thread === 'worker') threads.prepare();
    },
    async end() {
      await current?.gone;
      await threads.end();
    },
  };
}

/** Returns the database for reads of telemetry and for other work, which goes first. */
function openLines(
  pool: Pool,
  onUnavailable: (error: DatabaseUnavailable) => void,
  options: Omit<Parameters<typeof createLine>[0], 'pool'>,
) {
  const { connect, connectToRead, readsDone } = createLine({ pool, ...options });
  return {
    db: new Kysely<Tables>({ dialect: poolDialect(pool, { connect, onUnavailable }) }),
    telemetryDb: new Kysely<Tables>({
      dialect: poolDialect(pool, { connect: connectToRead, onUnavailable }),
    }),
    readsDone,
  };
}

/** Creates a pool of one connection. */
function createPool(connection: () => EmbeddedConnection): Pool {
  const pool = new Pool({
    stream: connection,
    max: 1,
    idleTimeoutMillis: 0,
    types,
    // Explicit, because `pg` reads missing options from the environment.
    user: 'postgres',
    database: 'postgres',
    host: 'embedded',
    port: 5432,
    ssl: false,
  });
  pool.on('error', () => {}); // the connection has logged it
  return pool;
}

/** Maintains the database at intervals, because PGlite has no background processes. Returns a function that stops it. */
function startMaintenance(
  withLongTimeout: Database['withLongTimeout'],
  { vacuumEveryMs, checkpointEveryMs }: { vacuumEveryMs: number; checkpointEveryMs: number },
  log: DatabaseLog | undefined,
): () => void {
  const running = new Set<string>();
  async function maintain(what: string, work: (db: Kysely<Tables>) => Promise<unknown>): Promise<void> {
    if (running.has(what)) return;
    running.add(what);
    try {
      await withLongTimeout(work);
    } catch (error) {
      log?.error({ err: error }, `embedded database could not be ${what}`);
    } finally {
      running.delete(what);
    }
  }

  const vacuum = () => maintain('vacuumed', (db) => sql`vacuum analyze`.execute(db));
  const timers = [
    setInterval(() => void vacuum(), vacuumEveryMs).unref(),
    setInterval(() => void maintain('checkpointed', checkpoint), checkpointEveryMs).unref(),
  ];
  return () => timers.forEach(clearInterval);
}

/** Size of the write-ahead log from which a checkpoint is made, in bytes. A restart after a crash replays at most a little more. */
const CHECKPOINT_SIZE = 16 * 1024 * 1024;

/** Makes a checkpoint if much was written since the last one: otherwise the write-ahead log grows without limit. */
async function checkpoint(db: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ isDue: boolean }>`
    select pg_wal_lsn_diff(pg_current_wal_lsn(), redo_lsn) > ${CHECKPOINT_SIZE} as "isDue"
    from pg_control_checkpoint()`.execute(db);
  if (rows[0]?.isDue === true) await sql`checkpoint`.execute(db);
}
