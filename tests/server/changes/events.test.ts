import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { PATHS } from '../../../src/contract/paths.ts';
import { changeAsSystem } from '../../../src/server/changes/change.ts';
import { admitVerified } from '../../../src/server/changes/persons.ts';
import type { Database } from '../../../src/server/db/database.ts';
import { openDemo } from '../../../src/server/demo/account.ts';
import { applyDirectory } from '../../../src/server/directory/apply.ts';
import { adminKeys, EMAIL, ORG, PASSWORD, TEST_DIRECTORY } from '../../support/account.ts';
import { ORIGIN, startApp, type TestApp } from '../../support/app.ts';
import { openTestDatabase } from '../../support/databases.ts';
import { dataOf, invitationOf, roleId, roleNamed, userId } from '../../support/directory.ts';
import { signInAs } from '../../support/session.ts';

interface LoggedEvent {
  action: string;
  resource: { type: string; id: string };
  before?: unknown;
  after?: unknown;
  org?: string;
  user?: string;
  system?: string;
}

let lines: string[] = [];
const log = pino({ level: 'debug', base: null }, { write: (line) => void lines.push(line) });

beforeEach(() => {
  lines = [];
});

/** The events of changes in the log, in order. */
function events(): LoggedEvent[] {
  return lines
    .map((line): LoggedEvent & { msg: string } => JSON.parse(line))
    .filter(({ msg }) => msg === 'change');
}

function summary(): string[] {
  return events().map(({ action, resource, system = 'user' }) => `${system}: ${action} ${resource.type}`);
}

describe('the events of changes', () => {
  let database: Database;
  let app: TestApp;
  beforeEach(async () => {
    database = await openTestDatabase();
    app = await startApp(database, { log });
    lines = [];
    return () => database.close();
  });

  it('name the user who makes them', async () => {
    const answer = await app.call('POST', '/api/v2/roles', adminKeys('production'), roleNamed('Auditor'));
    expect(events()).toEqual([
      expect.objectContaining({
        action: 'created',
        resource: { type: 'roles', id: dataOf(answer).id },
        after: { name: 'Auditor', permissions: expect.any(Array) },
        org: ORG.production,
        user: expect.any(String),
      }),
    ]);
  });

  it('of a policy are created, modified, deleted, or none if nothing changed', async () => {
    const id = `cross-org-connection:${await app.connect('production', 'staging')}`;
    const path = `${PATHS.restrictionPolicies}/${id}`;
    const save = (bindings: { relation: string; principals: string[] }[]) =>
      app.call('POST', path, adminKeys('production'), {
        data: { type: 'restriction_policy', id, attributes: { bindings } },
      });
    const all = [{ relation: 'editor', principals: [`org:${ORG.production}`] }];
    lines = [];
    await app.call('DELETE', path, adminKeys('production'));
    await save([]);
    expect(summary()).toEqual([]);
    await save(all);
    await save([...all, { relation: 'viewer', principals: [`org:${ORG.production}`] }]);
    await save([]);
    expect(summary()).toEqual([
      'user: created restriction_policy',
      'user: modified restriction_policy',
      'user: deleted restriction_policy',
    ]);
  });

  it('are none if nothing changes', async () => {
    const admin = adminKeys('production');
    const role = await roleId(app, 'production', 'Reader');
    const user = { data: { type: 'users', id: await userId(app, 'production', EMAIL.reader) } };
    lines = [];
    expect(await app.call('POST', `/api/v2/roles/${role}/users`, admin, user)).toMatchObject({ status: 200 });
    expect(summary()).toEqual([]);
  });

  it('record sign-in and sign-out, without the token', async () => {
    const page = await signInAs(app, EMAIL.reader);
    await app.call('DELETE', PATHS.session, page);
    expect(summary()).toEqual(['sign-in: created session', 'sign-in: deleted session']);
    const [created, deleted] = events();
    expect(deleted?.resource).toEqual(created?.resource);
    expect(lines.join('')).not.toContain(page.Cookie.split('=')[1]);
  });

  it('record an accepted invitation, without the secret and the password', async () => {
    const invited = await app.call(
      'POST',
      '/api/v2/users',
      adminKeys('production'),
      invitationOf('new@acme.example'),
    );
    const { extensions } = dataOf(invited).attributes as { extensions: { invitation_url: string } };
    const secret = extensions.invitation_url.split('/').at(-1) ?? '';
    const acceptance = { secret, new_person: { name: 'Nora New', password: PASSWORD } };
    expect(await app.call('POST', PATHS.invitationAcceptance, { Origin: ORIGIN }, acceptance)).toMatchObject({
      status: 200,
    });
    expect(summary()).toEqual([
      'user: created users',
      'invitation: created password',
      'invitation: modified person',
      'invitation: modified users',
      'sign-in: created session',
    ]);
    expect(events()[3]).toMatchObject({ org: ORG.production, before: { pending: true } });
    expect(lines.join('')).not.toContain(secret);
    expect(lines.join('')).not.toContain(PASSWORD);
  });

  it('record an email that single sign-on verifies', async () => {
    await app.call('POST', '/api/v2/users', adminKeys('production'), invitationOf('new@acme.example'));
    lines = [];
    const person = { email: 'new@acme.example', name: 'Nora New' };
    await changeAsSystem({ db: database.db, log }, 'sign-in', (changes) => admitVerified(changes, person));
    expect(summary()).toEqual([
      'sign-in: modified person',
      'sign-in: modified person',
      'sign-in: modified users',
    ]);
  });

  it('are not logged if the transaction fails', async () => {
    await expect(
      changeAsSystem({ db: database.db, log }, 'sign-in', async (changes) => {
        await admitVerified(changes, { email: EMAIL.reader, name: undefined });
        await changes.run(async () => ({
          result: undefined,
          event: { action: 'created', resource: { type: 'test', id: '1' } },
        }));
        throw new Error('a failure afterwards');
      }),
    ).rejects.toThrow('a failure afterwards');
    expect(events()).toEqual([]);
  });
});

describe('the events of the directory file', () => {
  it('record each change once, without secrets', async () => {
    const database = await openTestDatabase();
    const dependencies = { db: database.db, log };
    await applyDirectory(dependencies, TEST_DIRECTORY, async () => 'a-hash');
    const resources = events().map(({ action, resource }) => `${action} ${resource.type} ${resource.id}`);
    const created = resources.filter((event) => event.startsWith('created'));
    expect(created).toEqual([...new Set(created)]);
    expect(new Set(summary())).toEqual(
      new Set(
        [
          'created account',
          'created orgs',
          'created roles',
          'modified roles',
          'created team',
          'modified team',
          'created person',
          'created users',
          'created password',
          'created api_keys',
          'created application_keys',
        ].map((event) => `directory file: ${event}`),
      ),
    );
    expect(events().find(({ resource }) => resource.type === 'roles')?.org).toBeDefined();
    const text = lines.join('');
    for (const secret of [PASSWORD, 'a-hash', ...Object.values(adminKeys('production'))]) {
      expect(text).not.toContain(secret);
    }

    lines = [];
    await applyDirectory(dependencies, TEST_DIRECTORY, async () => 'a-hash');
    expect(events()).toEqual([]);
    await database.close();
  });

  it('name the demo for its connections and policies', async () => {
    const database = await openTestDatabase();
    await openDemo({ db: database.db, log });
    const counts = Object.groupBy(summary(), (event) => event);
    expect(counts['demo: created org_connection']).toHaveLength(13);
    expect(counts['demo: created restriction_policy']).toHaveLength(2);
    await database.close();
  });
});
