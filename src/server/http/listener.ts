import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener, type HttpBindings } from '@hono/node-server';

/** Listener for the requests of an HTTP server. */
export interface Listener {
  handle: (incoming: IncomingMessage, outgoing: ServerResponse) => void;
  /** From now on, each answer closes its connection. */
  closeConnections(): void;
  /** Resolves when no request is running, including requests of clients that have gone. */
  settled(): Promise<void>;
}

type Fetch = (request: Request, env: HttpBindings) => Response | Promise<Response>;

/** Creates a listener that answers with `fetch`. Connections stay usable if an answer was sent before the body was read. */
export function createListener(fetch: Fetch): Listener {
  const running = new Set<Promise<void>>();
  let isClosing = false;

  const answer = getRequestListener(async (request, env) => {
    // HTTP/2 is not served.
    // oxlint-disable-next-line no-unsafe-type-assertion
    const { incoming, outgoing } = env as HttpBindings;
    const response = await fetch(request, { incoming, outgoing });
    if (isClosing) outgoing.setHeader('Connection', 'close');
    return hasUnreadBody(incoming) ? afterBody(response, incoming) : response;
  });

  return {
    handle(incoming, outgoing) {
      const done = answer(incoming, outgoing).finally(() => running.delete(done));
      running.add(done);
    },
    closeConnections() {
      isClosing = true;
    },
    async settled() {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}

/** Returns whether the client has gone before its request was complete. */
export function hasHungUp(env: Partial<HttpBindings> | undefined): boolean {
  const incoming = env?.incoming;
  return incoming !== undefined && incoming.destroyed && !incoming.complete;
}

function hasUnreadBody(incoming: IncomingMessage): boolean {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = incoming.headers;
  return (length !== '0' || encoding !== undefined) && !incoming.readableEnded && !incoming.destroyed;
}

/** Maximum of an unread body that is received to keep its connection. */
const MAX_DISCARDED_BYTES = 1024 * 1024;
const DISCARD_TIMEOUT_MS = 1_000;

/**
 * Returns an answer to a request with an unread body. A short rest of the body is received first. Before a longer one, the answer
 * says that it closes the connection: the client must not send another request on it.
 */
async function afterBody(response: Response, incoming: IncomingMessage): Promise<Response> {
  const isShort = Number(incoming.headers['content-length'] ?? 0) <= MAX_DISCARDED_BYTES;
  if (isShort && (await discardBody(incoming, MAX_DISCARDED_BYTES))) return response;
  const headers = new Headers(response.headers);
  headers.set('Connection', 'close');
  if (response.body === null) return new Response(null, { status: response.status, headers });
  const bytes = new Uint8Array(await response.arrayBuffer());
  headers.set('Content-Length', String(bytes.byteLength));
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(bytes),
    // The answer is complete by its length. Closing while the client sends would reset the connection, and the answer could be lost.
    pull: (controller) => discardBody(incoming, Infinity).then(() => controller.close()),
  });
  return new Response(body, { status: response.status, headers });
}

/** Receives a body and discards it. Returns whether it ended within the limits of size and time. */
function discardBody(incoming: IncomingMessage, maxBytes: number): Promise<boolean> {
  return new Promise((resolve) => {
    let bytes = 0;
    const finish = (): void => {
      clearTimeout(timer);
      incoming.off('data', count).off('end', finish).off('close', finish);
      if (!incoming.readableEnded) incoming.pause();
      resolve(incoming.readableEnded);
    };
    const count = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > maxBytes) finish();
    };
    const timer = setTimeout(finish, DISCARD_TIMEOUT_MS);
    // A handler that has read a part would store the rest.
    incoming.removeAllListeners('data');
    incoming.on('data', count).once('end', finish).once('close', finish);
    incoming.resume();
  });
}
