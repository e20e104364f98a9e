import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** Use of the connections of a database. */
export interface Connections {
  /** Open connections. */
  total: number;
  /** Open connections that are not in use. */
  idle: number;
  /** Requests for a connection that wait. */
  waiting: number;
}

/** A PostgreSQL database, embedded or on a server. */
export interface Database {
  readonly db: Kysely<Tables>;
  /** The same database, for reads of telemetry. On the embedded database, all other work goes first and may end them. */
  readonly telemetryDb: Kysely<Tables>;
  readonly kind: 'embedded' | 'server';
  /** Runs `work` on its own connection with a timeout of minutes: for migrations and maintenance. */
  withLongTimeout<Result>(work: (db: Kysely<Tables>) => Promise<Result>): Promise<Result>;
  /** Throws `DatabaseUnavailable` if the database cannot serve reads and changes now. Answers in seconds, whatever the database does. */
  checkReady(): Promise<void>;
  /**
   * Cancels the query of the connection with this process id. Uses a new connection, because all others may be in use. Undefined
   * if the database cannot cancel queries.
   */
  readonly cancelBackend?: (processId: number) => Promise<void>;
  /** Returns the current use of the connections. */
  connections(): Connections;
  /** Waits for running and queued queries, then closes everything. May be called again. */
  close(): Promise<void>;
}
