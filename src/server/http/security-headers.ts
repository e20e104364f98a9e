import { createMiddleware } from 'hono/factory';
import type { AppEnv } from './env.ts';

/** Content-Security-Policy of all pages. A page that needs more adds its own directive. */
export const CONTENT_SECURITY_POLICY =
  "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/** Sets the security headers of every response. */
export const setSecurityHeaders = createMiddleware<AppEnv>(async (c, next) => {
  c.header('X-Content-Type-Options', 'nosniff');
  c.header('Referrer-Policy', 'same-origin');
  c.header('X-Frame-Options', 'DENY');
  c.header('Content-Security-Policy', CONTENT_SECURITY_POLICY);
  await next();
});
