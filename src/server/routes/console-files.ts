import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../http/env.ts';

/** Serves the built console. A path without a file gets the console's page, so that links to screens work. */
export function consoleFiles(folder: string) {
  return (
    new Hono<AppEnv>()
      .use(ignoreRange)
      // The build's manifest is not for browsers.
      .get('/.vite/*', (c) => c.notFound())
      // An upgrade may change any file, except those with a digest of the content in their name.
      .use(cache('no-cache'))
      .use('/assets/*', cache('public, max-age=31536000, immutable'))
      .get('*', serveStatic({ root: folder }))
      .get('*', (c, next) => (/\.\w+$/.test(c.req.path) ? c.notFound() : next()))
      .get('*', serveStatic({ root: folder, path: 'index.html' }))
  );
}

/** The console needs no partial files, and a malformed range would be answered with a partial one. */
const ignoreRange = createMiddleware<AppEnv>(async (c, next) => {
  c.req.raw.headers.delete('Range');
  await next();
});

/** Sets `Cache-Control`, except for errors and responses that have one. */
function cache(control: string) {
  return createMiddleware<AppEnv>(async (c, next) => {
    await next();
    if (c.res.ok && !c.res.headers.has('Cache-Control')) c.header('Cache-Control', control);
  });
}
