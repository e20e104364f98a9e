import { createHash } from 'node:crypto';

/**
 * Returns the digest under which a secret is stored: a key, the secret of an invitation link, a session token. Secrets are long
 * and random, so a plain digest cannot be reversed.
 */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
