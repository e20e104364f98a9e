import type { MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import pLimit, { type LimitFunction } from 'p-limit';
import { DomainError } from '../../rules/errors.ts';
import type { AppEnv, Dependencies } from './env.ts';
import { clientDisconnected } from './errors.ts';

/** Maximum numbers of intake requests that are received, wait or are stored at a time. Bounds the memory of their bodies. */
const MAX_REQUESTS = 100;
const MAX_REQUESTS_OF_ORG = 30;

/** Limits intake: how many requests are in progress, and how many of these are unpacked and stored at the same time. */
export interface IntakeTurns {
  /** Admits a request, or refuses it with `unavailable`. Runs after the organization is known. */
  admit: MiddlewareHandler<AppEnv>;
  /** Waits for the turn of a request, whose body has arrived. */
  take: MiddlewareHandler<AppEnv>;
}

export function createIntakeTurns({ concurrentIntake }: Pick<Dependencies, 'concurrentIntake'>): IntakeTurns {
  const inProgress = new Map<string, number>();
  let total = 0;
  const all = pLimit(concurrentIntake);
  const byOrg = new Map<string, LimitFunction>();

  const admit = createMiddleware<AppEnv>(async (c, next) => {
    const { orgId } = c.var.scope;
    const own = inProgress.get(orgId) ?? 0;
    if (total >= MAX_REQUESTS || own >= MAX_REQUESTS_OF_ORG)
      throw new DomainError('unavailable', 'server_busy');
    total += 1;
    inProgress.set(orgId, own + 1);
    try {
      await next();
    } finally {
      total -= 1;
      inProgress.set(orgId, (inProgress.get(orgId) ?? 1) - 1);
      if (inProgress.get(orgId) === 0) inProgress.delete(orgId);
    }
  });

  const take = createMiddleware<AppEnv>(async (c, next) => {
    const { orgId } = c.var.scope;
    const own = byOrg.get(orgId) ?? pLimit(Math.ceil(concurrentIntake / 2));
    byOrg.set(orgId, own);
    await own(() =>
      all(async () => {
        const { signal } = c.req.raw;
        // Not stored: a client that has gone repeats its request.
        if (signal.aborted) throw clientDisconnected(signal.reason);
        await next();
      }),
    );
  });

  return { admit, take };
}
