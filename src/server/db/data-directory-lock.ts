import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Another server has the data directory open, or this one opened it before. */
export class DataDirectoryInUse extends Error {
  override name = 'DataDirectoryInUse';

  constructor(dataDir: string) {
    super(
      `The data directory ${dataDir} is already in use by a running server; ` +
        'stop that server, or set DATA_DIR to another directory.',
    );
  }
}

/** Kept from garbage collection, which would free them. */
const held = new Set<DatabaseSync>();

/**
 * Makes the directory if need be, and takes it for this process; returns what gives it back. SQLite's file lock serves
 * because the kernel frees it however the process ends. Two servers on one directory would lose each other's rows.
 */
export function lockDataDirectory(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true });
  const lock = new DatabaseSync(join(dataDir, 'lock'));
  try {
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    throw isBusy(error) ? new DataDirectoryInUse(dataDir) : error;
  }
  held.add(lock);
  return () => {
    held.delete(lock);
    lock.close();
  };
}

function isBusy(error: unknown): boolean {
  const sqliteBusy = 5;
  return error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy;
}
