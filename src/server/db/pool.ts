import {
  PostgresDialect,
  type PostgresCursor,
  type PostgresPoolClient,
  type PostgresQueryResult,
} from 'kysely';
import { DatabaseError, type Pool, type PoolClient } from 'pg';

/** Log for errors that reach no caller, such as a pino logger. */
export interface DatabaseLog {
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** Timeout of queries of migrations and maintenance. */
export const LONG_TIMEOUT_MS = 10 * 60_000;

/** The database is unavailable. Trying again later may help. */
export class DatabaseUnavailable extends Error {
  override name = 'DatabaseUnavailable';
}

/** A query or a transaction exceeded a timeout. Its transaction is rolled back. */
export class QueryCutOff extends DatabaseUnavailable {
  override name = 'QueryCutOff';
}

/** A read of telemetry was stopped because other work waited for the embedded database. */
export class ReadInterrupted extends QueryCutOff {
  override name = 'ReadInterrupted';
}

/** A transaction was rolled back because of other transactions. Trying again may succeed. */
export class DatabaseBusy extends DatabaseUnavailable {
  override name = 'DatabaseBusy';
}

interface DialectOptions {
  /** Waits for a connection of the pool; by default in the order of the calls. */
  connect?: () => Promise<PoolClient>;
}

/** Returns a Kysely dialect over a `pg` pool that reports why a connection was lost. */
export function poolDialect(
  pool: Pool,
  { connect = () => pool.connect() }: DialectOptions = {},
): PostgresDialect {
  const lost = new WeakMap<PoolClient, Error>();
  pool.on('connect', (client) => {
    // Without a listener, losing a connection in use would end the process.
    client.on('error', (error) => lost.set(client, lost.get(client) ?? error));
  });
  return new PostgresDialect({
    pool: {
      options: pool.options,
      async connect() {
        const client = await connect().catch((error: unknown) => {
          throw toDatabaseError(error);
        });
        return withErrorMapping(client, (error) => toDatabaseError(lost.get(client) ?? error));
      },
      end: () => drain(pool),
    },
  });
}

/** Ends the pool after all running and queued work. `pg` alone drops queued work. */
export async function drain(pool: Pool): Promise<void> {
  while (pool.waitingCount > 0) {
    await pool.connect().then(
      (client) => client.release(),
      () => {}, // the queued callers get the same error
    );
  }
  await pool.end();
}

/** Maps the errors of a client's queries with `mapError`. */
function withErrorMapping(
  client: PostgresPoolClient,
  mapError: (error: unknown) => unknown,
): PostgresPoolClient {
  // The server announces the end of a connection; until then, the pool must not hand it out.
  let isEnding = false;
  function query<Row>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<Row>>;
  function query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>;
  function query<Row>(
    textOrCursor: string | PostgresCursor<Row>,
    values: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<Row>> | PostgresCursor<Row> {
    if (typeof textOrCursor !== 'string') return client.query(textOrCursor);
    return client.query<Row>(textOrCursor, values).catch((error: unknown) => {
      isEnding ||= error instanceof DatabaseError && error.severity === 'FATAL';
      throw mapError(error);
    });
  }
  return { query, release: (destroy) => client.release(isEnding || destroy) };
}

const cutOffReasons = new Map([
  ['57014', 'The query was stopped because it ran too long.'],
  ['25P03', 'The transaction was stopped because it stayed open too long without a query.'],
]);

const busyReasons = new Map([
  ['40P01', 'The transaction deadlocked with another one.'],
  ['40001', 'Another transaction changed rows that this transaction had read.'],
  ['55P03', 'Rows that the transaction needed were locked for too long.'],
]);

/** Codes of lost connections: PostgreSQL's classes 08 (connection) and 57P (operator intervention), and the system's. */
const unavailable = /^(08...|57P..|ECONN\w+|EPIPE|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH)$/;

/** Messages of `pg` without a code: all connections are in use, or a connection was lost during a query. */
const unavailableMessage = /^(timeout exceeded when trying to connect|Connection terminated)/;

function toDatabaseError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  const cutOff = cutOffReasons.get(code);
  if (cutOff !== undefined) return new QueryCutOff(cutOff, { cause: error });
  const busy = busyReasons.get(code);
  if (busy !== undefined) return new DatabaseBusy(busy, { cause: error });
  // The path of a Unix socket that is gone or not accessible.
  const isConnecting = 'syscall' in error && error.syscall === 'connect';
  if (!isConnecting && !unavailable.test(code) && !unavailableMessage.test(error.message)) return error;
  return new DatabaseUnavailable(`the database cannot be reached: ${error.message || code}`, {
    cause: error,
  });
}
