import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpBindings } from '@hono/node-server';
import { createListener } from './listener.ts';

/** An app: a function from Request to Response. */
export interface App {
  fetch: (request: Request, env: HttpBindings) => Response | Promise<Response>;
}

/** HTTP server that answers before its app has started, and completes requests before it stops. */
export interface HttpServer {
  address: AddressInfo;
  /** Serves the app from now on. */
  serve(app: App): void;
  readonly isStopping: boolean;
  /**
   * Completes running requests and closes all connections. For `acceptMs`, accepts new connections, so that load balancers see that
   * the server is not ready; then gives running requests `completeMs`. Each answer closes its connection.
   */
  stop(limits: { acceptMs: number; completeMs: number }): Promise<void>;
  /** Ends all connections at once. */
  abort(): void;
}

/** Time in which a request must have arrived. */
const REQUEST_TIMEOUT_MS = 60_000;

/** Interval at which connections that have become idle are closed while the server stops. */
const CLOSE_IDLE_EVERY_MS = 50;

/**
 * Listens on an address.
 *
 * @param starting app that is served until the server has started
 * @throws the error of the system, such as `EADDRINUSE`
 */
export async function listen(
  { host, port }: { host: string; port: number },
  starting: App,
): Promise<HttpServer> {
  let app = starting;
  let isStopping = false;
  const listener = createListener(async (request, env) => app.fetch(request, env));
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, listener.handle);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');

  return {
    address,
    serve(started) {
      app = started;
    },
    get isStopping() {
      return isStopping;
    },
    async stop({ acceptMs, completeMs }) {
      isStopping = true;
      listener.closeConnections();
      await sleep(acceptMs);
      const closed = new Promise((resolve) => server.close(resolve));
      // An answer that had begun before may leave its connection open.
      const closing = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
      const timeout = sleep(completeMs, undefined, { ref: false }).then(() => server.closeAllConnections());
      await closed;
      clearInterval(closing);
      // Requests of clients that have gone may still run.
      await Promise.race([listener.settled(), timeout]);
    },
    abort() {
      server.close();
      server.closeAllConnections();
    },
  };
}
