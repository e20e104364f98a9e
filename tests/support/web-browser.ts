import { ORIGIN, type TestApp } from './app.ts';

/** Page that a browser has reached. */
interface Place {
  url: URL;
  body: string;
}

type Form = Record<string, string>;

interface Cookie {
  origin: string;
  path: string;
  value: string;
}

/** A minimal browser: follows redirects between the app and other servers, keeps cookies, submits forms. */
export class WebBrowser {
  /** Cookies by origin, path and name. */
  readonly cookies = new Map<string, Cookie>();
  readonly #app: TestApp;

  constructor(app: TestApp) {
    this.#app = app;
  }

  /** Opens an address and follows its redirects to a page of the console or of another server. */
  async visit(address: string, form?: Form, until?: string): Promise<Place> {
    let url = new URL(address, ORIGIN);
    let response = await this.#send(url, form);
    for (let hops = 0; response.status >= 300 && response.status < 400; hops += 1) {
      if (hops > 10) throw new Error(`${address} leads on without end`);
      url = new URL(response.headers.get('Location') ?? '', url);
      const isPage = url.origin === ORIGIN && !url.pathname.startsWith('/api/');
      if (isPage || url.origin + url.pathname === until) return { url, body: '' };
      response = await this.#send(url);
    }
    return { url, body: await response.text() };
  }

  /** Sends one request without following its redirect. */
  async step(address: string): Promise<{ location: string; response: Response }> {
    const response = await this.#send(new URL(address, ORIGIN));
    return { location: response.headers.get('Location') ?? '', response };
  }

  /** Sends the form on a page; with `until`, goes no further than to be led to that address. */
  async submit({ url, body }: Place, values: Form = {}, until?: string): Promise<Place> {
    const action = /<form[^>]* action="([^"]+)"/.exec(body)?.[1];
    if (action === undefined) throw new Error(`There is no form at ${url.href}`);
    const hidden = [...body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
    const form = {
      ...Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value])),
      ...values,
    };
    return this.visit(new URL(action, url).href, form, until);
  }

  /** What it sends to the app. */
  cookieHeader(path = '/'): string {
    return this.#cookiesFor(new URL(path, ORIGIN));
  }

  async #send(url: URL, form?: Form): Promise<Response> {
    const request = new Request(url, {
      headers: { Cookie: this.#cookiesFor(url) },
      redirect: 'manual',
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    const response = await (url.origin === ORIGIN ? this.#app.fetch(request) : fetch(request));
    for (const cookie of response.headers.getSetCookie()) this.#keep(url, cookie);
    return response;
  }

  #cookiesFor(url: URL): string {
    return [...this.cookies]
      .filter(([, { origin, path }]) => origin === url.origin && url.pathname.startsWith(path))
      .map(([key, { value }]) => `${key.split(' ')[2]}=${value}`)
      .join('; ');
  }

  #keep({ origin }: URL, cookie: string): void {
    const [pair = '', ...attributes] = cookie.split(';').map((part) => part.trim());
    const [name = '', ...value] = pair.split('=');
    const of = (attribute: string) =>
      attributes.find((text) => text.toLowerCase().startsWith(`${attribute}=`))?.slice(attribute.length + 1);
    const path = of('path') ?? '/';
    const key = `${origin} ${path} ${name}`;
    const isOver = of('max-age') === '0' || new Date(of('expires') ?? '9999') < new Date();
    if (isOver) this.cookies.delete(key);
    else this.cookies.set(key, { origin, path, value: value.join('=') });
  }
}
