import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  createPrivateDataDirectory,
  makeOwnFilesPrivate,
  PRIVATE_FILE,
} from './data-directory-permissions.ts';

/**
 * Error for a data directory that another server has open, or this one opened before.
 *
 * @internal Exported for tests.
 */
export class DataDirectoryInUse extends Error {
  override name = 'DataDirectoryInUse';

  constructor(dataDir: string) {
    super(
      `The data directory ${dataDir} is already in use by a running server; ` +
        'stop that server, or set DATA_DIR to another directory.',
    );
  }
}

/** References to held locks: garbage collection would release them. */
const held = new Set<DatabaseSync>();

/**
 * Creates the data directory if it is missing, locks it for this process and makes it private to its owner. Returns the
 * function that unlocks it. SQLite's file lock serves because the kernel frees it however the process ends. Two servers on
 * one directory would lose each other's rows.
 *
 * @throws DataDirectoryInUse if a running server has locked it
 * @throws DataDirectoryNotPrivate if other users can access it and that cannot be changed
 */
export function lockDataDirectory(dataDir: string): () => void {
  createPrivateDataDirectory(dataDir);
  const file = join(dataDir, 'lock');
  createLockFile(file);
  const lock = new DatabaseSync(file);
  try {
    lock.exec('begin exclusive');
    makeOwnFilesPrivate(dataDir);
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

/** SQLite would create the file with permissions for all users. */
function createLockFile(file: string): void {
  try {
    // Fails if the file exists: closing it would free a lock that this process already holds.
    closeSync(openSync(file, 'wx', PRIVATE_FILE));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

function isBusy(error: unknown): boolean {
  const sqliteBusy = 5;
  return error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy;
}
