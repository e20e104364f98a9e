import { createMiddleware } from 'hono/factory';
import type { AppEnv, Dependencies } from './env.ts';

/** Content-Security-Policy of all pages. A page that needs more adds its own directive. */
export const CONTENT_SECURITY_POLICY =
  "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/** Sets the security headers of every response. */
export function setSecurityHeaders({ publicUrl }: Pick<Dependencies, 'publicUrl'>) {
  const isSecure = publicUrl.startsWith('https:');
  return createMiddleware<AppEnv>(async (c, next) => {
    if (isSecure) c.header('Strict-Transport-Security', 'max-age=31536000');
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Referrer-Policy', 'same-origin');
    c.header('X-Frame-Options', 'DENY');
    c.header('Content-Security-Policy', CONTENT_SECURITY_POLICY);
    await next();
  });
}
