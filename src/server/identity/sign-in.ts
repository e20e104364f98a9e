import type { Context } from 'hono';
import type { Dependencies } from '../http/env.ts';
import { recordSignIn } from '../store/actors.ts';
import { findPasswordHash, findPersonByEmail } from '../store/credentials.ts';
import { lockPerson } from '../store/persons.ts';
import { deleteExpiredSessions, insertSession } from '../store/sessions.ts';
import { verifyPassword } from './passwords.ts';
import { createSession, type Person, SESSION_LIFETIME_SECONDS, setSessionCookie } from './sessions.ts';

/** Signs a person in with email and password. Returns undefined if the email or the password is incorrect. */
export async function signInWithPassword(
  c: Context,
  dependencies: Dependencies,
  { email, password }: { email: string; password: string },
): Promise<Person | undefined> {
  const found = await findPersonByEmail(dependencies.db, email);
  const hash = found?.password_hash ?? undefined;
  if (!(await verifyPassword(password, hash)) || !found) return undefined;
  return signIn(c, dependencies, found.id, hash);
}

/**
 * Signs a person in without a password: after single sign-on, or as a person of the demo account. Returns undefined if there
 * is no such person.
 */
export async function signInAs(
  c: Context,
  dependencies: Dependencies,
  email: string,
): Promise<Person | undefined> {
  const found = await findPersonByEmail(dependencies.db, email);
  return found && signIn(c, dependencies, found.id);
}

/** @param verifiedHash the hash of the password that was verified; returns undefined if the password has been deleted since */
async function signIn(
  c: Context,
  dependencies: Dependencies,
  personId: string,
  verifiedHash?: string,
): Promise<Person | undefined> {
  const { token, ...session } = createSession(c, dependencies);
  const person = await dependencies.db.transaction().execute(async (tx) => {
    await recordSignIn(tx, personId);
    const { id, email, name } = await lockPerson(tx, personId);
    if (verifiedHash !== undefined && (await findPasswordHash(tx, id)) !== verifiedHash) return undefined;
    await deleteExpiredSessions(tx);
    await insertSession(tx, { ...session, personId: id }, SESSION_LIFETIME_SECONDS);
    return { id, email, name };
  });
  if (person) setSessionCookie(c, dependencies, token);
  return person;
}
