import type { Db } from '../db/scope.ts';
import { findPasswordHash } from '../store/credentials.ts';
import { lockPerson } from '../store/persons.ts';
import {
  deleteExpiredSessions,
  deleteSession,
  insertSession,
  type SessionValues,
} from '../store/sessions.ts';
import { recordSignIn } from '../store/users.ts';
import type { Changed } from './change.ts';

/** A new session of a person. */
interface NewSession {
  personId: string;
  session: SessionValues;
  /** Hash of the password that was verified; undefined without a password. */
  verifiedHash: string | undefined;
}

/** The password of a sign-in was deleted while it was verified. */
export class PasswordDeleted extends Error {
  override readonly name = 'PasswordDeleted';
}

/**
 * Signs a person in: creates a session and records the sign-in of their users. Returns the person.
 *
 * @throws PasswordDeleted
 */
export async function signIn(
  tx: Db,
  { personId, session, verifiedHash }: NewSession,
): Promise<Changed<{ id: string; email: string; name: string }>> {
  await recordSignIn(tx, personId);
  const { id, email, name } = await lockPerson(tx, personId);
  if (verifiedHash !== undefined && (await findPasswordHash(tx, id)) !== verifiedHash) {
    throw new PasswordDeleted();
  }
  await deleteExpiredSessions(tx);
  const sessionId = await insertSession(tx, id, session);
  const after = { person: id, user_agent: session.userAgent, ip: session.ip };
  return {
    result: { id, email, name },
    event: { action: 'created', resource: { type: 'session', id: sessionId }, after },
  };
}

/** Ends a session, if it exists. */
export async function signOut(tx: Db, tokenHash: string): Promise<Changed<void>> {
  const id = await deleteSession(tx, tokenHash);
  return {
    result: undefined,
    event: id === undefined ? undefined : { action: 'deleted', resource: { type: 'session', id } },
  };
}
