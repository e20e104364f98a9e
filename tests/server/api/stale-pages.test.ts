import { beforeAll, describe, expect, it } from 'vitest';
import { ORGANIZATION_HEADER, PATHS, PERSON_HEADER } from '../../../src/contract/paths.ts';
import { adminKeys, EMAIL, ORG, PASSWORD, productionKeys } from '../../support/account.ts';
import { listRoutes } from '../../support/app.ts';
import { invite } from '../../support/invitations.ts';
import { type PageHeaders, signInAs } from '../../support/session.ts';
import { refusal, UNAUTHORIZED } from '../../support/expected.ts';
import { setUpApp } from '../../support/setup-app.ts';

const STALE = {
  status: 403,
  body: { errors: ['You are signed in as another person in this browser. Reload the page.'] },
};
const HEADER_REQUIRED = { status: 400, body: { errors: [`The header ${PERSON_HEADER} is required`] } };

/** Routes that sign someone in, or say who is signed in or how to sign in. */
const SIGN_IN = [
  `GET ${PATHS.session}`,
  `POST ${PATHS.session}`,
  `POST ${PATHS.demoSession}`,
  `GET ${PATHS.demoPeople}`,
  `GET ${PATHS.signInMethods}`,
  `GET ${PATHS.singleSignOn}`,
  `GET ${PATHS.singleSignOnCallback}`,
  `POST ${PATHS.invitation}`,
];
/** Routes that take an API key and no cookie. */
const API_KEY_ONLY = [
  `GET ${PATHS.validate}`,
  `POST ${PATHS.series}`,
  `POST ${PATHS.logs}`,
  `POST ${PATHS.ciPipelines}`,
  `POST ${PATHS.ciTests}`,
];

const routes = listRoutes().filter(({ path }) => /^\/api\/(console|v\d)\//.test(path));
const byCookie = routes.filter(
  ({ method, path }) => ![...SIGN_IN, ...API_KEY_ONLY].includes(`${method} ${path}`),
);
const changing = table(byCookie.filter(({ method }) => method !== 'GET'));
const reading = table(byCookie.filter(({ method }) => method === 'GET'));

const app = setUpApp();
let admin: PageHeaders;
let stale: PageHeaders;
beforeAll(async () => {
  const reader = await signInAs(app, EMAIL.reader);
  admin = await signInAs(app, EMAIL.admin);
  // The page was rendered for the reader. Then the administrator signed in from another tab.
  stale = { ...reader, Cookie: admin.Cookie };
});
describe('a page of a person who is no longer signed in', () => {
  it.each(changing)('is refused: %s %s', async (method, path) => {
    expect(await send(method, path, stale)).toEqual(STALE);
  });

  it.each(reading)('is refused: %s %s', async (method, path) => {
    expect(await send(method, path, stale)).toEqual(STALE);
  });

  it('creates no key for the person who is signed in now', async () => {
    const body = { data: { type: 'application_keys', attributes: { name: 'typed by the reader' } } };
    const headers = { ...stale, [ORGANIZATION_HEADER]: ORG.production };
    expect(await app.call('POST', PATHS.applicationKeys, headers, body)).toEqual(STALE);
    const keys = await app.call('GET', PATHS.applicationKeys, adminKeys('production'));
    expect(JSON.stringify(keys.body)).not.toContain('typed by the reader');
  });

  it('does not sign out the person who is signed in now', async () => {
    expect(await app.call('DELETE', PATHS.session, stale)).toEqual(STALE);
    expect(await app.call('GET', PATHS.session, stale)).toMatchObject({
      status: 200,
      body: { person: { email: EMAIL.admin } },
    });
  });

  it('accepts no invitation as the person who is signed in now', async () => {
    const secret = await invite(app.database, 'globex', EMAIL.admin);
    expect(await app.call('POST', PATHS.invitationAcceptance, stale, { secret })).toEqual(STALE);
    expect(await app.call('POST', PATHS.invitation, admin, { secret })).toMatchObject({ status: 200 });
    expect(await app.call('POST', PATHS.invitationAcceptance, admin, { secret })).toMatchObject({
      status: 200,
    });
  });

  it('learns who is signed in now', async () => {
    const { body } = await app.call('GET', PATHS.session, stale);
    expect(body).toMatchObject({ person: { id: admin[PERSON_HEADER], email: EMAIL.admin } });
  });
});

describe('a request by cookie that does not name a person', () => {
  it.each(changing)('is refused: %s %s', async (method, path) => {
    const { [PERSON_HEADER]: _, ...unnamed } = admin;
    expect(await send(method, path, unnamed)).toEqual(HEADER_REQUIRED);
    expect(await send(method, path, { ...unnamed, [PERSON_HEADER]: '' })).toEqual(HEADER_REQUIRED);
  });

  it.each(reading)('may read: %s %s', async (method, path) => {
    const { [PERSON_HEADER]: _, ...unnamed } = admin;
    const { body } = await send(method, path, unnamed);
    expect(body).not.toEqual(HEADER_REQUIRED.body);
  });
});

describe('the header that names a person', () => {
  it('is not required of programs', async () => {
    expect(await app.call('GET', PATHS.currentUser, productionKeys('reader'))).toMatchObject({ status: 200 });
    const headers = { ...adminKeys('production'), ...stale };
    expect(await app.call('GET', PATHS.currentUser, headers)).toMatchObject({ status: 200 });
  });

  it('is not required to sign in', async () => {
    const credentials = { email: EMAIL.member, password: PASSWORD };
    expect(await app.call('POST', PATHS.session, stale, credentials)).toMatchObject({ status: 200 });
  });

  it('does not authenticate an unknown session', async () => {
    const { Cookie: _, ...signedOut } = admin;
    for (const [method, path] of [...changing, ...reading]) {
      if (path === PATHS.session || path === PATHS.invitationAcceptance) continue;
      expect(await send(method, path, signedOut), `${method} ${path}`).toEqual(UNAUTHORIZED);
    }
  });

  it('is not needed to sign out, or to accept as a new person, without a session', async () => {
    const { Cookie: _, ...signedOut } = admin;
    expect(await app.call('DELETE', PATHS.session, signedOut)).toMatchObject({ status: 204 });
    const secret = await invite(app.database, 'production', 'nora@acme.example');
    const body = { secret, new_person: { name: 'Nora New', password: PASSWORD } };
    expect(await app.call('POST', PATHS.invitationAcceptance, { Origin: admin.Origin }, body)).toMatchObject({
      status: 200,
    });
  });

  it('does not authenticate routes that take an API key', async () => {
    for (const route of API_KEY_ONLY) {
      const [method = '', path = ''] = route.split(' ');
      expect(await send(method, path, admin), route).toEqual(refusal(403, 'Forbidden'));
    }
  });
});

/** A request in Production to a route, about something that does not exist. */
function send(method: string, path: string, headers: Record<string, string>) {
  const somewhere = path.replaceAll(/:\w+/g, 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb');
  const body = method === 'GET' ? undefined : { secret: 'made up' };
  return app.call(method, somewhere, { ...headers, [ORGANIZATION_HEADER]: ORG.production }, body);
}

function table(some: typeof routes): [string, string][] {
  return some.map(({ method, path }) => [method, path]);
}
