/** Bounds of a password's length, in characters. */
export const MIN_PASSWORD_LENGTH = 8;
export const MAX_PASSWORD_LENGTH = 128;

/**
 * Reasons for a failed single sign-on. The server passes the code to the sign-in page (`?error=...`), which shows a fixed
 * text for each code.
 *
 * - `cancelled`: the person cancelled at the provider.
 * - `expired`: sign-on took too long, was started in another browser or tab, or was already completed.
 * - `unverified`: the provider does not confirm the email address.
 * - `unknown`: no organization has a user with this email address.
 * - `unavailable`: the provider does not respond.
 * - `failed`: the response of the provider is invalid.
 */
export const SIGN_ON_FAILURES = [
  'cancelled',
  'expired',
  'unverified',
  'unknown',
  'unavailable',
  'failed',
] as const;

export type SignOnFailure = (typeof SIGN_ON_FAILURES)[number];
