import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Files and directories of a tree whose permissions are not exactly 0600 and 0700, as `mode path`. The tree's root is
 * included, symbolic links are skipped.
 */
export function notPrivate(root: string): string[] {
  return entriesOf(root).flatMap(({ path, isDirectory }) => {
    const mode = (lstatSync(path).mode & 0o777).toString(8);
    return mode === (isDirectory ? '700' : '600') ? [] : [`${mode} ${path}`];
  });
}

/** Gives all users access to a tree: 0777 for directories, 0666 for files. */
export function openToAll(root: string): void {
  for (const { path, isDirectory } of entriesOf(root)) chmodSync(path, isDirectory ? 0o777 : 0o666);
}

function entriesOf(root: string): { path: string; isDirectory: boolean }[] {
  const inside = readdirSync(root, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isSymbolicLink())
    .map((entry) => ({ path: join(entry.parentPath, entry.name), isDirectory: entry.isDirectory() }));
  return [{ path: root, isDirectory: true }, ...inside];
}
