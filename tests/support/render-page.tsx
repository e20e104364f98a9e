import { cleanup, render } from '@testing-library/react';
import { type UserEvent, userEvent } from '@testing-library/user-event';
import { onTestFinished, vi } from 'vitest';
import { PATHS } from '../../src/contract/paths.ts';
import { createQueryClient } from '../../src/web/api/query-client.ts';
import { App } from '../../src/web/app/app.tsx';
import { PASSWORD } from './account.ts';
import { ORIGIN, type TestApp } from './app.ts';

/** A person's browser: its cookies, its line to the server, and what its person does. */
export interface Browser {
  user: UserEvent;
  network: Network;
}

interface OpenOptions {
  /** The email of the person who is signed in. */
  as?: string;
  /** Things to do to the network before the page opens. */
  network?: (network: Network) => void;
}

/** Opens a page of the console in a browser of its own, against the real app. */
export async function openPage(
  app: TestApp,
  path: string,
  { as, network: prepare }: OpenOptions = {},
): Promise<Browser> {
  cleanup();
  sessionStorage.clear();
  const network = await connectNetwork(app, as);
  prepare?.(network);
  window.history.pushState(null, '', path);
  const queryClient = createQueryClient();
  onTestFinished(() => queryClient.clear());
  render(<App queryClient={queryClient} />);
  return { user: userEvent.setup(), network };
}

/** Leads the requests of the rest of the test to the app. */
export async function connectNetwork(app: TestApp, as?: string): Promise<Network> {
  const network = new Network(app);
  if (as !== undefined) await network.signIn(as);
  vi.stubGlobal('fetch', network.fetch);
  return network;
}

/** The address in the browser's bar. */
export function currentAddress(): string {
  return window.location.pathname + window.location.search;
}

/** Tells the page that it has come into view again. */
export function comeBackToTab(): void {
  window.dispatchEvent(new Event('visibilitychange'));
}

/** The line between a page and the app: requests are function calls, cookies are kept as a browser keeps them. */
export class Network {
  /** Method and path of every request so far. */
  readonly requests: string[] = [];
  readonly #app: TestApp;
  readonly #cookies = new Map<string, string>();
  #cut: string | undefined;
  #held: { path: string; released: Promise<void> } | undefined;

  constructor(app: TestApp) {
    this.#app = app;
  }

  /** From now on no request to the path, or below it, gets through. */
  cut(path = '/'): void {
    this.#cut = path;
  }

  mend(): void {
    this.#cut = undefined;
  }

  /** From now on answers from the path, or below it, are on their way until the returned function is called. */
  hold(path = '/'): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held = { path, released: promise };
    return resolve;
  }

  /** Ends the session in the browser, as when it has run out. */
  forgetCookies(): void {
    this.#cookies.clear();
  }

  async signIn(email: string): Promise<void> {
    const response = await this.fetch(PATHS.session, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email, password: PASSWORD }),
    });
    if (!response.ok) throw new Error(`${email} cannot sign in: ${await response.text()}`);
  }

  readonly fetch: typeof globalThis.fetch = async (input, init = {}) => {
    // Without the signal: jsdom's is not the one that Node's Request knows.
    const { signal, ...rest } = init;
    const request = new Request(new URL(input instanceof Request ? input.url : input, ORIGIN), rest);
    const { pathname } = new URL(request.url);
    this.requests.push(`${request.method} ${pathname}`);
    request.headers.set('Origin', ORIGIN);
    request.headers.set('Cookie', [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '));

    if (this.#cut !== undefined && pathname.startsWith(this.#cut)) throw new TypeError('fetch failed');
    const response = await this.#app.fetch(request);
    if (this.#held && pathname.startsWith(this.#held.path)) await this.#held.released;
    signal?.throwIfAborted();
    for (const cookie of response.headers.getSetCookie()) this.#keep(cookie);
    return response;
  };

  #keep(cookie: string): void {
    const [pair = '', ...attributes] = cookie.split(';').map((part) => part.trim());
    const [name = '', ...value] = pair.split('=');
    if (attributes.some((attribute) => /^max-age=0$/i.test(attribute))) this.#cookies.delete(name);
    else this.#cookies.set(name, value.join('='));
  }
}
