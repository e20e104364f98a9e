import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applyDirectory } from '../../../src/server/directory/apply.ts';
import { readDirectory } from '../../../src/server/directory/read.ts';
import { EMAIL, ORG, PASSWORD } from '../../support/account.ts';
import { ORIGIN, startApp, type TestApp } from '../../support/app.ts';
import { describeOnBothDatabases, openTestDatabase } from '../../support/databases.ts';
import { invite } from '../../support/invitations.ts';
import { cookieOf, type PageHeaders, signInAs } from '../../support/session.ts';
import { log } from '../../support/log.ts';

const READ = '/api/console/invitation';
const ACCEPT = '/api/console/invitation/acceptance';
const SESSION = '/api/console/session';
const NEW_PERSON = { name: 'Nora New', password: 'a password of Nora' };
const NOT_VALID = {
  status: 404,
  body: {
    errors: ['This invitation has expired, was revoked, or has already been used. Ask for a new one.'],
  },
};

let app: TestApp;
let people = 0;
beforeAll(async () => {
  app = await startApp(await openTestDatabase());
});
afterAll(() => app.database.close());
beforeEach(async () => {
  await app.database.db.deleteFrom('sign_in_attempt').execute();
});

describe('an invitation', () => {
  it('shows its organization and email to the holder of the link', async () => {
    const email = someone();
    const secret = await invite(app.database, 'production', email);
    expect(await post(app, READ, { secret })).toEqual({
      status: 200,
      body: {
        org: { id: ORG.production, name: 'Acme Production' },
        email,
        expires_at: expect.stringMatching(/^\d{4}-.*\+00:00$/),
        can_sign_in: false,
      },
      cookie: '',
    });
  });

  it.each<[string, string, boolean]>([
    ['a person with a password', EMAIL.health, true],
    ['a person of the directory file without a password', 'writer@acme.example', true],
    ['a person of another account', EMAIL.globex, true],
    ['a new person', someone(), false],
  ])('for %s says whether they can sign in already', async (_, email, can_sign_in) => {
    const secret = await invite(app.database, 'payments', email);
    expect(await post(app, READ, { secret })).toMatchObject({ status: 200, body: { can_sign_in } });
  });

  it('gives a new person a password, a name and a session, once', async () => {
    const email = someone();
    const secret = await invite(app.database, 'production', email);
    const { status, body, cookie } = await post(app, ACCEPT, {
      secret,
      new_person: { ...NEW_PERSON, name: '  Nora New ' },
    });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { person: { email, name: 'Nora New' }, users: [{ org: { id: ORG.production } }] },
    });
    expect(await app.call('GET', SESSION, { Cookie: cookie })).toMatchObject({ status: 200, body });
    expect(await signIn(email, NEW_PERSON.password)).toMatchObject({ status: 200, body });
    const user = await app.database.db
      .selectFrom('user')
      .select(['name', 'pending', 'active'])
      .where('email', '=', email)
      .executeTakeFirst();
    expect(user).toEqual({ name: 'Nora New', pending: false, active: true });
    expect(await post(app, READ, { secret })).toMatchObject(NOT_VALID);
    expect(await post(app, ACCEPT, { secret, new_person: NEW_PERSON })).toMatchObject(NOT_VALID);
  });

  it('does not verify the email, because the inviter knows the link', async () => {
    const email = someone();
    await joinAsNew(email);
    const person = await app.database.db
      .selectFrom('person')
      .select('email_verified')
      .where('email', '=', email)
      .executeTakeFirst();
    expect(person).toEqual({ email_verified: false });
  });

  it.each<[string, object, string]>([
    ['no name', { name: ' ', password: PASSWORD }, 'new_person.name: must not be empty'],
    [
      'a name longer than any',
      { name: 'x'.repeat(201), password: PASSWORD },
      'new_person.name: must have at most 200 characters',
    ],
    [
      'a short password',
      { name: 'N', password: '1234567' },
      'new_person.password: must have at least 8 characters',
    ],
    [
      'a long password',
      { name: 'N', password: 'x'.repeat(129) },
      'new_person.password: must have at most 128 characters',
    ],
    [
      'a NUL in the name',
      { name: 'N\0', password: PASSWORD },
      'new_person.name: must not contain the character NUL',
    ],
  ])('is not accepted with %s, and stays open', async (_, new_person, error) => {
    const secret = await invite(app.database, 'production', someone());
    expect(await post(app, ACCEPT, { secret, new_person })).toMatchObject({
      status: 400,
      body: { errors: ['Validation failed for input.', error] },
    });
    expect(await post(app, READ, { secret })).toMatchObject({ status: 200 });
  });

  it.each([8, 128])('accepts a password of %i characters', async (length) => {
    const email = someone();
    const password = 'x'.repeat(length);
    const secret = await invite(app.database, 'production', email);
    expect(await post(app, ACCEPT, { secret, new_person: { name: 'N', password } })).toMatchObject({
      status: 200,
    });
    expect(await signIn(email, password)).toMatchObject({ status: 200 });
  });
});

describe('the link to an invitation', () => {
  it('sets no password for a person who has one, because the inviter knows the link', async () => {
    const secret = await invite(app.database, 'sandbox', EMAIL.reader);
    expect(await post(app, ACCEPT, { secret, new_person: NEW_PERSON })).toMatchObject(
      signInFirst(EMAIL.reader),
    );
    expect(await signIn(EMAIL.reader, NEW_PERSON.password)).toMatchObject({ status: 401 });
    expect(await signIn(EMAIL.reader)).toMatchObject({ status: 200 });
  });

  it('sets no password for a person with a verified email, even if they have none', async () => {
    const secret = await invite(app.database, 'sandbox', 'writer@acme.example');
    expect(await post(app, ACCEPT, { secret, new_person: NEW_PERSON })).toMatchObject(
      signInFirst('writer@acme.example'),
    );
    expect(await signIn('writer@acme.example', NEW_PERSON.password)).toMatchObject({ status: 401 });
  });

  it('sets no second password for a person who got one by another link', async () => {
    const email = someone();
    const [first, second] = [
      await invite(app.database, 'production', email),
      await invite(app.database, 'staging', email),
    ];
    await post(app, ACCEPT, { secret: first, new_person: NEW_PERSON });
    expect(await post(app, READ, { secret: second })).toMatchObject({ body: { can_sign_in: true } });
    expect(
      await post(app, ACCEPT, { secret: second, new_person: { ...NEW_PERSON, password: PASSWORD } }),
    ).toMatchObject(signInFirst(email));
    expect(await signIn(email)).toMatchObject({ status: 401 });
  });

  it("is refused without a session, or with another person's session", async () => {
    const secret = await invite(app.database, 'data', EMAIL.reader);
    expect(await post(app, ACCEPT, { secret })).toMatchObject(signInFirst(EMAIL.reader));
    const page = await signInAs(app, EMAIL.admin);
    expect(await post(app, ACCEPT, { secret }, page)).toMatchObject(signInFirst(EMAIL.reader));
    expect(await post(app, READ, { secret })).toMatchObject({ status: 200 });
  });

  it('is accepted by the signed-in person, who keeps their name and password', async () => {
    const secret = await invite(app.database, 'health', EMAIL.reader);
    const page = await signInAs(app, EMAIL.reader);
    const { body, status } = await post(app, ACCEPT, { secret }, page);
    expect(status).toBe(200);
    expect((body as { users: { org: { name: string } }[] }).users.map(({ org }) => org.name)).toEqual([
      'Acme Health',
      'Acme Production',
    ]);
    expect(await signIn(EMAIL.reader)).toMatchObject({ status: 200 });
    const user = await app.database.db
      .selectFrom('user')
      .select('name')
      .where('email', '=', EMAIL.reader)
      .where('org_id', '=', ORG.health)
      .executeTakeFirst();
    expect(user).toEqual({ name: 'Ravi Reader' });
    expect(await post(app, ACCEPT, { secret }, page)).toMatchObject(NOT_VALID);
  });

  it('is required: signing in with a password accepts no invitation', async () => {
    await invite(app.database, 'data', EMAIL.member);
    const { body } = await signIn(EMAIL.member);
    expect(body).toMatchObject({ users: [{ org: { id: ORG.production } }] });
    expect((body as { users: object[] }).users).toHaveLength(1);
  });

  it('does not work after it has expired', async () => {
    const secret = await invite(app.database, 'production', someone(), new Date(Date.now() - 1));
    await expectDead(secret);
  });

  it('does not work while its user is disabled', async () => {
    const email = someone();
    const secret = await invite(app.database, 'production', email);
    await app.database.db.updateTable('user').set({ disabled: true }).where('email', '=', email).execute();
    await expectDead(secret);
  });

  it('does not work if it was never issued', async () => {
    await expectDead('0'.repeat(32));
  });

  it('cannot be used by a page of another site', async () => {
    const secret = await invite(app.database, 'production', someone());
    for (const path of [READ, ACCEPT]) {
      expect(await app.call('POST', path, { Origin: 'https://elsewhere.example' }, { secret })).toMatchObject(
        {
          status: 403,
        },
      );
    }
  });

  it('cannot be guessed: an address has fifty attempts, including those to sign in', async () => {
    await app.database.db
      .insertInto('sign_in_attempt')
      .values({ subject: 'address:192.0.2.1', failures: 49, window_started_at: new Date() })
      .execute();
    const secret = await invite(app.database, 'production', someone());
    for (const path of [READ, READ]) expect(await post(app, path, { secret })).toMatchObject({ status: 200 });
    expect(await post(app, ACCEPT, { secret: 'a guess' })).toMatchObject({ status: 404 });
    const refused = { status: 429, body: { errors: ['Too many attempts; try again in 15 minutes'] } };
    expect(await post(app, READ, { secret })).toMatchObject(refused);
    expect(await post(app, ACCEPT, { secret, new_person: NEW_PERSON })).toMatchObject(refused);
  });
});

describe('a person', () => {
  it('without an active user signs in to no organization', async () => {
    const email = someone();
    await joinAsNew(email);
    const { cookie } = await signIn(email, NEW_PERSON.password);
    await app.database.db.updateTable('user').set({ disabled: true }).where('email', '=', email).execute();
    expect(await app.call('GET', SESSION, { Cookie: cookie })).toMatchObject({ status: 401 });

    const again = await signIn(email, NEW_PERSON.password);
    expect(again).toMatchObject({ status: 200, body: { person: { email }, users: [] } });
    expect(
      await app.call('GET', '/api/v2/current_user', {
        Cookie: again.cookie,
        'X-Organization-Id': ORG.production,
      }),
    ).toMatchObject({ status: 403 });
  });

  it('has no last sign-in in an organization that they have not joined', async () => {
    await invite(app.database, 'europe', EMAIL.sam);
    await signIn(EMAIL.sam);
    const users = await app.database.db
      .selectFrom('user')
      .select(['pending', 'last_login_at'])
      .where('email', '=', EMAIL.sam)
      .execute();
    expect(users.filter(({ last_login_at }) => last_login_at === null).map(({ pending }) => pending)).toEqual(
      [true],
    );
  });

  it.each([
    ['another organization', '{ name: Globex, orgs: [{ name: Globex Labs, site: us1, users: [USER] }] }'],
    [
      'their organization',
      `{ name: Acme, orgs: [{ id: ${ORG.production}, name: Acme Production, site: us1, users: [USER] }] }`,
    ],
  ])('loses the password of a joined person that the directory file later adds to %s', async (_, account) => {
    const email = someone();
    const cookie = await joinAsNew(email);
    const text = `accounts: [${account.replace('USER', `{ email: ${email}, name: Nora }`)}]`;
    for (const expected of [200, 401]) {
      expect(await app.call('GET', SESSION, { Cookie: cookie })).toMatchObject({ status: expected });
      expect(await signIn(email, NEW_PERSON.password)).toMatchObject({ status: expected });
      await applyDirectory({ db: app.database.db, log }, readDirectory(text, {}));
    }
    expect(await signIn(EMAIL.globex)).toMatchObject({ status: 200 });
  });
});

describe('with passwords switched off', () => {
  it('a link sets no password, but a signed-in person can accept it', async () => {
    const page = await signInAs(app, EMAIL.health);
    const off = await startApp(app.database, { passwordSignIn: false });
    const [fresh, known] = [
      await invite(app.database, 'production', someone()),
      await invite(app.database, 'production', EMAIL.health),
    ];
    expect(await post(off, ACCEPT, { secret: fresh, new_person: NEW_PERSON })).toMatchObject({
      status: 403,
      body: { errors: ['Password sign-in is disabled here; use single sign-on'] },
    });
    expect(await post(off, ACCEPT, { secret: known }, page)).toMatchObject({ status: 200 });
  });
});

describeOnBothDatabases('using a link twice at the same time', (open) => {
  let racing: TestApp;
  beforeAll(async () => {
    racing = await startApp(await open());
  });

  it('creates one person, with the password of the first request', async () => {
    const secret = await invite(racing.database, 'production', 'nora@acme.example');
    const passwords = Array.from({ length: 6 }, (_, i) => `a password of number ${i}`);
    const answers = await Promise.all(
      passwords.map((password) => post(racing, ACCEPT, { secret, new_person: { name: 'Nora', password } })),
    );
    expect(countBy(answers)).toEqual({ 200: 1, 404: 5 });
    const winner = passwords[answers.findIndex(({ status }) => status === 200)];
    for (const password of passwords) {
      const { status } = await post(racing, SESSION, { email: 'nora@acme.example', password });
      expect(status).toBe(password === winner ? 200 : 401);
    }
  });

  it('sets one password by two links to two organizations', async () => {
    const secrets = [
      await invite(racing.database, 'production', 'nils@acme.example'),
      await invite(racing.database, 'staging', 'nils@acme.example'),
    ];
    const answers = await Promise.all(
      secrets.map((secret, i) =>
        post(racing, ACCEPT, { secret, new_person: { name: 'Nils', password: `${i}-password` } }),
      ),
    );
    expect(countBy(answers)).toEqual({ 200: 1, 403: 1 });
  });

  it('either accepts the invitation or disables its user, without an error', async () => {
    for (let round = 0; round < 5; round += 1) {
      const email = `round-${round}@acme.example`;
      const secret = await invite(racing.database, 'production', email);
      const [{ status }] = await Promise.all([
        post(racing, ACCEPT, { secret, new_person: NEW_PERSON }),
        racing.database.db.updateTable('user').set({ disabled: true }).where('email', '=', email).execute(),
      ]);
      expect([200, 404]).toContain(status);
    }
  });
});

/** Response to a use of a person's link without their session. */
function signInFirst(email: string) {
  return { status: 403, body: { errors: [`Sign in as ${email} to accept this invitation`] } };
}

async function expectDead(secret: string): Promise<void> {
  expect(await post(app, READ, { secret })).toMatchObject(NOT_VALID);
  expect(await post(app, ACCEPT, { secret, new_person: NEW_PERSON })).toMatchObject(NOT_VALID);
}

function countBy(answers: readonly { status: number }[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** Returns an unused email. */
function someone(): string {
  people += 1;
  return `someone-${people}@acme.example`;
}

async function post(to: TestApp, path: string, body: object, page?: PageHeaders) {
  const response = await to.request(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: ORIGIN, ...page },
    body: JSON.stringify(body),
  });
  const answer: unknown = await response.json();
  return {
    status: response.status,
    body: answer,
    cookie: cookieOf(response),
  };
}

function signIn(email: string, password = PASSWORD) {
  return post(app, SESSION, { email, password });
}

/** Accepts an invitation to Production as a new person; returns their cookie. */
async function joinAsNew(email: string): Promise<string> {
  const secret = await invite(app.database, 'production', email);
  const { status, cookie } = await post(app, ACCEPT, { secret, new_person: NEW_PERSON });
  expect(status).toBe(200);
  return cookie;
}
