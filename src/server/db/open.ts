import type { Database } from './database.ts';
import { openEmbedded } from './embedded/embedded-database.ts';
import type { DatabaseLog } from './pool.ts';
import { openServer } from './server.ts';

export interface DatabaseOptions {
  /** Address of a PostgreSQL server; undefined: the embedded database. */
  databaseUrl?: string | undefined;
  /** Directory of the embedded database's files; undefined: in memory. */
  dataDir?: string | undefined;
  log?: DatabaseLog | undefined;
}

/** Opens the database and checks that it responds. Does not migrate it: see `migrate`. */
export function openDatabase({ databaseUrl, dataDir, log }: DatabaseOptions): Promise<Database> {
  return databaseUrl === undefined ? openEmbedded({ dataDir, log }) : openServer({ databaseUrl, log });
}
