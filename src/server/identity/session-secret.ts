import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError } from '../configuration.ts';
import { PRIVATE_FILE } from '../db/embedded/data-directory-permissions.ts';

/** The secret of an installation that was given none: made once, and kept beside the embedded database's files. */
export async function sessionSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, 'session-secret');
  const kept = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (kept === undefined) return makeSecret(file);
  if (kept.length < 32)
    throw new ConfigurationError(`${file} is damaged; delete it, and everybody signs in anew`);
  return kept;
}

/** Whole or not at all, whatever happens meanwhile. */
async function makeSecret(file: string): Promise<string> {
  const secret = randomBytes(32).toString('hex');
  // A file left over, or a symbolic link, could let other users read the secret.
  await rm(`${file}.unfinished`, { force: true });
  const unfinished = await open(`${file}.unfinished`, 'wx', PRIVATE_FILE);
  try {
    await unfinished.writeFile(secret);
    await unfinished.sync();
  } finally {
    await unfinished.close();
  }
  await rename(`${file}.unfinished`, file);
  return secret;
}
