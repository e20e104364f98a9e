import type { Kysely } from 'kysely';
import { openEmbedded } from './embedded.ts';
import type { DatabaseLog } from './pool.ts';
import { openServer } from './server.ts';
import type { Tables } from './tables.ts';

/** One PostgreSQL, wherever it runs. */
export interface Database {
  readonly db: Kysely<Tables>;
  readonly kind: 'embedded' | 'server';
  /** Runs `work` on a connection of its own where queries may take minutes: for migrations and maintenance. */
  unhurried<Result>(work: (db: Kysely<Tables>) => Promise<Result>): Promise<Result>;
  /** Finishes what runs and what waits, then lets go of everything. May be called again. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** A PostgreSQL server; without it the embedded database is opened. */
  databaseUrl?: string | undefined;
  /** Where the embedded database keeps its files; without it, it lives in memory and ends with the process. */
  dataDir?: string | undefined;
  log?: DatabaseLog | undefined;
}

/** Opens the database and makes sure that it answers. Does not migrate it: see `migrate`. */
export function openDatabase({ databaseUrl, dataDir, log }: DatabaseOptions): Promise<Database> {
  return databaseUrl === undefined ? openEmbedded({ dataDir, log }) : openServer({ databaseUrl, log });
}
