import {
  PostgresDialect,
  type PostgresCursor,
  type PostgresPoolClient,
  type PostgresQueryResult,
} from 'kysely';
import { DatabaseError, type Pool, type PoolClient } from 'pg';

/** Where trouble that reaches no caller is told; a pino logger fits. */
export interface DatabaseLog {
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** How long a query of migrations and maintenance may take. */
export const LONG_TIMEOUT_MS = 10 * 60_000;

/** The database cannot serve now; trying again later may help. */
export class DatabaseUnavailable extends Error {
  override name = 'DatabaseUnavailable';
}

/** A query or a transaction took longer than the database allows, and was stopped. Its transaction is undone. */
export class QueryCutOff extends DatabaseUnavailable {
  override name = 'QueryCutOff';
}

/** Others had what the transaction needed, and it was undone; the same again may well succeed. */
export class DatabaseBusy extends DatabaseUnavailable {
  override name = 'DatabaseBusy';
}

/** Kysely's view of a `pg` pool, in which a caller learns why its connection was lost. */
export function poolDialect(pool: Pool): PostgresDialect {
  const lost = new WeakMap<PoolClient, Error>();
  pool.on('connect', (client) => {
    // Without a listener, losing a connection that is in use would end the process.
    client.on('error', (error) => lost.set(client, lost.get(client) ?? error));
  });
  return new PostgresDialect({
    pool: {
      options: pool.options,
      async connect() {
        const client = await pool.connect().catch((error: unknown) => {
          throw inOurWords(error);
        });
        return tellingErrors(client, (error) => inOurWords(lost.get(client) ?? error));
      },
      end: () => drain(pool),
    },
  });
}

/** Ends the pool after everything that runs or waits for a connection now; `pg` alone forgets those who wait. */
export async function drain(pool: Pool): Promise<void> {
  while (pool.waitingCount > 0) {
    await pool.connect().then(
      (client) => client.release(),
      () => {}, // those who wait were told the same
    );
  }
  await pool.end();
}

/** The client, whose queries fail with what `tell` makes of their errors. */
function tellingErrors(client: PostgresPoolClient, tell: (error: unknown) => unknown): PostgresPoolClient {
  // The server says that it ends the connection before it does, and the pool must not hand it to others in between.
  let isEnding = false;
  function query<Row>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<Row>>;
  function query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>;
  function query<Row>(
    asked: string | PostgresCursor<Row>,
    values: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<Row>> | PostgresCursor<Row> {
    if (typeof asked !== 'string') return client.query(asked);
    return client.query<Row>(asked, values).catch((error: unknown) => {
      isEnding ||= error instanceof DatabaseError && error.severity === 'FATAL';
      throw tell(error);
    });
  }
  return { query, release: (destroy) => client.release(isEnding || destroy) };
}

const cutOffReasons = new Map([
  ['57014', 'The query was stopped because it ran too long.'],
  ['25P03', 'The transaction was stopped because it stayed open too long without a query.'],
]);

const busyReasons = new Map([
  ['40P01', 'The transaction and another one waited for each other.'],
  ['40001', 'What the transaction had read was changed by another one.'],
  ['55P03', 'Others kept locked for too long what the transaction needed.'],
]);

/** PostgreSQL's classes 08 (connection) and 57P (operator intervention), and the system's own words for the same. */
const unavailable = /^(08...|57P..|ECONN\w+|EPIPE|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH)$/;

/** What `pg` says, without a code, when every connection stays in use, and when one is lost in the middle of a query. */
const unavailableWords = /^(timeout exceeded when trying to connect|Connection terminated)/;

function inOurWords(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  const cutOff = cutOffReasons.get(code);
  if (cutOff !== undefined) return new QueryCutOff(cutOff, { cause: error });
  const busy = busyReasons.get(code);
  if (busy !== undefined) return new DatabaseBusy(busy, { cause: error });
  if (!unavailable.test(code) && !unavailableWords.test(error.message)) return error;
  return new DatabaseUnavailable(`the database cannot be reached: ${error.message || code}`, {
    cause: error,
  });
}
