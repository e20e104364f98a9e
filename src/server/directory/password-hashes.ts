import type { ChangeDependencies } from '../changes/change.ts';
import { listGrants } from '../store/directory.ts';
import { listPersonIds } from '../store/persons.ts';
import type { Directory, DirectoryOrg } from './schema.ts';

export type HashPassword = (password: string) => Promise<string>;

/** Returns the hash of a user's password. */
export type HashOf = (user: { email: string; password: string }) => Promise<string>;

/** The grant that records that a person was given a password by a directory file. */
export function passwordGrant(personId: string): string {
  return `password:${personId}`;
}

const PROGRESS_EVERY_MS = 5_000;

/**
 * Hashes the passwords that a directory file gives for the first time, before the transaction that applies it: hashing thousands
 * takes minutes. Logs the progress.
 */
export async function hashNewPasswords(
  { db, log }: ChangeDependencies,
  directory: Directory,
  hash: HashPassword,
): Promise<HashOf> {
  const users = directory.accounts.flatMap(({ orgs }) => orgs.flatMap((org) => org.users));
  const wanted = new Map(users.flatMap(withPassword));
  if (wanted.size === 0) return ({ password }) => hash(password);

  const given = await listGrants(db);
  for (const { id, email } of await listPersonIds(db, [...wanted.keys()])) {
    if (given.has(passwordGrant(id))) wanted.delete(email);
  }
  const hashes = new Map<string, string>();
  let lastLogged = performance.now();
  await Promise.all(
    [...wanted].map(async ([email, password]) => {
      hashes.set(email, await hash(password));
      if (performance.now() - lastLogged < PROGRESS_EVERY_MS) return;
      lastLogged = performance.now();
      log.info({ hashed: hashes.size, total: wanted.size }, 'hashing passwords of the directory file');
    }),
  );
  // Another server may have changed the database since.
  return async ({ email, password }) => hashes.get(email) ?? hash(password);
}

function withPassword({ email, password }: DirectoryOrg['users'][number]): [string, string][] {
  return password === undefined ? [] : [[email, password]];
}
