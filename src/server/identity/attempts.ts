import type { Context } from 'hono';
import ipaddr from 'ipaddr.js';
import { DomainError } from '../../rules/errors.ts';
import type { Dependencies } from '../http/env.ts';
import { countAttempt, refundAttempt } from '../store/sign-in-attempts.ts';

/** Maximum number of failed attempts in 15 minutes. Past it, even a correct password or link is refused. */
const ATTEMPTS_PER_EMAIL = 10;
const ATTEMPTS_PER_ADDRESS = 50;

/**
 * Counts an attempt by the client's address before it is made, so that parallel guesses count.
 *
 * @returns refunds the attempt when it turns out not to be a failure
 * @throws DomainError `rate_limited` if the address is past its limit
 */
export async function countAttemptFrom(
  c: Context,
  { db, socketAddress }: Pick<Dependencies, 'db' | 'socketAddress'>,
): Promise<() => Promise<void>> {
  const subject = `address:${networkOf(socketAddress(c))}`;
  if ((await countAttempt(db, subject)) > ATTEMPTS_PER_ADDRESS) throw tooManyAttempts();
  return () => refundAttempt(db, subject);
}

/** Counts an attempt to sign in with an email before it is made. Otherwise as {@link countAttemptFrom}. */
export async function countAttemptAs(
  email: string,
  { db }: Pick<Dependencies, 'db'>,
): Promise<() => Promise<void>> {
  const subject = emailSubject(email);
  if ((await countAttempt(db, subject)) > ATTEMPTS_PER_EMAIL) throw tooManyAttempts();
  return () => refundAttempt(db, subject);
}

/** Returns the subject under which attempts with an email are counted. */
export function emailSubject(email: string): string {
  return `email:${email}`;
}

function tooManyAttempts(): DomainError {
  return new DomainError('rate_limited', 'too_many_attempts', { minutes: 15 });
}

/** Returns the network that one client controls: an IPv4 address, or the /64 of an IPv6 address. */
function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const ip = ipaddr.process(address);
  if (!(ip instanceof ipaddr.IPv6)) return ip.toString();
  return ip.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':');
}
