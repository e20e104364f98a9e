import {
  PostgresDialect,
  type PostgresCursor,
  type PostgresPoolClient,
  type PostgresQueryResult,
} from 'kysely';
import { DatabaseError, type Pool, type PoolClient } from 'pg';
import type { Connections } from './database.ts';

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

/** The database has no space left on its disk. It may still serve reads. */
export class DatabaseFull extends DatabaseUnavailable {
  override name = 'DatabaseFull';
}

/** The database accepts no changes: after a failover, this server is a standby. */
export class DatabaseReadOnly extends DatabaseUnavailable {
  override name = 'DatabaseReadOnly';
}

interface DialectOptions {
  /** Waits for a connection of the pool; by default in the order of the calls. */
  connect?: () => Promise<PoolClient>;
  /** Time after which a connection that does not answer a query is closed, in milliseconds. Undefined: no limit. */
  answerTimeoutMs?: number;
  /** Whether a connection is closed when it reports that the database is unavailable. */
  closesUnavailable?: boolean;
  /** Receives each error that says that the database is unavailable. */
  onUnavailable?: (error: DatabaseUnavailable) => void;
}

/** Returns a Kysely dialect over a `pg` pool that reports why a connection was lost. */
export function poolDialect(pool: Pool, options: DialectOptions = {}): PostgresDialect {
  const lost = new WeakMap<PoolClient, Error>();
  pool.on('connect', (client) => {
    // Without a listener, losing a connection in use would end the process.
    client.on('error', (error) => lost.set(client, lost.get(client) ?? error));
  });
  function report(error: unknown): unknown {
    if (error instanceof DatabaseUnavailable) options.onUnavailable?.(error);
    return error;
  }
  return new PostgresDialect({
    pool: {
      options: pool.options,
      async connect() {
        const connecting = options.connect?.() ?? pool.connect();
        const client = await connecting.catch((error: unknown) => {
          throw report(toConnectError(error));
        });
        return withErrorMapping(client, options, (error) =>
          report(toDatabaseError(lost.get(client) ?? error)),
        );
      },
      end: () => drain(pool),
    },
  });
}

/** Returns the current use of the pool's connections. */
export function connectionsOf({ totalCount, idleCount, waitingCount }: Pool): Connections {
  return { total: totalCount, idle: idleCount, waiting: waitingCount };
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

/** Maps the errors of a client's queries with `mapError`, and limits the time that they take. */
function withErrorMapping(
  client: PoolClient,
  { answerTimeoutMs, closesUnavailable = false }: DialectOptions,
  mapError: (error: unknown) => unknown,
): PostgresPoolClient {
  let isEnding = false;
  function query<Row>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<Row>>;
  function query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>;
  function query<Row>(
    textOrCursor: string | PostgresCursor<Row>,
    values: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<Row>> | PostgresCursor<Row> {
    // oxlint-disable-next-line no-unsafe-type-assertion -- the types of `pg` and Kysely describe the same client
    const target = client as PostgresPoolClient;
    if (typeof textOrCursor !== 'string') return target.query(textOrCursor);
    const stopTimer = closeWithoutAnswer(client, answerTimeoutMs);
    return target
      .query<Row>(textOrCursor, values)
      .catch((error: unknown) => {
        const mapped = mapError(error);
        isEnding ||= endsConnection(error) || (closesUnavailable && isLasting(mapped));
        throw mapped;
      })
      .finally(stopTimer);
  }
  return { query, release: (destroy) => client.release(isEnding || destroy) };
}

/** Returns whether the server announces the end of the connection. Until then, the pool must not hand it out. */
function endsConnection(error: unknown): boolean {
  return error instanceof DatabaseError && error.severity === 'FATAL';
}

/** Returns whether the next query on the same connection is likely to fail as well. */
function isLasting(error: unknown): boolean {
  return (
    error instanceof DatabaseUnavailable && !(error instanceof QueryCutOff || error instanceof DatabaseBusy)
  );
}

/**
 * Closes a connection unless the returned function is called in time. A server that is frozen, or a network that drops packets,
 * reports no error.
 */
export function closeWithoutAnswer(
  { connection }: Pick<PoolClient, 'connection'>,
  milliseconds: number | undefined,
): () => void {
  if (milliseconds === undefined) return () => {};
  const timer = setTimeout(() => {
    connection.stream.destroy(
      new DatabaseUnavailable(`the database has not answered for ${milliseconds / 1000} s`),
    );
  }, milliseconds);
  return () => clearTimeout(timer);
}

const cutOffReasons = new Map([
  ['57014', 'The query was stopped because it ran too long.'],
  ['25P03', 'The transaction was stopped because it stayed open too long without a query.'],
  ['25P04', 'The transaction was stopped because it ran too long.'],
]);

const busyReasons = new Map([
  ['40P01', 'The transaction deadlocked with another one.'],
  ['40001', 'Another transaction changed rows that this transaction had read.'],
  ['55P03', 'Rows that the transaction needed were locked for too long.'],
]);

/**
 * Codes of errors that pass: PostgreSQL's classes 08 (connection), 53 (resources), 57 (operator intervention) and 58 (system), and
 * the system's codes.
 */
const unavailable =
  /^(08...|53...|57...|58...|ECONN\w+|EPIPE|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EMFILE|ENFILE)$/;

/** Messages of `pg` without a code: all connections are in use, or a connection was lost. */
const unavailableMessage =
  /^(timeout exceeded when trying to connect|Connection terminated|Client (has|was) .* not queryable)/;

/** Errors of a full disk: PostgreSQL's code, the system's codes, and system messages that PostgreSQL gives no code of their own. */
const diskFull = /^(53100|ENOSPC|EDQUOT)$/;
const diskFullMessage = /No space left on device|Disk quota exceeded/;

/** Errors of changes on a read-only server or disk. */
const readOnly = /^(25006|EROFS)$/;
const readOnlyMessage = /Read-only file system/;

function toDatabaseError(error: unknown): unknown {
  return classify(error) ?? error;
}

/** Maps an error of opening a connection, or of the embedded engine. Whatever its class, the database is unavailable. */
export function toConnectError(error: unknown): DatabaseUnavailable {
  return classify(error) ?? unreachable(error);
}

/** Returns undefined for a fault of a query. */
function classify(error: unknown): DatabaseUnavailable | undefined {
  if (error instanceof DatabaseUnavailable) return error;
  if (!(error instanceof Error)) return undefined;
  const code = codeOf(error);
  const cutOff = cutOffReasons.get(code);
  if (cutOff !== undefined) return new QueryCutOff(cutOff, { cause: error });
  const busy = busyReasons.get(code);
  if (busy !== undefined) return new DatabaseBusy(busy, { cause: error });
  const { message } = error;
  if (diskFull.test(code) || diskFullMessage.test(message)) {
    return new DatabaseFull(`the disk of the database is full: ${message}`, { cause: error });
  }
  if (readOnly.test(code) || readOnlyMessage.test(message)) {
    return new DatabaseReadOnly(`the database is read-only: ${message}`, { cause: error });
  }
  return unavailable.test(code) || unavailableMessage.test(message) ? unreachable(error) : undefined;
}

function unreachable(error: unknown): DatabaseUnavailable {
  const reason = error instanceof Error ? error.message || codeOf(error) : String(error);
  return new DatabaseUnavailable(`the database cannot be reached: ${reason}`, { cause: error });
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : '';
}
