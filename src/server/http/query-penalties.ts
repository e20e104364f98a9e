import type { Scope } from '../db/scope.ts';
import { DomainError } from '../../rules/errors.ts';

const FIRST_MS = 5_000;
const LONGEST_MS = 5 * 60_000;

/** Time after its end for which a penalty is remembered, so that the next one is longer. */
const REMEMBERED_MS = 10 * 60_000;

/** Number of cut-off queries of an organization, by any of its users, before all of its users have to wait. */
const ORG_TOLERANCE = 3;

/** Penalty of a user or an organization. */
interface Penalty {
  cutOffs: number;
  /** End of the penalty (epoch ms). */
  until: number;
}

/** Penalties for queries that were cut off, on a database that one query can occupy. */
export interface Penalties {
  /** Throws `rate_limited` while the user or the organization has to wait. */
  check(actor: Scope & { userId: string }): void;
  /** Notes that a query of the user was cut off. Each time, the next query has to wait twice as long. */
  note(actor: Scope & { userId: string }): void;
}

/** @param now returns the current time (epoch ms) */
export function createPenalties(now: () => number): Penalties {
  const known = new Map<string, Penalty>();

  function add(key: string, tolerance: number): void {
    const cutOffs = (known.get(key)?.cutOffs ?? 0) + 1;
    const wait = cutOffs > tolerance ? Math.min(FIRST_MS * 2 ** (cutOffs - tolerance - 1), LONGEST_MS) : 0;
    known.set(key, { cutOffs, until: now() + wait });
  }

  function forgetOld(): void {
    for (const [key, { until }] of known) if (until + REMEMBERED_MS < now()) known.delete(key);
  }

  return {
    check({ orgId, userId }) {
      const until = Math.max(known.get(userId)?.until ?? 0, known.get(orgId)?.until ?? 0);
      const seconds = Math.ceil((until - now()) / 1000);
      if (seconds > 0)
        throw new DomainError('rate_limited', 'queries_cut_off', { seconds }).retryAfter(seconds);
    },

    note({ orgId, userId }) {
      forgetOld();
      add(userId, 0);
      add(orgId, ORG_TOLERANCE);
    },
  };
}
