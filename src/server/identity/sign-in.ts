import type { Context } from 'hono';
import type { Dependencies } from '../http/env.ts';
import { changeAsSystem } from '../changes/change.ts';
import { PasswordDeleted, signIn, signOut } from '../changes/sessions.ts';
import { findPersonByEmail } from '../store/credentials.ts';
import { hashSecret } from '../store/hash-secret.ts';
import { verifyPassword } from './passwords.ts';
import { newSession, type Person, sessionToken, setSessionCookie } from './sessions.ts';

/** Signs a person in with email and password. Returns undefined if the email or the password is incorrect. */
export async function signInWithPassword(
  c: Context,
  dependencies: Dependencies,
  { email, password }: { email: string; password: string },
): Promise<Person | undefined> {
  const found = await findPersonByEmail(dependencies.db, email);
  const hash = found?.password_hash ?? undefined;
  if (!(await verifyPassword(password, hash)) || !found) return undefined;
  try {
    return await startSession(c, dependencies, found.id, hash);
  } catch (error) {
    if (error instanceof PasswordDeleted) return undefined;
    throw error;
  }
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
  return found && startSession(c, dependencies, found.id);
}

/**
 * Creates a session, sets its cookie, and ends the session that the browser had before.
 *
 * @param verifiedHash hash of the password that was verified
 * @throws PasswordDeleted
 */
async function startSession(
  c: Context,
  dependencies: Dependencies,
  personId: string,
  verifiedHash?: string,
): Promise<Person> {
  const { token, session } = newSession(c, dependencies);
  const earlierToken = sessionToken(c, dependencies);
  const person = await changeAsSystem(dependencies, 'sign-in', async ({ run }) => {
    // The browser is about to lose this session's cookie, and could not end it any more.
    if (earlierToken !== undefined) await run((tx) => signOut(tx, hashSecret(earlierToken)));
    return run((tx) => signIn(tx, { personId, session, verifiedHash }));
  });
  setSessionCookie(c, dependencies, token);
  return person;
}
