import { Hono } from 'hono';
import type { AppEnv, Dependencies } from '../http/env.ts';

/** Health checks: `/healthz` responds if the process runs, `/readyz` if it can reach its database. */
export function health({ checkReady }: Dependencies) {
  return new Hono<AppEnv>({ strict: false })
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      try {
        await checkReady();
        return c.json({ status: 'ready' });
      } catch (error) {
        c.var.log.warn({ err: error }, 'not ready');
        return c.json({ status: 'not ready' }, 503);
      }
    });
}
