import fs from 'node:fs';
import { join } from 'node:path';

/** Permissions of a file in the data directory: only the owner reads and writes it. */
export const PRIVATE_FILE = 0o600;
/** Permissions of a directory in the data directory, and of the data directory itself. */
export const PRIVATE_DIRECTORY = 0o700;

/** Entries of a data directory that the server creates. It does not change other entries. */
const OWN_ENTRIES = [
  'lock',
  'lock-journal',
  'postgres',
  'postgres.unfinished',
  'session-secret',
  'session-secret.unfinished',
];

/** Own entries that the server deletes before it creates them, so that it never follows a link. */
const REPLACED_ENTRIES = new Set(['postgres.unfinished', 'session-secret.unfinished']);

/** Error for a data directory that other users can access, if the server cannot or must not change that. */
class DataDirectoryNotPrivate extends Error {
  override name = 'DataDirectoryNotPrivate';
}

/**
 * Creates the data directory if it is missing and makes it accessible to its owner only. Does not change a directory that
 * contains only files of others: as root, DATA_DIR=/var/lib would lock every other user out of it.
 *
 * @throws DataDirectoryNotPrivate if other users can access it and that cannot be changed, if it is a shared directory such
 *   as /tmp, or if one of the server's own files in it is a symbolic link
 */
export function createPrivateDataDirectory(dataDir: string): void {
  fs.mkdirSync(dataDir, { recursive: true, mode: PRIVATE_DIRECTORY });
  const stats = fs.statSync(dataDir);
  if (isShared(stats)) {
    throw new DataDirectoryNotPrivate(
      `The data directory ${dataDir} is shared by all users of this machine; ` +
        'set DATA_DIR to a directory of its own.',
    );
  }
  if (isEmptyOrOwn(dataDir)) makePrivate(dataDir, stats);
  else if ((stats.mode & 0o077) !== 0) {
    throw new DataDirectoryNotPrivate(
      `The data directory ${dataDir} contains other files and other users can access it. ` +
        'Set DATA_DIR to an empty directory or make it private (chmod 700).',
    );
  }
  // Once the directory is private, other users can no longer add links.
  refuseSymbolicLinks(dataDir);
}

/** Returns whether a directory is empty or contains the lock, the database or the session secret of a server. */
function isEmptyOrOwn(dataDir: string): boolean {
  const entry = (name: string) => fs.lstatSync(join(dataDir, name), { throwIfNoEntry: false });
  // The types of the entries tell a data directory from /var and /run, which contain a directory or link named `lock`.
  return (
    entry('lock')?.isFile() === true ||
    entry('session-secret')?.isFile() === true ||
    (entry('postgres')?.isDirectory() === true && entry(join('postgres', 'PG_VERSION')) !== undefined) ||
    fs.readdirSync(dataDir).length === 0
  );
}

/** Refuses links that another user may have planted while the directory was not private. */
function refuseSymbolicLinks(dataDir: string): void {
  for (const name of OWN_ENTRIES) {
    const path = join(dataDir, name);
    if (REPLACED_ENTRIES.has(name)) continue;
    if (fs.lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) continue;
    throw new DataDirectoryNotPrivate(
      `${path} is a symbolic link. ` +
        'Move its target into the data directory, or set DATA_DIR to the directory it points to.',
    );
  }
}

/**
 * Makes the server's own files in the data directory accessible to their owner only. Does not follow symbolic links.
 *
 * @throws DataDirectoryNotPrivate if permissions cannot be changed
 */
export function makeOwnFilesPrivate(dataDir: string): void {
  for (const name of OWN_ENTRIES) makeTreePrivate(join(dataDir, name));
}

function makeTreePrivate(path: string): void {
  const stats = fs.lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined || stats.isSymbolicLink()) return;
  // A directory comes before its entries: once it is private, no other user can replace an entry by a symbolic link.
  makePrivate(path, stats);
  if (!stats.isDirectory()) return;
  for (const name of fs.readdirSync(path)) makeTreePrivate(join(path, name));
}

function makePrivate(path: string, stats: fs.Stats): void {
  const mode = stats.mode & 0o777;
  const privateMode = stats.isDirectory() ? PRIVATE_DIRECTORY : PRIVATE_FILE;
  if (mode === privateMode) return;
  try {
    fs.chmodSync(path, privateMode);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new DataDirectoryNotPrivate(
      `The permissions of ${path} are ${mode.toString(8)} and cannot be changed to ${privateMode.toString(8)}${code}; ` +
        'make the user that runs the server the owner of the data directory, or set DATA_DIR to another directory.',
      { cause },
    );
  }
}

/** Returns whether a directory is shared like /tmp: all users may create files, but delete only their own (sticky bit). */
function isShared({ mode }: fs.Stats): boolean {
  return (mode & 0o1000) !== 0 && (mode & 0o022) !== 0;
}
