import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { Kysely, sql } from 'kysely';
import { Pool } from 'pg';
import { lockDataDirectory } from './data-directory-lock.ts';
import type { Database } from '../database.ts';
import { type ConnectionOptions, EmbeddedConnection } from './connection.ts';
import type { Bytes } from './engine.ts';
import { type DatabaseLog, drain, poolDialect, LONG_TIMEOUT_MS } from '../pool.ts';
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
  idleInTransactionTimeoutMs?: number;
  vacuumEveryMs?: number;
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
  idleInTransactionTimeoutMs = 10_000,
  vacuumEveryMs = 60 * 60_000,
  log,
}: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const unlock = dataDir === undefined ? () => {} : lockDataDirectory(dataDir);
  const files = dataDir === undefined ? { loadDataDir } : { dataDir: join(dataDir, 'postgres') };

  let current: EmbeddedConnection | undefined;
  const open = createOpener({ ...files, thread, queryTimeoutMs, idleInTransactionTimeoutMs }, log);
  const pool = createPool(() => (current = open(current)));
  // Longer than a query may take, because there is one connection only.
  const readiness = createReadiness(queryTimeoutMs + 1_000);
  const db = new Kysely<Tables>({
    dialect: poolDialect(pool, { onUnavailable: (error) => readiness.note(error) }),
  });

  /** Runs `work` with exclusive use of the connection. */
  function alone<Result>(
    work: (db: Kysely<Tables>, connection: EmbeddedConnection) => Promise<Result>,
  ): Promise<Result> {
    return db.connection().execute((own) => {
      if (current === undefined) throw new Error('The database is not open');
      return work(own, current);
    });
  }

  async function withLongTimeout<Result>(work: (db: Kysely<Tables>) => Promise<Result>): Promise<Result> {
    return alone(async (own, line) => {
      line.queryTimeoutMs = LONG_TIMEOUT_MS;
      try {
        return await work(own);
      } finally {
        line.queryTimeoutMs = queryTimeoutMs;
      }
    });
  }

  const stopVacuuming = startVacuuming(withLongTimeout, vacuumEveryMs, log);

  async function end(): Promise<void> {
    stopVacuuming();
    await drain(pool);
    await current?.gone;
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
    kind: 'embedded',
    checkReady: () => readiness.check(db),
    withLongTimeout,
    dump: () => alone((_, line) => line.dump()),
    close: () => (closed ??= end()),
  };
}

/** Returns a function that opens a connection, and with it an engine, after the previous one. */
function createOpener(
  options: Omit<ConnectionOptions, 'mayCreate' | 'filesFree' | 'recentFailure'>,
  log: DatabaseLog | undefined,
) {
  let failed: { error: Error; at: number } | undefined;
  return function open(previous: EmbeddedConnection | undefined): EmbeddedConnection {
    const isRecent = failed !== undefined && performance.now() - failed.at < RESTART_PAUSE_MS;
    const recentFailure = isRecent ? failed?.error : undefined;
    const connection = new EmbeddedConnection({
      ...options,
      mayCreate: previous === undefined,
      filesFree: Promise.resolve(previous?.gone),
      recentFailure,
    });
    connection.on('error', (error) => {
      if (recentFailure) return;
      if (!connection.hasStarted) failed = { error, at: performance.now() };
      log?.warn({ err: error }, 'embedded database restarts');
    });
    return connection;
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

/** Vacuums the database at an interval, because PGlite has no autovacuum. Returns a function that stops it. */
function startVacuuming(
  withLongTimeout: Database['withLongTimeout'],
  everyMs: number,
  log: DatabaseLog | undefined,
): () => void {
  let isRunning = false;
  async function vacuum(): Promise<void> {
    if (isRunning) return;
    isRunning = true;
    try {
      await withLongTimeout((db) => sql`vacuum analyze`.execute(db));
    } catch (error) {
      log?.error({ err: error }, 'embedded database could not be vacuumed');
    } finally {
      isRunning = false;
    }
  }

  const timer = setInterval(() => void vacuum(), everyMs).unref();
  return () => clearInterval(timer);
}
