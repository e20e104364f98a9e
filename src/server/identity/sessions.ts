import { randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Dependencies } from '../http/env.ts';
import { changeAsSystem } from '../changes/change.ts';
import { signOut } from '../changes/sessions.ts';
import { hashSecret } from '../store/hash-secret.ts';
import { findSession, recordSessionUse, type SessionValues } from '../store/sessions.ts';
import { cookieAttributes, cookiePrefix } from './cookies.ts';

/** A signed-in person. Their users decide what they may do. */
export interface Person {
  id: string;
  email: string;
  name: string;
}

const COOKIE = 'cross-org-visibility.session_token';

/** Lifetime of a session in seconds. */
const LIFETIME_SECONDS = 7 * 24 * 60 * 60;

/** Maximum length of a stored user agent in characters. */
const MAX_USER_AGENT_LENGTH = 512;

/** Returns the token in a request's cookie. */
export function sessionToken(c: Context, { publicUrl }: Pick<Dependencies, 'publicUrl'>): string | undefined {
  return getCookie(c, COOKIE, cookiePrefix(publicUrl));
}

/** Returns the person of the session that a request's cookie names. */
export async function readSession(c: Context, dependencies: Dependencies): Promise<Person | undefined> {
  const { db, log } = dependencies;
  const token = sessionToken(c, dependencies);
  const session = token === undefined ? undefined : await findSession(db, hashSecret(token));
  if (!session) return undefined;
  const { isUseDue, sessionId, ...person } = session;
  if (isUseDue) {
    // Fire and forget: does not delay or fail the response.
    recordSessionUse(db, sessionId).catch((error: unknown) =>
      log.warn({ err: error }, 'last use of a session could not be recorded'),
    );
  }
  return person;
}

/** Returns the values of a new session, which is not stored yet, and its token, which only the cookie has. */
export function newSession(
  c: Context,
  { clientAddress }: Pick<Dependencies, 'clientAddress'>,
): { token: string; session: SessionValues } {
  const token = randomBytes(32).toString('base64url');
  const session = {
    tokenHash: hashSecret(token),
    userAgent: c.req.header('User-Agent')?.slice(0, MAX_USER_AGENT_LENGTH) ?? null,
    ip: clientAddress(c),
    lifetimeSeconds: LIFETIME_SECONDS,
  };
  return { token, session };
}

/** Gives the browser the cookie of its new session. */
export function setSessionCookie(
  c: Context,
  { publicUrl }: Pick<Dependencies, 'publicUrl'>,
  token: string,
): void {
  setCookie(c, COOKIE, token, { ...cookieAttributes(publicUrl, '/'), maxAge: LIFETIME_SECONDS });
}

/** Ends the session that a request's cookie names, if any, and removes the cookie. */
export async function endSession(c: Context, dependencies: Dependencies): Promise<void> {
  const { publicUrl } = dependencies;
  const token = sessionToken(c, dependencies);
  if (token !== undefined) {
    await changeAsSystem(dependencies, 'sign-in', ({ run }) => run((tx) => signOut(tx, hashSecret(token))));
  }
  deleteCookie(c, COOKIE, cookieAttributes(publicUrl, '/'));
}
