import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import type { AppEnv } from './env.ts';
import type { Metrics } from './metrics.ts';

/** Records each request and its duration. */
export function measureRequests(metrics: Metrics) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const started = performance.now();
    await next();
    const { actor, scope }: Partial<AppEnv['Variables']> = c.var;
    metrics.answered({
      method: c.req.method,
      // The pattern, because paths have ids and secrets, and clients can send any number of them.
      route: routePath(c),
      status: c.res.status,
      seconds: (performance.now() - started) / 1000,
      orgId: actor?.orgId ?? scope?.orgId,
    });
  });
}
