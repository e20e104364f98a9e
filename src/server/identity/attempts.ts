import { isIPv6 } from 'node:net';
import type { Context } from 'hono';
import { DomainError } from '../../rules/errors.ts';
import { countAttempt, uncountAttempt } from '../store/sign-in-attempts.ts';
import type { Dependencies } from '../http/env.ts';

/** Failed attempts that a quarter of an hour allows, before even the right password or link is refused. */
const ATTEMPTS_PER_EMAIL = 10;
const ATTEMPTS_PER_ADDRESS = 50;

/**
 * Counts an attempt by the address that it comes from, before it is made, so that guesses in parallel count as well.
 *
 * @returns takes it back, because it turned out to be no failure
 * @throws DomainError `rate_limited` when the address is past its limit
 */
export async function countAttemptFrom(
  c: Context,
  { db, socketAddress }: Pick<Dependencies, 'db' | 'socketAddress'>,
): Promise<() => Promise<void>> {
  const subject = `address:${networkOf(socketAddress(c))}`;
  if ((await countAttempt(db, subject)) > ATTEMPTS_PER_ADDRESS) throw tooManyAttempts();
  return () => uncountAttempt(db, subject);
}

/** Counts an attempt to sign in with an e-mail; throws a 429 when it is past its limit. */
export async function countAttemptAs(email: string, { db }: Pick<Dependencies, 'db'>): Promise<void> {
  if ((await countAttempt(db, emailSubject(email))) > ATTEMPTS_PER_EMAIL) throw tooManyAttempts();
}

/** What the attempts with an e-mail are counted by. */
export function emailSubject(email: string): string {
  return `email:${email}`;
}

function tooManyAttempts(): DomainError {
  return new DomainError('rate_limited', 'too_many_attempts', { minutes: 15 });
}

/** What one attacker has of addresses: a single one of version 4, but a whole /64 of version 6. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(address)?.[1];
  if (mapped) return mapped;
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const front = head.split(':').filter(Boolean);
  const back = (tail ?? '').split(':').filter(Boolean);
  const gap = tail === undefined ? 0 : 8 - front.length - back.length;
  return [...front, ...Array.from({ length: gap }, () => '0'), ...back].slice(0, 4).join(':');
}
