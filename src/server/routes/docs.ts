import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { createOpenApiDocument } from '../../contract/openapi.ts';
import { PATHS } from '../../contract/paths.ts';
import type { AppEnv } from '../http/env.ts';
import { CONTENT_SECURITY_POLICY } from '../http/security-headers.ts';

/** The OpenAPI document, and a page that shows it. */
export function docs() {
  // Made once, because making and compressing it takes 20 ms.
  const text = JSON.stringify(createOpenApiDocument());
  const compressed = new Uint8Array(gzipSync(text));
  return new Hono<AppEnv>({ strict: false })
    .get(PATHS.openapi, (c) => {
      c.header('Content-Type', 'application/json');
      c.header('Vary', 'Accept-Encoding', { append: true });
      if (!/\bgzip\b/.test(c.req.header('Accept-Encoding') ?? '')) return c.body(text);
      c.header('Content-Encoding', 'gzip');
      return c.body(compressed);
    })
    .get(PATHS.docs, (c) => {
      // The page's script writes inline styles.
      c.header('Content-Security-Policy', `${CONTENT_SECURITY_POLICY}; style-src 'self' 'unsafe-inline'`);
      return c.html(PAGE);
    })
    .get(`${PATHS.docs}/start.js`, (c) =>
      c.body(START, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }),
    )
    .get(
      `${PATHS.docs}/:file{swagger-ui(-bundle\\.js|\\.css)}`,
      serveStatic({
        root: dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json'))),
        rewriteRequestPath: (path) => path.slice(PATHS.docs.length),
      }),
    );
}

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Cross-Org Visibility API</title>
    <link rel="icon" href="/favicon.svg" />
    <link rel="stylesheet" href="${PATHS.docs}/swagger-ui.css" />
  </head>
  <body>
    <main id="reference"></main>
    <script src="${PATHS.docs}/swagger-ui-bundle.js"></script>
    <script src="${PATHS.docs}/start.js"></script>
  </body>
</html>
`;

const START = `SwaggerUIBundle({ url: '${PATHS.openapi}', dom_id: '#reference', deepLinking: true });\n`;
