import type { Context } from 'hono';
import { deleteCookie, getSignedCookie, setSignedCookie } from 'hono/cookie';
import { z } from 'zod';
import { PATHS } from '../../contract/paths.ts';
import { cookieAttributes, cookiePrefix } from './cookies.ts';

/**
 * A single sign-on in progress. The browser keeps it in a signed cookie while the person is at the provider, so that only the
 * browser that began a sign-in can finish it. It is not encrypted: PKCE and the nonce protect against someone who gets hold of
 * the provider's response but not of this cookie, and a script cannot read the cookie.
 */
export type PendingSignIn = z.infer<typeof PendingSignIn>;

const PendingSignIn = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  next: z.string(),
  /** Time at which the cookie stops being valid (epoch ms), whatever the browser does with its age. */
  expires: z.number(),
});

interface CookieOptions {
  /** Key of the signature. */
  secret: string;
  publicUrl: string;
}

const COOKIE = 'cross-org-visibility.single-sign-on';

/** Maximum time that a person may take at the provider. */
const LIFETIME_SECONDS = 10 * 60;

/** Stores a sign-in in the cookie. */
export async function storePendingSignIn(
  c: Context,
  { secret, publicUrl }: CookieOptions,
  pending: Omit<PendingSignIn, 'expires'>,
): Promise<void> {
  const content: PendingSignIn = { ...pending, expires: Date.now() + LIFETIME_SECONDS * 1000 };
  const value = Buffer.from(JSON.stringify(content)).toString('base64url');
  const attributes = { ...cookieAttributes(publicUrl, PATHS.singleSignOnCallback), maxAge: LIFETIME_SECONDS };
  await setSignedCookie(c, COOKIE, value, secret, attributes);
}

/** Removes the cookie and returns its sign-in; undefined if it is missing, forged or expired. */
export async function takePendingSignIn(
  c: Context,
  { secret, publicUrl }: CookieOptions,
): Promise<PendingSignIn | undefined> {
  const value = await getSignedCookie(c, secret, COOKIE, cookiePrefix(publicUrl));
  deleteCookie(c, COOKIE, cookieAttributes(publicUrl, PATHS.singleSignOnCallback));
  if (!value) return undefined;
  const pending = PendingSignIn.parse(JSON.parse(Buffer.from(value, 'base64url').toString()));
  return pending.expires > Date.now() ? pending : undefined;
}
