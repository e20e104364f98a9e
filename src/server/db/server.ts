import { Kysely, sql } from 'kysely';
import { Client, Pool } from 'pg';
import type { Database } from './database.ts';
import { type DatabaseLog, drain, poolDialect, LONG_TIMEOUT_MS } from './pool.ts';
import type { Tables } from './tables.ts';
import { types } from './types.ts';

export interface ServerOptions {
  databaseUrl: string;
  /** Maximum number of connections. */
  maxConnections?: number;
  statementTimeoutMs?: number;
  idleInTransactionTimeoutMs?: number;
  log?: DatabaseLog | undefined;
}

/** Opens a PostgreSQL server with a pool of connections, and checks that it responds. */
export async function openServer({
  databaseUrl,
  maxConnections = 20,
  statementTimeoutMs = 30_000,
  idleInTransactionTimeoutMs = 10_000,
  log,
}: ServerOptions): Promise<Database> {
  // Without JIT, because compiling our short queries takes longer than running them.
  const settings =
    `set jit to off; set timezone to 'UTC'; set statement_timeout to ${statementTimeoutMs}; ` +
    `set idle_in_transaction_session_timeout to ${idleInTransactionTimeoutMs}`;
  const pool = new Pool({
    connectionString: databaseUrl,
    application_name: 'cross-org-visibility',
    max: maxConnections,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    types,
    // A query, not start-up parameters: connection poolers refuse unknown parameters.
    verify: (client, done) => client.query(settings, done),
  });
  pool.on('error', (error) => log?.warn({ err: error }, 'database connection lost'));

  const db = new Kysely<Tables>({ dialect: poolDialect(pool) });
  try {
    await sql`select 1`.execute(db);
  } catch (error) {
    await drain(pool);
    throw error;
  }

  let closed: Promise<void> | undefined;
  return {
    db,
    telemetryDb: db,
    kind: 'server',
    withLongTimeout: (work) =>
      db.connection().execute(async (connection) => {
        await setStatementTimeout(connection, LONG_TIMEOUT_MS);
        try {
          return await work(connection);
        } finally {
          await setStatementTimeout(connection, statementTimeoutMs);
        }
      }),
    cancelBackend: (processId) => cancelBackend(databaseUrl, processId),
    close: () => (closed ??= drain(pool)),
  };
}

async function cancelBackend(databaseUrl: string, processId: number): Promise<void> {
  const client = new Client({
    connectionString: databaseUrl,
    application_name: 'cross-org-visibility',
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => {}); // its promises reject
  try {
    await client.connect();
    await client.query('select pg_cancel_backend($1)', [processId]);
  } finally {
    await client.end();
  }
}

async function setStatementTimeout(connection: Kysely<Tables>, milliseconds: number): Promise<void> {
  await sql`select set_config('statement_timeout', ${String(milliseconds)}, false)`.execute(connection);
}
