import type { Context } from 'hono';
import type { Logger } from 'pino';
import { DomainError } from '../../rules/errors.ts';
import type { Db } from '../db/scope.ts';
import { addRequests } from '../store/rate-limits.ts';
import { type BackgroundWork, repeat } from '../telemetry/background.ts';

/** Maximum numbers of requests of one organization per minute, by kind. 0: unlimited. A key or a person gets half of them. */
export interface RateLimits {
  api: number;
  queries: number;
  intake: number;
}

/** Callers of a request: its organization, and the user within it, or the API key at intake. */
interface Caller {
  orgId: string;
  callerId: string;
}

interface Usage {
  /** Requests in the current period: those of this server, and those of other servers as last read. */
  requests: number;
  /** Requests that other servers do not know of yet. */
  unshared: number;
}

const PERIOD_SECONDS = 60;
const PERIOD_MS = PERIOD_SECONDS * 1000;
const SHARE_EVERY_MS = 1000;

/** Counts requests in memory, in fixed periods. {@link startSharingRates} adds those of other servers. */
export class RateLimiter {
  readonly #limits: RateLimits;
  readonly #now: () => number;
  #period = 0;
  /** By subject, which names a limit and an organization or a caller. */
  #usage = new Map<string, Usage>();

  constructor(limits: RateLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  /**
   * Counts a request and sets Datadog's headers of a rate limit.
   *
   * @throws DomainError `rate_limited` past the limit of the caller or of the organization
   */
  limit(c: Context, name: keyof RateLimits, { orgId, callerId }: Caller): void {
    const maximum = this.#limits[name];
    if (maximum === 0) return;
    this.#beginPeriod();
    const reset = Math.ceil((this.#period + PERIOD_MS - this.#now()) / 1000);
    const ofCaller = { subject: `${name} caller ${callerId}`, limit: Math.ceil(maximum / 2) };
    const ofOrg = { subject: `${name} org ${orgId}`, limit: maximum };
    // The caller first: a request that is refused to the caller must not count for the organization.
    let least = Infinity;
    for (const { subject, limit } of [ofCaller, ofOrg]) {
      const { requests } = this.#count(subject);
      const remaining = Math.max(0, limit - requests);
      if (remaining < least) setHeaders(c, { name, limit, remaining, reset });
      least = Math.min(least, remaining);
      if (requests <= limit) continue;
      throw new DomainError('rate_limited', 'rate_limit_reached', {
        limit,
        period: PERIOD_SECONDS,
        seconds: reset,
      }).retryAfter(reset);
    }
  }

  /** Returns the period (epoch ms) and the requests in it that other servers do not know of, and counts these as shared. */
  takeUnshared(): { period: number; requests: Map<string, number> } {
    this.#beginPeriod();
    const requests = new Map<string, number>();
    for (const [subject, usage] of this.#usage) {
      if (usage.unshared === 0) continue;
      requests.set(subject, usage.unshared);
      usage.unshared = 0;
    }
    return { period: this.#period, requests };
  }

  /** Counts requests as unshared again, because sharing them failed. */
  returnUnshared(period: number, requests: ReadonlyMap<string, number>): void {
    if (period !== this.#period) return;
    for (const [subject, count] of requests) {
      const usage = this.#usage.get(subject);
      if (usage) usage.unshared += count;
    }
  }

  /** Sets the requests of all servers in a period. */
  setShared(period: number, requests: ReadonlyMap<string, number>): void {
    if (period !== this.#period) return;
    for (const [subject, count] of requests) {
      const usage = this.#usage.get(subject);
      if (usage) usage.requests = count + usage.unshared;
    }
  }

  #beginPeriod(): void {
    const period = Math.floor(this.#now() / PERIOD_MS) * PERIOD_MS;
    if (period === this.#period) return;
    this.#period = period;
    this.#usage = new Map();
  }

  #count(subject: string): Usage {
    const usage = this.#usage.get(subject) ?? { requests: 0, unshared: 0 };
    usage.requests += 1;
    usage.unshared += 1;
    this.#usage.set(subject, usage);
    return usage;
  }
}

function setHeaders(
  c: Context,
  { name, limit, remaining, reset }: { name: string; limit: number; remaining: number; reset: number },
): void {
  c.header('X-RateLimit-Name', name);
  c.header('X-RateLimit-Limit', String(limit));
  c.header('X-RateLimit-Period', String(PERIOD_SECONDS));
  c.header('X-RateLimit-Remaining', String(remaining));
  c.header('X-RateLimit-Reset', String(reset));
}

/** Adds up the requests of all servers on one database, every second until stopped. In between, each server counts its own. */
export function startSharingRates({
  db,
  rateLimiter,
  log,
}: {
  db: Db;
  rateLimiter: RateLimiter;
  log: Logger;
}): BackgroundWork {
  return repeat(() => shareRates(db, rateLimiter), {
    log,
    failure: 'rates of requests could not be shared',
    firstAfterMs: SHARE_EVERY_MS,
    everyMs: SHARE_EVERY_MS,
  });
}

/** @internal Exported for tests. */
export async function shareRates(db: Db, rateLimiter: RateLimiter): Promise<void> {
  const { period, requests } = rateLimiter.takeUnshared();
  if (requests.size === 0) return;
  try {
    rateLimiter.setShared(period, await addRequests(db, period, requests));
  } catch (error) {
    rateLimiter.returnUnshared(period, requests);
    throw error;
  }
}
