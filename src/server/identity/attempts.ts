import type { Context } from 'hono';
import ipaddr from 'ipaddr.js';
import { DomainError } from '../../rules/errors.ts';
import type { Dependencies } from '../http/env.ts';
import { countAttempt, forgetAttempts, refundAttempt } from '../store/sign-in-attempts.ts';

/**
 * Maximum numbers of failed attempts in 15 minutes. Past them, even a correct password or link is refused. An address with an
 * email is limited long before the email alone, so that one client cannot lock a person out everywhere.
 */
const LIMITS = { address: 50, addressAndEmail: 10, email: 100 };

type Needs = Pick<Dependencies, 'db' | 'clientAddress'>;

/** An attempt that was counted as a failure before it was made. */
export interface Attempt {
  /** Refunds an attempt that turned out not to be a failure. */
  refund(): Promise<void>;
  /** Refunds an attempt that succeeded, and forgets the earlier failures of the address with the email. */
  succeed(): Promise<void>;
}

/**
 * Counts an attempt by the client's address, and by the email if the attempt names one, before it is made, so that parallel
 * guesses count.
 *
 * @throws DomainError `rate_limited` if a limit is reached. An attempt that one limit refuses is not counted by the following limits.
 */
export async function beginAttempt(
  c: Context,
  { db, clientAddress }: Needs,
  email?: string,
): Promise<Attempt> {
  const address = `address:${networkOf(clientAddress(c))}`;
  const pair = `${address} email:${email}`;
  const limits: [subject: string, maximum: number][] = [[address, LIMITS.address]];
  if (email !== undefined) limits.push([pair, LIMITS.addressAndEmail], [`email:${email}`, LIMITS.email]);
  for (const [subject, maximum] of limits) {
    if ((await countAttempt(db, subject)) > maximum) {
      throw new DomainError('rate_limited', 'too_many_attempts', { minutes: 15 }).retryAfter(15 * 60);
    }
  }
  const refund = async () => {
    for (const [subject] of limits) await refundAttempt(db, subject);
  };
  return {
    refund,
    async succeed() {
      await refund();
      await forgetAttempts(db, pair);
    },
  };
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
