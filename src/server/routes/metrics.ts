import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import type { AppEnv, Dependencies } from '../http/env.ts';
import { unauthorized } from '../http/errors.ts';

/** Metrics for Prometheus, for scrapers with the token. Without metrics, the path is unknown. */
export function metricsRoute({ metrics }: Pick<Dependencies, 'metrics'>) {
  return new Hono<AppEnv>({ strict: false }).get('/metrics', async (c) => {
    if (!metrics) return c.notFound();
    c.header('Cache-Control', 'no-store');
    const [, token = ''] = /^Bearer +(\S+)$/i.exec(c.req.header('Authorization') ?? '') ?? [];
    if (!isSame(token, metrics.token)) {
      c.header('WWW-Authenticate', 'Bearer');
      throw unauthorized();
    }
    const { text, contentType } = await metrics.text();
    return c.body(text, 200, { 'Content-Type': contentType });
  });
}

/** Compares two secrets. The time that it takes says nothing about them. */
function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
