import { createMiddleware } from 'hono/factory';
import type { AppEnv } from './env.ts';

/** What pages may load and do. A page that needs more adds a directive of its own. */
export const CONTENT_SECURITY_POLICY =
  "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/** Tells browsers what they may do with our answers. */
export const setSecurityHeaders = createMiddleware<AppEnv>(async (c, next) => {
  c.header('X-Content-Type-Options', 'nosniff');
  c.header('Referrer-Policy', 'same-origin');
  c.header('X-Frame-Options', 'DENY');
  c.header('Content-Security-Policy', CONTENT_SECURITY_POLICY);
  await next();
});
