import type { Database } from './database.ts';
import { openEmbedded } from './embedded/embedded-database.ts';
import type { DatabaseLog } from './pool.ts';
import { openServer } from './server.ts';

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
