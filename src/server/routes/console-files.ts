import { serveStatic } from '@hono/node-server/serve-static';
import { type Context, Hono } from 'hono';
import type { AppEnv } from '../http/env.ts';

/** The built console. Every path that is no file of it is a screen of it, so that screens can be linked to. */
export function consoleFiles(folder: string) {
  return (
    new Hono<AppEnv>()
      .get(
        '/assets/*',
        serveStatic({
          root: folder,
          // The names carry a digest of the content.
          onFound: (_, c) => c.header('Cache-Control', 'public, max-age=31536000, immutable'),
        }),
        (c) => c.notFound(),
      )
      // The build's own record of itself is for the build.
      .get('/.vite/*', (c) => c.notFound())
      .get(
        '*',
        serveStatic({ root: folder, onFound }),
        serveStatic({ root: folder, path: 'index.html', onFound }),
      )
  );
}

/** A page from before an upgrade would ask for files that are gone. */
function onFound(_path: string, c: Context): void {
  c.header('Cache-Control', 'no-cache');
}
