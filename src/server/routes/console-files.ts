import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../http/env.ts';

/** The built console. Every path that names no file is a screen of it, so that screens can be linked to. */
export function consoleFiles(folder: string) {
  return (
    new Hono<AppEnv>()
      // The build's own record of itself is for the build.
      .get('/.vite/*', (c) => c.notFound())
      // Anything may be another after an upgrade, except under names that carry a digest of the content.
      .use(cache('no-cache'))
      .use('/assets/*', cache('public, max-age=31536000, immutable'))
      .get('*', serveStatic({ root: folder }))
      .get('*', (c, next) => (/\.\w+$/.test(c.req.path) ? c.notFound() : next()))
      .get('*', serveStatic({ root: folder, path: 'index.html' }))
  );
}

/** Says how long an answer may be kept, unless it is an error or an inner handler has said so. */
function cache(control: string) {
  return createMiddleware<AppEnv>(async (c, next) => {
    await next();
    if (c.res.ok && !c.res.headers.has('Cache-Control')) c.header('Cache-Control', control);
  });
}
