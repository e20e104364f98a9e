import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { adminKeys, connectionTo, EMAIL, ORG, PASSWORD, productionKeys } from '../../support/account.ts';
import { createTestApp, ORIGIN, startApp, type TestApp } from '../../support/app.ts';
import { openTestDatabase } from '../../support/databases.ts';
import { cookieOf, signInAs } from '../../support/session.ts';
import { refusal, UNAUTHORIZED } from '../../support/expected.ts';
import { SOON } from '../../support/time-factor.ts';

const FORBIDDEN = refusal(403, 'Forbidden');
const LIST = '/api/v2/org_connections';
const SESSION = '/api/console/session';

let app: TestApp;
let address = '192.0.2.1';
beforeAll(async () => {
  app = await startApp(await openTestDatabase(), { clientAddress: () => address });
});
afterAll(() => app.database.close());
beforeEach(async () => {
  address = '192.0.2.1';
  await app.database.db.deleteFrom('sign_in_attempt').execute();
});

describe('a program with keys', () => {
  const keys = adminKeys('production');

  it.each<[string, Record<string, string>]>([
    ['no keys', {}],
    ['the API key alone', { 'DD-API-KEY': 'api-key-of-production-0000' }],
    ['the application key alone', { 'DD-APPLICATION-KEY': 'app-key-of-production-admin' }],
    ['an unknown API key', { ...keys, 'DD-API-KEY': 'an-unknown-api-key-0000' }],
    ['an unknown application key', { ...keys, 'DD-APPLICATION-KEY': 'an-unknown-app-key-0000' }],
    ['empty keys', { 'DD-API-KEY': '', 'DD-APPLICATION-KEY': '' }],
    ["one organization's API key and another's application key", { ...keys, ...only(adminKeys('staging')) }],
    [
      'keys in exchange',
      { 'DD-API-KEY': 'app-key-of-production-admin', 'DD-APPLICATION-KEY': 'api-key-of-production-0000' },
    ],
  ])('with %s is unauthorized', async (_, headers) => {
    expect(await app.call('GET', LIST, headers)).toEqual(UNAUTHORIZED);
  });

  it('can validate its API key with that key alone', async () => {
    const validate = (key: string) => app.call('GET', '/api/v1/validate', { 'DD-API-KEY': key });
    expect(await validate('api-key-of-production-0000')).toEqual({ status: 200, body: { valid: true } });
    expect(await validate('an-unknown-api-key-0000')).toEqual(FORBIDDEN);
    expect(await app.call('GET', '/api/v1/validate')).toEqual(FORBIDDEN);
  });

  it('is unauthorized while its user is disabled', async () => {
    const disable = (disabled: boolean) =>
      app.database.db.updateTable('user').set({ disabled }).where('email', '=', EMAIL.reader).execute();
    await disable(true);
    expect(await app.call('GET', LIST, productionKeys('reader'))).toEqual(UNAUTHORIZED);
    await disable(false);
    expect(await app.call('GET', LIST, productionKeys('reader'))).toMatchObject({ status: 200 });
  });

  it('can read its user', async () => {
    const { status, body } = await app.call('GET', '/api/v2/current_user', productionKeys('reader'));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      data: {
        type: 'users',
        attributes: {
          email: EMAIL.reader,
          handle: EMAIL.reader,
          name: 'Ravi Reader',
          title: null,
          status: 'Active',
          disabled: false,
          allowed_login_methods: [],
        },
        relationships: { org: { data: { type: 'orgs', id: ORG.production } } },
      },
    });
    const { included } = body as { included: { type: string; attributes: { name: string } }[] };
    expect(included.map(({ type, attributes }) => `${type} ${attributes.name}`)).toEqual([
      'orgs Acme Production',
      'roles Reader',
      'permissions org_connections_read',
      'permissions timeseries_query',
    ]);
  });
});

describe('a person', () => {
  it('signs in, reads the session, and signs out', async () => {
    const { cookie, response } = await signIn(EMAIL.reader);
    expect(response.headers.get('Set-Cookie')).toMatch(/HttpOnly; SameSite=Lax/);
    const session = {
      person: { id: expect.any(String), email: EMAIL.reader, name: 'Ravi Reader' },
      users: [
        {
          id: expect.any(String),
          roles: [{ id: expect.any(String), name: 'Reader' }],
          teams: [],
          permissions: ['org_connections_read', 'timeseries_query'],
          org: { id: ORG.production, name: 'Acme Production', site: 'us1', hipaa: false },
        },
      ],
    };
    expect(await response.json()).toEqual(session);
    expect(await app.call('GET', SESSION, { Cookie: cookie })).toEqual({ status: 200, body: session });

    const page = await signInAs(app, EMAIL.reader);
    expect(await app.call('DELETE', SESSION, page)).toEqual({ status: 204, body: undefined });
    expect(await app.call('GET', SESSION, page)).toEqual(UNAUTHORIZED);
  });

  it('signs in with an email in any case', async () => {
    expect((await signIn('  Reader@ACME.example ')).response.status).toBe(200);
  });

  it.each([
    ['a wrong password', EMAIL.reader, 'wrong horse battery'],
    ['an unknown email', 'stranger@acme.example', PASSWORD],
    ['an email whose person has no password', 'writer@acme.example', PASSWORD],
    ['no email at all', 'reader', PASSWORD],
    ['a password longer than any', EMAIL.reader, 'x'.repeat(1000)],
  ])('with %s gets the same error', async (_, email, password) => {
    const { response } = await signIn(email, password);
    expect(response.status).toBe(401);
    expect(response.headers.get('Set-Cookie')).toBeNull();
    expect(await response.json()).toEqual({
      errors: ['Email or password is incorrect.'],
      codes: [{ code: 'credentials_incorrect' }],
    });
  });

  it('is refused for a while after ten wrong passwords from one address, even with the correct one', async () => {
    for (let attempt = 0; attempt < 10; attempt += 1) {
      expect((await signIn(EMAIL.reader, 'wrong horse battery')).response.status).toBe(401);
    }
    expect((await signIn(EMAIL.reader)).response.status).toBe(429);
    expect((await signIn(EMAIL.sam)).response.status).toBe(200);
    address = '192.0.2.99';
    expect((await signIn(EMAIL.reader)).response.status).toBe(200);
    address = '192.0.2.1';
    await app.database.db
      .updateTable('sign_in_attempt')
      .set({ window_started_at: new Date(Date.now() - 16 * 60_000) })
      .execute();
    expect((await signIn(EMAIL.reader)).response.status).toBe(200);
  });

  it('is refused for a while after a hundred wrong passwords from many addresses', async () => {
    for (const other of ['198.51.100.1', '198.51.100.2']) {
      address = other;
      await signIn(EMAIL.reader, 'wrong horse battery');
    }
    const { db } = app.database;
    const ofEmail = db.updateTable('sign_in_attempt').where('subject', '=', `email:${EMAIL.reader}`);
    // The other 98 would take long to hash.
    await ofEmail.set(({ eb }) => ({ failures: eb('failures', '+', 98) })).execute();
    address = '192.0.2.99';
    expect((await signIn(EMAIL.reader)).response.status).toBe(429);
    expect((await signIn(EMAIL.sam)).response.status).toBe(200);
  });

  it('is not locked out by failures of the server', async () => {
    const { db } = app.database;
    await sql`create function fail() returns trigger language plpgsql as $$
      begin raise exception 'no session'; end $$`.execute(db);
    await sql`create trigger fail before insert on session for each row execute function fail()`.execute(db);
    for (let attempt = 0; attempt < 11; attempt += 1) {
      expect((await signIn(EMAIL.reader)).response.status).toBe(500);
    }
    await sql`drop function fail cascade`.execute(db);
    expect((await signIn(EMAIL.reader)).response.status).toBe(200);
  });

  it('has successful attempts refunded', async () => {
    for (let attempt = 0; attempt < 9; attempt += 1) await signIn(EMAIL.reader, 'wrong horse battery');
    expect((await signIn(EMAIL.reader)).response.status).toBe(200);
    expect((await signIn(EMAIL.reader, 'wrong horse battery')).response.status).toBe(401);
  });

  it('is refused when the address has failed too often with other emails', async () => {
    await app.database.db
      .insertInto('sign_in_attempt')
      .values({ subject: 'address:192.0.2.1', failures: 50, window_started_at: new Date() })
      .execute();
    expect((await signIn(EMAIL.reader)).response.status).toBe(429);
    address = '192.0.2.2';
    expect((await signIn(EMAIL.reader)).response.status).toBe(200);
  });

  it('can sign in while another address is past its limit', async () => {
    await app.database.db
      .insertInto('sign_in_attempt')
      .values({ subject: 'address:192.0.2.1', failures: 50, window_started_at: new Date() })
      .execute();
    for (let attempt = 0; attempt < 11; attempt += 1) {
      expect((await signIn(EMAIL.reader, 'wrong horse battery')).response.status).toBe(429);
    }
    address = '192.0.2.2';
    expect((await signIn(EMAIL.reader)).response.status).toBe(200);
  });

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
    ['::1', '::2', true],
    ['2001:db8::1', '2001:DB8:0:0:7::', true],
    ['fe80::1%eth0', 'fe80::2%eth0', true],
    ['::ffff:c000:207', '192.0.2.7', true],
    ['unknown', '192.0.2.7', false],
    ['::ffff:192.0.2.7', '192.0.2.7', true],
    ['192.0.2.7', '192.0.2.8', false],
  ])('from %s and %s is in one network: %s', async (first, second, isSame) => {
    address = first;
    await signIn(EMAIL.reader, 'wrong horse battery');
    await app.database.db.updateTable('sign_in_attempt').set({ failures: 50 }).execute();
    await app.database.db.deleteFrom('sign_in_attempt').where('subject', 'like', '%email:%').execute();
    address = second;
    expect((await signIn(EMAIL.reader)).response.status).toBe(isSame ? 429 : 200);
  });

  it('gets the faults of a malformed request to sign in', async () => {
    for (const body of [
      { password: 'x' },
      { email: '', password: 'x' },
      { email: 'a\0@acme.example', password: 'x' },
    ]) {
      expect(await app.call('POST', SESSION, { Origin: ORIGIN }, body)).toMatchObject({
        status: 400,
        body: { errors: ['Validation failed for input.', expect.any(String)] },
      });
    }
  });

  it('leaves no session behind when another person signs in in the same browser', async () => {
    const first = await signInAs(app, EMAIL.reader);
    const { Cookie } = first;
    const second = await app.request(SESSION, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: ORIGIN, Cookie },
      body: JSON.stringify({ email: EMAIL.sam, password: PASSWORD }),
    });
    expect(second.status).toBe(200);
    expect((await app.request(SESSION, { headers: { Cookie } })).status).toBe(401);
    expect((await app.request(SESSION, { headers: { Cookie: cookieOf(second) } })).status).toBe(200);
  });

  it('is not signed in with a password that was deleted while it was verified', async () => {
    const { db } = app.database;
    await sql`create function end_password() returns trigger language plpgsql as $$
      begin delete from credential where person_id = new.person_id; return null; end $$`.execute(db);
    // The sign-in's transaction updates the user after the password was verified.
    await sql`create trigger end_password after update of last_login_at on "user"
      for each row execute function end_password()`.execute(db);
    const { response } = await signIn(EMAIL.health);
    expect(response.status).toBe(401);
    expect(response.headers.get('Set-Cookie')).toBeNull();
    await sql`drop function end_password cascade`.execute(db);
    const signedIn = await db
      .selectFrom('user')
      .select('last_login_at')
      .where('email', '=', EMAIL.health)
      .where('last_login_at', 'is not', null)
      .execute();
    expect(signedIn).toEqual([]);
    const sessions = await db
      .selectFrom('session')
      .innerJoin('person', 'person.id', 'session.person_id')
      .where('person.email', '=', EMAIL.health)
      .select('session.id')
      .execute();
    expect(sessions).toEqual([]);
  });

  it('signs in, which deletes expired sessions', async () => {
    await signIn(EMAIL.sam);
    await app.database.db
      .updateTable('session')
      .set({ expires_at: new Date(0) })
      .execute();
    await signIn(EMAIL.reader);
    expect(await app.database.db.selectFrom('session').select('id').execute()).toHaveLength(1);
  });

  it('can switch between organizations, with the permissions in each', async () => {
    const { cookie } = await signIn(EMAIL.sam);
    const list = (org: string) => app.call('GET', LIST, { Cookie: cookie, 'X-Organization-Id': org });
    expect(await list(ORG.production)).toMatchObject({ status: 200 });
    expect(await list(ORG.staging)).toMatchObject({ status: 200 });
    expect(await list(ORG.security)).toEqual({
      status: 403,
      body: { errors: ['The permission org_connections_read is required'] },
    });
  });

  it.each([
    ['no organization', {}, 400, 'The header X-Organization-Id is required'],
    [
      'an organization that is not theirs',
      { 'X-Organization-Id': ORG.payments },
      403,
      'You are not a user of this organization',
    ],
    [
      'an organization of another account',
      { 'X-Organization-Id': ORG.globex },
      403,
      'You are not a user of this organization',
    ],
    ['no UUID', { 'X-Organization-Id': 'x' }, 403, 'You are not a user of this organization'],
  ])('naming %s is refused', async (_, headers, status, error) => {
    const { cookie } = await signIn(EMAIL.sam);
    expect(await app.call('GET', LIST, { Cookie: cookie, ...headers })).toEqual({
      status,
      body: { errors: [error] },
    });
  });

  it('is protected from writes by pages of other sites', async () => {
    const { Origin: _, ...page } = await signInAs(app, EMAIL.admin);
    const create = (headers: Record<string, string>) =>
      app.call(
        'POST',
        LIST,
        { ...page, 'X-Organization-Id': ORG.production, ...headers },
        connectionTo(ORG.staging),
      );
    const refused = { status: 403, body: { errors: ['This request does not come from the console'] } };
    expect(await create({ Origin: 'https://elsewhere.example' })).toEqual(refused);
    expect(await create({ Origin: 'null' })).toEqual(refused);
    expect(await create({})).toEqual(refused);
    expect(await create({ Origin: ORIGIN })).toMatchObject({ status: 200 });
    expect(await app.call('DELETE', SESSION, { ...page, Origin: 'https://elsewhere.example' })).toEqual(
      refused,
    );
  });

  it('with a forged or expired session is unauthorized', async () => {
    const { cookie } = await signIn(EMAIL.reader);
    const [name, value = ''] = cookie.split('=');
    expect(await app.call('GET', SESSION, { Cookie: `${name}=x${value}` })).toEqual(UNAUTHORIZED);
    await app.database.db
      .updateTable('session')
      .set({ expires_at: new Date(Date.now() - 1000) })
      .execute();
    expect(await app.call('GET', SESSION, { Cookie: cookie })).toEqual(UNAUTHORIZED);
  });

  it('cannot sign in without a password outside the demo account', async () => {
    expect(await app.call('GET', '/api/console/demo-people')).toEqual({ status: 200, body: { people: [] } });
    expect(
      await app.call('POST', '/api/console/demo-session', { Origin: ORIGIN }, { email: EMAIL.admin }),
    ).toEqual({ status: 404, body: { errors: ['The demo account has no person with this email'] } });
  });

  it('has a session that stores the browser and the digest of the token, not the token', async () => {
    address = '198.51.100.7';
    const response = await app.request(SESSION, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Origin: ORIGIN,
        'User-Agent': `Browser/1 ${'x'.repeat(1000)}`,
      },
      body: JSON.stringify({ email: EMAIL.member, password: PASSWORD }),
    });
    const token = cookieOf(response).split('=')[1] ?? '';
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    const session = await app.database.db
      .selectFrom('session')
      .selectAll()
      .where('ip', '=', address)
      .executeTakeFirstOrThrow();
    expect(session).toMatchObject({
      token_hash: createHash('sha256').update(token).digest('hex'),
      user_agent: `Browser/1 ${'x'.repeat(502)}`,
      last_used_at: session.created_at,
    });
    expect(Date.parse(session.expires_at) - Date.parse(session.created_at)).toBe(7 * 24 * 60 * 60 * 1000);
    expect(JSON.stringify(session)).not.toContain(token);
  });

  it('has the last use of their session recorded, to the minute', async () => {
    const { db } = app.database;
    const { cookie } = await signIn(EMAIL.member);
    const lastUse = async () => {
      const rows = await db.selectFrom('session').select('last_used_at').execute();
      return rows.map(({ last_used_at }) => Date.now() - Date.parse(last_used_at));
    };
    await db
      .updateTable('session')
      .set({ last_used_at: new Date(Date.now() - 61_000) })
      .execute();
    await app.call('GET', SESSION, { Cookie: cookie });
    await vi.waitFor(async () => expect(Math.min(...(await lastUse()))).toBeLessThan(60_000), SOON);
  });

  it('gets a Secure cookie if the console is on https', async () => {
    const secure = createTestApp(app.database, { publicUrl: 'https://visibility.acme.example' });
    const response = await secure.request(SESSION, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: ORIGIN },
      body: JSON.stringify({ email: EMAIL.reader, password: PASSWORD }),
    });
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^__Secure-cross-org-visibility\.session_token=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      ),
    ]);
    expect(await secure.call('GET', SESSION, { Cookie: cookieOf(response) })).toMatchObject({ status: 200 });
    // Without the prefix, a page on http could have set it.
    const unprefixed = cookieOf(response).replace('__Secure-', '');
    expect(await secure.call('GET', SESSION, { Cookie: unprefixed })).toEqual(UNAUTHORIZED);
  });
});

async function signIn(email: string, password = PASSWORD) {
  const response = await app.request(SESSION, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: ORIGIN },
    body: JSON.stringify({ email, password }),
  });
  return { response, cookie: cookieOf(response) };
}

function only(keys: Record<string, string>) {
  return { 'DD-APPLICATION-KEY': keys['DD-APPLICATION-KEY'] ?? '' };
}
