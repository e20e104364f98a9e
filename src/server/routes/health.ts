import { Hono } from 'hono';
import { DomainError, errorMessage } from '../../rules/errors.ts';
import type { AppEnv, Dependencies } from '../http/env.ts';
import { databaseError, RETRY_AFTER } from '../http/errors.ts';

/** Health checks: `/healthz` responds if the process runs, `/readyz` if its database serves reads and changes. */
export function health({ checkReady }: Pick<Dependencies, 'checkReady'>) {
  return new Hono<AppEnv>({ strict: false })
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      try {
        await checkReady();
        return c.json({ status: 'ready' });
      } catch (error) {
        const reason = error instanceof DomainError ? error.message : errorMessage(databaseError(error));
        c.var.log.warn({ err: error, reason }, 'not ready');
        return c.json({ status: 'not ready', reason }, 503, { 'Retry-After': RETRY_AFTER });
      }
    });
}
