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

/**
 * Returns the sign-in in the cookie, and removes the cookie.
 *
 * @param state of the provider's response. The cookie of another sign-in stays, because a later tab may have begun it.
 * @returns undefined if the cookie is missing, forged, expired or of another sign-in
 */
export async function takePendingSignIn(
  c: Context,
  { secret, publicUrl }: CookieOptions,
  state: string | undefined,
): Promise<PendingSignIn | undefined> {
  const value = await getSignedCookie(c, secret, COOKIE, cookiePrefix(publicUrl));
  const pending = value ? parsePendingSignIn(value) : undefined;
  if (pending && pending.state !== state) return undefined;
  deleteCookie(c, COOKIE, cookieAttributes(publicUrl, PATHS.singleSignOnCallback));
  return pending && pending.expires > Date.now() ? pending : undefined;
}

/** Returns undefined for a value of another version. */
function parsePendingSignIn(value: string): PendingSignIn | undefined {
  try {
    return PendingSignIn.safeParse(JSON.parse(Buffer.from(value, 'base64url').toString())).data;
  } catch {
    return undefined;
  }
}
