import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createListener } from '../../src/server/http/listener.ts';
import type { TestApp } from './app.ts';

/** Serves an app on a free port of this machine, for clients that need HTTP. */
export async function listen(app: Pick<TestApp, 'fetch'>): Promise<{ url: string; close(): Promise<void> }> {
  const { handle } = createListener((request, env) => app.fetch(request, env));
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
