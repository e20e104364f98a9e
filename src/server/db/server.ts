import { Kysely, sql } from 'kysely';
import { Client, Pool } from 'pg';
import type { Database } from './database.ts';
import {
  closeWithoutAnswer,
  connectionsOf,
  type DatabaseLog,
  drain,
  poolDialect,
  LONG_TIMEOUT_MS,
} from './pool.ts';
import { createReadiness, requireWritable } from './readiness.ts';
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

/** Time that the server's own timeout gets before the client's ends the connection. */
const ANSWER_MARGIN_MS = 2_000;

const CONNECT_TIMEOUT_MS = 10_000;
const READINESS_TIMEOUT_MS = 2_000;

/** Opens a PostgreSQL server with a pool of connections, and checks that it responds and accepts changes. */
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
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    types,
    // A query, not start-up parameters: connection poolers refuse unknown parameters.
    verify(client, done) {
      const stopTimer = closeWithoutAnswer(client, CONNECT_TIMEOUT_MS);
      client.query(settings, (error) => {
        stopTimer();
        done(error);
      });
    },
  });
  pool.on('error', (error) => log?.warn({ err: error }, 'database connection lost'));

  const readiness = createReadiness(READINESS_TIMEOUT_MS);
  const withAnswerTimeout = (timeoutMs: number) =>
    new Kysely<Tables>({
      dialect: poolDialect(pool, {
        answerTimeoutMs: timeoutMs + ANSWER_MARGIN_MS,
        closesUnavailable: true,
        onUnavailable: (error) => readiness.note(error),
      }),
    });
  const db = withAnswerTimeout(statementTimeoutMs);
  const longDb = withAnswerTimeout(LONG_TIMEOUT_MS);
  try {
    await requireWritable(db);
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
      longDb.connection().execute(async (connection) => {
        await setStatementTimeout(connection, LONG_TIMEOUT_MS);
        const reset = () => setStatementTimeout(connection, statementTimeoutMs);
        const result = await work(connection).catch(async (error: unknown) => {
          await reset().catch(() => {}); // the connection is lost; the caller gets the first error
          throw error;
        });
        await reset();
        return result;
      }),
    checkReady: () => readiness.check(db),
    cancelBackend: (processId) => cancelBackend(databaseUrl, processId),
    connections: () => connectionsOf(pool),
    close: () => (closed ??= drain(pool)),
  };
}

async function cancelBackend(databaseUrl: string, processId: number): Promise<void> {
  const client = new Client({
    connectionString: databaseUrl,
    application_name: 'cross-org-visibility',
    connectionTimeoutMillis: 5_000,
    query_timeout: 5_000,
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
