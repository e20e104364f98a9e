/**
 * Why single sign-on did not end in a session. The code travels in the address of the sign-in page (`?error=...`), which
 * has a sentence for each and shows nothing else of it.
 *
 * - `cancelled`: the person turned back at the provider.
 * - `expired`: begun too long ago, or in another browser or tab, or finished already.
 * - `unverified`: the provider does not say that the e-mail address is verified.
 * - `unknown`: nobody of that e-mail address is a user of any organization.
 * - `unavailable`: the provider does not answer.
 * - `failed`: its answer is not one to rely on.
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
