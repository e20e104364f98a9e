import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError } from '../configuration.ts';
import { PRIVATE_FILE } from '../db/embedded/data-directory-permissions.ts';

/** Reads the session secret from the data directory, and creates it at the first start. For servers without SESSION_SECRET. */
export async function sessionSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, 'session-secret');
  const kept = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (kept === undefined) return makeSecret(file);
  if (kept.length < 32)
    throw new ConfigurationError(`${file} is damaged. Delete it: the next start creates a new one.`);
  return kept;
}

/** Creates the secret atomically: in a second file, which is synced to disk and then renamed. */
async function makeSecret(file: string): Promise<string> {
  const secret = randomBytes(32).toString('hex');
  // An existing file or a symbolic link could let other users read the secret.
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
