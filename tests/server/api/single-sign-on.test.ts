import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hashSecret } from '../../../src/server/store/hash-secret.ts';
import { insertApplicationKey } from '../../../src/server/store/application-keys.ts';
import { createSingleSignOn, type SingleSignOn } from '../../../src/server/identity/single-sign-on.ts';
import { adminKeys, EMAIL, ORG, PASSWORD } from '../../support/account.ts';
import { ORIGIN, startApp, type TestApp } from '../../support/app.ts';
import { openTestDatabase } from '../../support/databases.ts';
import { invite } from '../../support/invitations.ts';
import { startProvider, type TestProvider } from '../../support/oidc-provider.ts';
import { WebBrowser } from '../../support/web-browser.ts';

const START = '/api/console/oidc/start';
const CALLBACK = '/api/console/oidc/callback';
const SESSION = '/api/console/session';
const SECRET = 'a secret of no importance but long';

let provider: TestProvider;
let app: TestApp;
let logged = '';
const log = pino({ level: 'trace' }, { write: (line: string) => void (logged += line) });

beforeAll(async () => {
  provider = await startProvider();
  provider.serve(ORIGIN + CALLBACK);
  app = await startApp(await openTestDatabase(), { singleSignOn: singleSignOn(), log });
});
afterAll(async () => {
  await provider.stop();
  await app.database.close();
});
afterEach(() => {
  provider.people.clear();
  logged = '';
});

describe('single sign-on', () => {
  it('signs a person in and opens the requested page', async () => {
    const browser = new WebBrowser(app);
    const { url } = await signOn(browser, EMAIL.reader, `${START}?next=%2Forgs%2F1%3Fa%3Db`);
    expect(url.href).toBe(`${ORIGIN}/orgs/1?a=b`);
    expect(await whoIs(browser)).toMatchObject({ status: 200, body: { person: { email: EMAIL.reader } } });
  });

  it.each([
    ['in the ID token', { claimsInIdToken: true }],
    ['at the userinfo endpoint', { claimsInIdToken: false }],
    ['to a client that sends its secret in the body', { clientAuthentication: 'client_secret_post' }],
    ['to a client without a secret', { clientAuthentication: 'none' }],
  ] as const)('takes the email that the provider tells %s', async (_, options) => {
    provider.serve(ORIGIN + CALLBACK, options);
    const isPublic = 'clientAuthentication' in options && options.clientAuthentication === 'none';
    const other = await appWith(singleSignOn(isPublic ? { clientSecret: undefined } : {}));
    const browser = new WebBrowser(other);
    await signOn(browser, EMAIL.member);
    expect(await whoIs(browser)).toMatchObject({ body: { person: { email: EMAIL.member } } });
    provider.serve(ORIGIN + CALLBACK);
  });

  it('finds people by email in any case', async () => {
    const browser = new WebBrowser(app);
    await signOn(browser, 'Reader@ACME.example');
    expect(await whoIs(browser)).toMatchObject({ body: { person: { email: EMAIL.reader } } });
  });

  it.each<[string, string, object, string]>([
    ['whose email is not verified', 'a', { email: EMAIL.admin, email_verified: false }, 'unverified'],
    ['without a verified email', 'b', { email: EMAIL.admin }, 'unverified'],
    ['who has no email', 'c', {}, 'unverified'],
    [
      'whose email is said to be unverified in words',
      'd',
      { email: EMAIL.admin, email_verified: 'false' },
      'unverified',
    ],
    ['without an invitation', 'e', { email: 'stranger@acme.example', email_verified: true }, 'unknown'],
    // The Kelvin sign becomes a plain k in lower case.
    [
      'whose email only looks like another',
      'f',
      { email: '\u212Aim@acme.example', email_verified: true },
      'unknown',
    ],
  ])('refuses %s', async (_, login, claims, code) => {
    await invite(app.database, 'labs', 'kim@acme.example').catch(() => undefined);
    provider.people.set(login, claims);
    const browser = new WebBrowser(app);
    const { url } = await signOn(browser, login, `${START}?next=%2Forgs%2F1`);
    expect(url.href).toBe(`${ORIGIN}/sign-in?error=${code}&next=%2Forgs%2F1`);
    expect(await whoIs(browser)).toMatchObject({ status: 401 });
    expect(logged).toContain(`"code":"${code}"`);
  });

  it('accepts a provider that says in words that the email is verified', async () => {
    provider.people.set('words', { email: EMAIL.reader, email_verified: 'true' });
    const browser = new WebBrowser(app);
    await signOn(browser, 'words');
    expect(await whoIs(browser)).toMatchObject({ body: { person: { email: EMAIL.reader } } });
  });

  it('refuses a person with an expired invitation only', async () => {
    const email = 'late@acme.example';
    await invite(app.database, 'production', email, new Date(0));
    provider.people.set('late', { email, email_verified: true });
    expect((await signOn(new WebBrowser(app), 'late')).url.search).toBe('?error=unknown');
    expect(await usersOf(email)).toEqual([{ name: null, pending: true, disabled: false }]);
  });

  it('refuses a person with disabled users only', async () => {
    const email = 'gone@acme.example';
    await invite(app.database, 'production', email);
    await app.database.db.updateTable('user').set({ disabled: true }).where('email', '=', email).execute();
    expect((await signOn(new WebBrowser(app), email)).url.search).toBe('?error=unknown');
  });

  it('reports that the person cancelled at the provider', async () => {
    const browser = new WebBrowser(app);
    const login = await browser.visit(START);
    const cancel = /href="([^"]+\/abort)"/.exec(login.body)?.[1] ?? '';
    expect((await browser.visit(cancel)).url.href).toBe(`${ORIGIN}/sign-in?error=cancelled`);
    expect(await whoIs(browser)).toMatchObject({ status: 401 });
  });

  it.each([
    'https://evil.example/x',
    '//evil.example',
    String.raw`/\evil.example`,
    '/x/..//evil.example',
    '/\t/evil.example',
    '',
  ])('never redirects to another site: %j', async (next) => {
    const { url } = await signOn(
      new WebBrowser(app),
      EMAIL.reader,
      `${START}?${new URLSearchParams({ next }).toString()}`,
    );
    expect(url.href).toBe(`${ORIGIN}/`);
  });

  it('redirects to the public address, to which the provider redirects back', async () => {
    const other = await appWith(singleSignOn(), { origins: [ORIGIN, 'http://127.0.0.1:3000'] });
    const response = await other.request(`${START}?next=/orgs/1`, { headers: { Host: '127.0.0.1:3000' } });
    expect(response.headers.get('Location')).toBe(`${ORIGIN}${START}?next=%2Forgs%2F1`);
    for (const host of ['localhost:3000', 'evil.example']) {
      const stays = await other.request(START, { headers: { Host: host } });
      expect(stays.headers.get('Location')).toContain(provider.issuer);
    }
  });

  it('does not exist without a provider', async () => {
    const other = await appWith(undefined);
    for (const path of [START, CALLBACK]) expect((await other.request(path)).status).toBe(404);
    expect(await other.call('GET', '/api/console/sign-in-methods')).toEqual({
      status: 200,
      body: { passwords: true, single_sign_on: null },
    });
  });

  it('uses PKCE, state and nonce, and binds the response to the browser', async () => {
    const { location, response } = await new WebBrowser(app).step(START);
    const question = new URL(location).searchParams;
    expect(Object.fromEntries(question)).toEqual({
      client_id: provider.clientId,
      redirect_uri: ORIGIN + CALLBACK,
      response_type: 'code',
      scope: 'openid email profile',
      state: expect.stringMatching(/^.{43}$/),
      nonce: expect.stringMatching(/^.{43}$/),
      code_challenge: expect.stringMatching(/^.{43}$/),
      code_challenge_method: 'S256',
    });
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^cross-org-visibility\.single-sign-on=[\w.%-]+; Max-Age=600; Path=\/api\/console\/oidc\/callback; HttpOnly; SameSite=Lax$/,
      ),
    ]);
    expect(response.headers.get('Cache-Control')).toBe('no-store');
  });

  it('sets a Secure cookie if the console is on https', async () => {
    const other = await appWith(singleSignOn({ publicUrl: 'https://cov.acme.example' }), {
      publicUrl: 'https://cov.acme.example',
    });
    const response = await other.request(START);
    expect(response.headers.get('Set-Cookie')).toMatch(
      /^__Secure-cross-org-visibility\.single-sign-on=.*; Secure/,
    );
  });
});

describe('a response of the provider', () => {
  it('for another browser is refused, so that a link cannot sign a person in as another', async () => {
    const attacker = new WebBrowser(app);
    const callback = await callbackOf(attacker, EMAIL.member);
    const victim = new WebBrowser(app);
    expect((await victim.visit(callback)).url.search).toBe('?error=expired');
    await victim.step(START);
    expect((await victim.visit(callback)).url.search).toBe('?error=expired');
    expect(await whoIs(victim)).toMatchObject({ status: 401 });
  });

  it('works once: it removes the cookie, and the provider refuses the code a second time', async () => {
    const browser = new WebBrowser(app);
    const callback = await callbackOf(browser, EMAIL.reader);
    const cookies = new Map(browser.cookies);
    const first = await browser.step(callback);
    expect(first.location).toBe(`${ORIGIN}/`);
    expect(first.response.headers.getSetCookie()[0]).toMatch(
      /^cross-org-visibility\.single-sign-on=; Max-Age=0; Path=\/api\/console\/oidc\/callback/,
    );
    expect((await browser.step(callback)).location).toBe(`${ORIGIN}/sign-in?error=expired`);

    const thief = new WebBrowser(app);
    for (const [key, cookie] of cookies) thief.cookies.set(key, cookie);
    expect((await thief.step(callback)).location).toBe(`${ORIGIN}/sign-in?error=failed`);
    expect(await whoIs(thief)).toMatchObject({ status: 401 });
  });

  it('that arrives too late is refused', async () => {
    const browser = new WebBrowser(app);
    const callback = await callbackOf(browser, EMAIL.reader);
    const now = Date.now;
    Date.now = () => now() + 601_000;
    try {
      expect((await browser.step(callback)).location).toBe(`${ORIGIN}/sign-in?error=expired`);
    } finally {
      Date.now = now;
    }
  });

  it.each<[string, (cookie: string) => string]>([
    ['changed', (cookie) => `x${cookie.slice(1)}`],
    ['signed with another signature', (cookie) => `${cookie.slice(0, -4)}AAAA`],
    ['a signed cookie of a session', () => ''],
  ])('with a cookie that is %s is refused', async (_, forge) => {
    const browser = new WebBrowser(app);
    const callback = await callbackOf(browser, EMAIL.reader);
    const kept = [...browser.cookies].find(([key]) => key.endsWith('.single-sign-on'));
    if (!kept) throw new Error('There is no cookie');
    const forged = forge(kept[1].value) || (await sessionCookie());
    browser.cookies.set(kept[0], { ...kept[1], value: forged });
    expect((await browser.step(callback)).location).toBe(`${ORIGIN}/sign-in?error=expired`);
  });

  it('with another code, or without a code, is refused', async () => {
    for (const change of [
      (url: URL) => url.searchParams.set('code', 'x'),
      (url: URL) => url.searchParams.delete('code'),
    ]) {
      const browser = new WebBrowser(app);
      const callback = new URL(await callbackOf(browser, EMAIL.reader));
      change(callback);
      expect((await browser.step(callback.href)).location).toBe(`${ORIGIN}/sign-in?error=failed`);
    }
  });

  it('from another provider is refused', async () => {
    const browser = new WebBrowser(app);
    const callback = new URL(await callbackOf(browser, EMAIL.reader));
    callback.searchParams.set('iss', 'https://evil.example');
    expect((await browser.step(callback.href)).location).toBe(`${ORIGIN}/sign-in?error=failed`);
  });

  it('leaves no code, token, verifier or cookie in the log', async () => {
    const browser = new WebBrowser(app);
    const callback = new URL(await callbackOf(browser, EMAIL.reader));
    await browser.step(callback.href);
    await browser.step(callback.href);
    expect(logged).toContain('"path":"/api/console/oidc/callback"');
    expect(logged).toContain('"code":"expired"');
    const code = callback.searchParams.get('code') ?? '';
    expect(code).not.toBe('');
    expect(logged).not.toContain(code);
    for (const { value } of browser.cookies.values()) expect(logged).not.toContain(value);
  });

  it('creates a new session, even if another person was signed in', async () => {
    const browser = new WebBrowser(app);
    await signOn(browser, EMAIL.member);
    const before = browser.cookieHeader();
    await signOn(browser, EMAIL.reader, undefined, { loggedInAtProvider: true });
    expect(browser.cookieHeader()).not.toBe(before);
  });
});

describe('a provider that does not respond', () => {
  it('does not stop the server from starting, and is tried again at the next sign-in', async () => {
    const other = await appWith(singleSignOn());
    await provider.stop();
    const browser = new WebBrowser(other);
    expect((await browser.visit(`${START}?next=/orgs/1`)).url.href).toBe(
      `${ORIGIN}/sign-in?error=unavailable&next=%2Forgs%2F1`,
    );
    expect(logged).toContain("the provider's metadata cannot be read: fetch failed");
    await provider.start();
    await signOn(browser, EMAIL.reader);
    expect(await whoIs(browser)).toMatchObject({ status: 200 });
  });

  it('during a sign-in gets another error than a wrong response', async () => {
    const browser = new WebBrowser(app);
    const callback = await callbackOf(browser, EMAIL.reader);
    await provider.stop();
    expect((await browser.step(callback)).location).toBe(`${ORIGIN}/sign-in?error=unavailable`);
    await provider.start();
  });
});

describe('a verified email', () => {
  it("accepts all its open invitations, in all organizations, with the provider's name", async () => {
    const email = 'newcomer@acme.example';
    const secrets = [
      await invite(app.database, 'production', email),
      await invite(app.database, 'globex', email),
    ];
    await invite(app.database, 'staging', email, new Date(0));
    await invite(app.database, 'payments', email);
    await app.database.db
      .updateTable('user')
      .set({ disabled: true })
      .where('email', '=', email)
      .where('org_id', '=', ORG.payments)
      .execute();
    provider.people.set('new', { email, email_verified: true, name: ' Nina \0Newcomer\u202e ' });
    const browser = new WebBrowser(app);
    await signOn(browser, 'new');
    expect(await whoIs(browser)).toMatchObject({
      body: {
        person: { email, name: 'Nina Newcomer' },
        users: [{ org: { name: 'Acme Production' } }, { org: { name: 'Globex Production' } }],
      },
    });
    expect(await usersOf(email)).toEqual([
      { name: null, pending: true, disabled: true },
      ...[1, 2].map(() => ({ name: 'Nina Newcomer', pending: false, disabled: false })),
      { name: null, pending: true, disabled: false },
    ]);
    for (const secret of secrets) {
      expect(
        await app.database.db
          .selectFrom('invitation')
          .where('hash', '=', hashSecret(secret))
          .select('hash')
          .execute(),
      ).toEqual([]);
    }
  });

  it('deletes the password and the sessions that the holder of a link had set up', async () => {
    const email = 'hijacked@acme.example';
    const secret = await invite(app.database, 'globex', email);
    await invite(app.database, 'production', email);
    const { headers } = await app.request('/api/console/invitation/acceptance', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: ORIGIN },
      body: JSON.stringify({ secret, new_person: { name: 'Not Her', password: PASSWORD } }),
    });
    const hijacker = { Cookie: headers.get('Set-Cookie')?.split(';')[0] ?? '' };
    expect(await app.call('GET', SESSION, hijacker)).toMatchObject({ status: 200 });
    const theirs = app.database.db
      .selectFrom('user')
      .where('email', '=', email)
      .where('org_id', '=', ORG.globex);
    const {
      id: user_id,
      account_id,
      org_id,
    } = await theirs.select(['id', 'account_id', 'org_id']).executeTakeFirstOrThrow();
    const key = 'a-key-that-the-hijacker-made';
    await insertApplicationKey(app.database.db, {
      account_id,
      org_id,
      user_id,
      name: 'cli',
      key,
      scopes: [],
    });
    const withKey = { ...adminKeys('globex'), 'DD-APPLICATION-KEY': key };
    expect(await app.call('GET', '/api/v2/current_user', withKey)).toMatchObject({ status: 200 });
    expect(await passwordSignIn(email)).toMatchObject({ status: 200 });

    const browser = new WebBrowser(app);
    await signOn(browser, email);
    expect(await app.call('GET', SESSION, hijacker)).toMatchObject({ status: 401 });
    expect(await app.call('GET', '/api/v2/current_user', withKey)).toMatchObject({ status: 401 });
    expect(await passwordSignIn(email)).toMatchObject({ status: 401 });
    expect(await whoIs(browser)).toMatchObject({
      body: { users: [{ org: { name: 'Acme Production' } }, { org: { name: 'Globex Production' } }] },
    });

    // The email is verified already: another sign-on ends nothing.
    await signOn(new WebBrowser(app), email);
    expect(await whoIs(browser)).toMatchObject({ status: 200 });
  });

  it('stops links from setting a password, also during the verification', async () => {
    const email = 'raced@acme.example';
    const secret = await invite(app.database, 'globex', email);
    const browser = new WebBrowser(app);
    const callback = await callbackOf(browser, email);
    await Promise.all([
      browser.step(callback),
      app.call(
        'POST',
        '/api/console/invitation/acceptance',
        { Origin: ORIGIN },
        { secret, new_person: { name: 'Not Her', password: PASSWORD } },
      ),
      passwordSignIn(email),
    ]);
    expect(await passwordSignIn(email)).toMatchObject({ status: 401 });
    expect(await whoIs(browser)).toMatchObject({ status: 200 });
    const sessions = await app.database.db
      .selectFrom('session')
      .innerJoin('person', 'person.id', 'session.person_id')
      .select('session.id')
      .where('person.email', '=', email)
      .execute();
    expect(sessions).toHaveLength(1);
  });

  it('deletes nothing of people of the directory file, which verifies emails, too', async () => {
    const { body: before } = await passwordSignIn(EMAIL.admin);
    await signOn(new WebBrowser(app), EMAIL.admin);
    expect(await passwordSignIn(EMAIL.admin)).toEqual({ status: 200, body: before });
  });
});

describe('with passwords switched off', () => {
  it('refuses passwords, keeps sessions, and offers single sign-on', async () => {
    const browser = new WebBrowser(app);
    await signOn(browser, EMAIL.reader);
    const off = await appWith(singleSignOn({ label: 'Acme ID' }), { passwordSignIn: false });
    expect(await off.call('GET', '/api/console/sign-in-methods')).toEqual({
      status: 200,
      body: { passwords: false, single_sign_on: { label: 'Acme ID' } },
    });
    expect(
      await off.call('POST', SESSION, { Origin: ORIGIN }, { email: EMAIL.reader, password: PASSWORD }),
    ).toEqual({ status: 403, body: { errors: ['Password sign-in is disabled here; use single sign-on'] } });
    expect(await off.call('GET', SESSION, { Cookie: browser.cookieHeader() })).toMatchObject({ status: 200 });
    const other = new WebBrowser(off);
    await signOn(other, EMAIL.reader);
    expect(await whoIs(other)).toMatchObject({ status: 200 });
  });
});

function singleSignOn(overrides: Partial<Parameters<typeof createSingleSignOn>[0]> = {}): SingleSignOn {
  const { issuer, clientId, clientSecret } = provider;
  return createSingleSignOn({
    issuer,
    clientId,
    clientSecret,
    label: 'single sign-on',
    secret: SECRET,
    publicUrl: ORIGIN,
    ...overrides,
  });
}

/** Another server over the same database. */
function appWith(
  other: SingleSignOn | undefined,
  overrides: Parameters<typeof startApp>[1] = {},
): Promise<TestApp> {
  return startApp(app.database, { singleSignOn: other, log, ...overrides });
}

/** Signs a browser in at the provider, and follows the redirects back. */
async function signOn(
  browser: WebBrowser,
  login: string,
  start = START,
  { loggedInAtProvider = false } = {},
) {
  const page = await browser.visit(start);
  if (loggedInAtProvider) return page;
  return browser.submit(await browser.submit(page, { login, password: 'any' }));
}

/** Signs in at the provider. Returns the address of its redirect back. */
async function callbackOf(browser: WebBrowser, login: string): Promise<string> {
  const consent = await browser.submit(await browser.visit(START), { login, password: 'any' });
  return (await browser.submit(consent, {}, ORIGIN + CALLBACK)).url.href;
}

function whoIs(browser: WebBrowser) {
  return app.call('GET', SESSION, { Cookie: browser.cookieHeader() });
}

function passwordSignIn(email: string) {
  return app.call('POST', SESSION, { Origin: ORIGIN }, { email, password: PASSWORD });
}

async function sessionCookie(): Promise<string> {
  const response = await app.request(SESSION, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: ORIGIN },
    body: JSON.stringify({ email: EMAIL.reader, password: PASSWORD }),
  });
  return decodeURIComponent(/=([^;]+)/.exec(response.headers.get('Set-Cookie') ?? '')?.[1] ?? '');
}

function usersOf(email: string) {
  return app.database.db
    .selectFrom('user')
    .select(['name', 'pending', 'disabled'])
    .where('email', '=', email)
    .orderBy('disabled', 'desc')
    .orderBy('pending')
    .execute();
}
