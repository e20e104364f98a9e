import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** One PostgreSQL, wherever it runs. */
export interface Database {
  readonly db: Kysely<Tables>;
  readonly kind: 'embedded' | 'server';
  /** Runs `work` on a connection of its own where queries may take minutes: for migrations and maintenance. */
  withLongTimeout<Result>(work: (db: Kysely<Tables>) => Promise<Result>): Promise<Result>;
  /**
   * Cancels what the connection of this process id runs, on a connection of its own, so that it does not have to wait for
   * one of those that are all in use. Undefined where nothing can be cancelled.
   */
  readonly cancelBackend?: (processId: number) => Promise<void>;
  /** Finishes what runs and what waits, then lets go of everything. May be called again. */
  close(): Promise<void>;
}
