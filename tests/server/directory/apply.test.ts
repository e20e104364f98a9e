import { sql } from 'kysely';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { OrgConnection } from '../../../src/contract/org-connections/schema.ts';
import { PERMISSIONS } from '../../../src/contract/permissions/constants.ts';
import type { Database } from '../../../src/server/db/database.ts';
import type { Db } from '../../../src/server/db/scope.ts';
import { applyDirectory } from '../../../src/server/directory/apply.ts';
import { isDemoPossible, openDemo } from '../../../src/server/demo/account.ts';
import { readDirectory } from '../../../src/server/directory/read.ts';
import { findActorByKeys } from '../../../src/server/store/actors.ts';
import { createTestApp } from '../../support/app.ts';
import { describeOnBothDatabases, emptyDatabase } from '../../support/databases.ts';
import { log } from '../../support/log.ts';
import { watchQueries } from '../../support/watch-queries.ts';

const KEYS = { apiKey: 'an-api-key-of-production', applicationKey: 'an-app-key-of-alice' };

/** A directory of one organization; `changes` are replaced in its text. */
function directory(...changes: [string, string][]) {
  const text = `
accounts:
  - name: Acme
    orgs:
      - name: Acme Production
        description: What customers use
        site: us1
        roles:
          - { name: Reader, permissions: [org_connections_read, timeseries_query] }
          - { name: Writer, permissions: [org_connections_write] }
        teams:
          - { handle: platform, name: Platform }
        users:
          - { email: alice@acme.example, name: Alice, password: first-password, roles: [Reader], teams: [platform] }
        api_keys:
          - { name: ci, key: ${KEYS.apiKey} }
        application_keys:
          - { name: cli, key: ${KEYS.applicationKey}, user: alice@acme.example }
`;
  return readDirectory(
    changes.reduce((changed, [from, to]) => changed.replace(from, to), text),
    {},
  );
}

const SOME_ID = '22222222-2222-4222-8222-222222222222';
const OTHER_ID = '33333333-3333-4333-8333-333333333333';
const TEAM_WITH_ID: [string, string] = ['{ handle: platform', `{ id: ${SOME_ID}, handle: platform`];

/** Gives the organization an id, under which it may change its name. */
function withId(name: string): [string, string] {
  return ['- name: Acme Production', `- id: 11111111-1111-4111-8111-111111111111\n        name: ${name}`];
}

/** Adds users with passwords. */
function withUsers(count: number): [string, string] {
  const users = Array.from(
    { length: count },
    (_, n) => `          - { email: u${n}@acme.example, password: password-${n} }\n`,
  );
  return ['users:\n', `users:\n${users.join('')}`];
}

describeOnBothDatabases('applying a directory', (open) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(() => emptyDatabase(database));

  it('creates what the file names', async () => {
    const { db } = database;
    await applyDirectory({ db, log }, directory());
    expect(await permissions(db)).toEqual(['org_connections_read', 'timeseries_query']);
    expect(await db.selectFrom('org').select(['name', 'description', 'site']).execute()).toEqual([
      { name: 'Acme Production', description: 'What customers use', site: 'us1' },
    ]);
    expect(await db.selectFrom('account').select('max_destinations').execute()).toEqual([
      { max_destinations: 5 },
    ]);
    expect(await db.selectFrom('team_membership').selectAll().execute()).toHaveLength(1);
  });

  it('verifies the emails of people in the file and makes their users active', async () => {
    const { db } = database;
    await applyDirectory({ db, log }, directory());
    expect(await db.selectFrom('person').select(['email', 'email_verified']).execute()).toEqual([
      { email: 'alice@acme.example', email_verified: true },
    ]);
    expect(await db.selectFrom('user').select(['pending', 'active']).execute()).toEqual([
      { pending: false, active: true },
    ]);
  });

  it('stores only hashes of secrets', async () => {
    const { db } = database;
    await applyDirectory({ db, log }, directory());
    const rows = [
      ...(await db.selectFrom('api_key').selectAll().execute()),
      ...(await db.selectFrom('application_key').selectAll().execute()),
      ...(await db.selectFrom('credential').selectAll().execute()),
    ];
    expect(rows).toHaveLength(3);
    const text = JSON.stringify(rows);
    for (const secret of [...Object.values(KEYS), 'first-password']) expect(text).not.toContain(secret);
  });

  it('changes nothing the second time', async () => {
    const { db } = database;
    await applyDirectory({ db, log }, directory());
    const before = await everything(db);
    await applyDirectory({ db, log }, directory());
    expect(await everything(db)).toEqual(before);
  });

  it('happens once with servers that start at the same time', async () => {
    const { db } = database;
    await Promise.all([1, 2, 3].map(() => applyDirectory({ db, log }, directory())));
    expect(await db.selectFrom('user').selectAll().execute()).toHaveLength(1);
  });

  it('updates names, descriptions and values that the product cannot change', async () => {
    const { db } = database;
    await applyDirectory({ db, log }, directory(withId('Acme Production')));
    await applyDirectory(
      { db, log },
      directory(
        withId('Acme Live'),
        ['What customers use', 'What they pay for'],
        ['name: Alice,', 'name: Alice Moreau,'],
        ['name: Platform', 'name: Platforms'],
        ['- name: Acme\n', '- name: Acme\n    max_destinations: null\n'],
        ['site: us1', 'site: us1\n        hipaa: true'],
      ),
    );
    expect(await db.selectFrom('org').select(['name', 'description', 'hipaa']).execute()).toEqual([
      { name: 'Acme Live', description: 'What they pay for', hipaa: true },
    ]);
    expect(await db.selectFrom('user').select('name').execute()).toEqual([{ name: 'Alice Moreau' }]);
    expect(await db.selectFrom('person').select('name').execute()).toEqual([{ name: 'Alice Moreau' }]);
    expect(await db.selectFrom('team').select('name').execute()).toEqual([{ name: 'Platforms' }]);
    expect(await db.selectFrom('account').select('max_destinations').execute()).toEqual([
      { max_destinations: null },
    ]);
  });

  it('deletes nothing that the file no longer names', async () => {
    const { db } = database;
    await applyDirectory({ db, log }, directory());
    await applyDirectory({ db, log }, readDirectory('accounts: [{ name: Acme }]', {}));
    expect(await permissions(db)).toEqual(['org_connections_read', 'timeseries_query']);
  });

  it('does not restore what was removed in the product', async () => {
    const { db } = database;
    await applyDirectory({ db, log }, directory());
    await db.deleteFrom('role_permission').where('permission', '=', 'timeseries_query').execute();
    await db.deleteFrom('team_membership').execute();
    await applyDirectory({ db, log }, directory());
    expect(await permissions(db)).toEqual(['org_connections_read']);
    expect(await db.selectFrom('team_membership').selectAll().execute()).toEqual([]);

    await db.deleteFrom('api_key').execute();
    await applyDirectory({ db, log }, directory());
    expect(await permissions(db)).toBeUndefined();
  });

  it.each<[string, [string, string][]]>([
    ['without ids', []],
    ['with ids', [['{ name: Reader', `{ id: ${OTHER_ID}, name: Reader`], TEAM_WITH_ID]],
  ])('does not create deleted roles and teams again, %s', async (_, changes) => {
    const { db } = database;
    await applyDirectory({ db, log }, directory(...changes));
    await db.deleteFrom('role').where('name', '=', 'Reader').execute();
    await db.deleteFrom('team').execute();
    for (let start = 0; start < 2; start += 1) {
      await applyDirectory({ db, log }, directory(...changes));
      expect(await roleNames(db)).toEqual(['Writer']);
      expect(await db.selectFrom('user_role').selectAll().execute()).toEqual([]);
      expect(await db.selectFrom('team').selectAll().execute()).toEqual([]);
      expect(await db.selectFrom('team_membership').selectAll().execute()).toEqual([]);
      expect(await permissions(db)).toEqual([]);
    }
  });

  it('does not create a deleted role again under the new name that the file gives it', async () => {
    const { db } = database;
    await applyDirectory({ db, log }, directory(['{ name: Reader', `{ id: ${SOME_ID}, name: Reader`]));
    await db.deleteFrom('role').where('id', '=', SOME_ID).execute();
    await applyDirectory(
      { db, log },
      directory(['{ name: Reader', `{ id: ${SOME_ID}, name: Viewer`], ['roles: [Reader]', 'roles: [Viewer]']),
    );
    expect(await roleNames(db)).toEqual(['Writer']);
  });

  it('gives nothing to roles and teams that were created in place of deleted ones', async () => {
    const { db } = database;
    await applyDirectory({ db, log }, directory());
    const { account_id, id: org_id } = await theOrg(db);
    await db.deleteFrom('role').where('name', '=', 'Reader').execute();
    await db.deleteFrom('team').execute();
    await db.insertInto('role').values({ account_id, org_id, name: 'Reader' }).execute();
    await db
      .insertInto('team')
      .values({ account_id, org_id, name: 'Platform', handle: 'platform' })
      .execute();
    for (let start = 0; start < 2; start += 1) {
      await applyDirectory({ db, log }, directory());
      expect(await permissions(db)).toEqual([]);
      expect(await db.selectFrom('user_role').selectAll().execute()).toEqual([]);
      expect(await db.selectFrom('team_membership').selectAll().execute()).toEqual([]);
    }
  });

  it('creates a deleted role again when the file gives it a new id', async () => {
    const { db } = database;
    await applyDirectory({ db, log }, directory());
    await db.deleteFrom('role').where('name', '=', 'Reader').execute();
    await applyDirectory({ db, log }, directory(['{ name: Reader', `{ id: ${SOME_ID}, name: Reader`]));
    expect(await permissions(db)).toEqual(['org_connections_read', 'timeseries_query']);
  });

  it('records the roles and teams of an earlier version, and gives them what is new', async () => {
    const { db } = database;
    await applyDirectory({ db, log }, directory());
    await sql`delete from directory_grant where subject ~ '^(role|team)(_match)?:'`.execute(db);
    await applyDirectory({ db, log }, directory(['timeseries_query]', 'timeseries_query, audit_logs_read]']));
    expect(await permissions(db)).toEqual(['audit_logs_read', 'org_connections_read', 'timeseries_query']);

    await db.deleteFrom('role').where('name', '=', 'Reader').execute();
    await db.deleteFrom('team').execute();
    await applyDirectory({ db, log }, directory());
    expect(await roleNames(db)).toEqual(['Writer']);
    expect(await db.selectFrom('team').selectAll().execute()).toEqual([]);
  });

  it('gives what the file names for the first time, also to existing roles and users', async () => {
    const { db } = database;
    await applyDirectory({ db, log }, directory());
    await db.deleteFrom('role_permission').where('permission', '=', 'timeseries_query').execute();
    await applyDirectory(
      { db, log },
      directory(
        ['timeseries_query]', 'timeseries_query, audit_logs_read]'],
        ['roles: [Reader]', 'roles: [Reader, Writer]'],
      ),
    );
    expect(await permissions(db)).toEqual([
      'audit_logs_read',
      'org_connections_read',
      'org_connections_write',
    ]);
  });

  it.each<[string, { name: string; handle: string }[], object[]]>([
    ['its name', [{ name: 'Platform', handle: 'other' }], [{ name: 'Platform', handle: 'other' }]],
    ['its handle', [{ name: 'Other', handle: 'platform' }], [{ name: 'Platform', handle: 'platform' }]],
    [
      'its handle and its name, apart',
      [
        { name: 'Other', handle: 'platform' },
        { name: 'Platform', handle: 'other' },
      ],
      [
        { name: 'Other', handle: 'platform' },
        { name: 'Platform', handle: 'other' },
      ],
    ],
  ])('adopts a team that was created again with %s', async (_, made, expected) => {
    const { db } = database;
    const teamsOf = () => db.selectFrom('team').select(['name', 'handle']).orderBy('name').execute();
    for (const change of [[], [TEAM_WITH_ID]]) {
      await emptyDatabase(database);
      await applyDirectory({ db, log }, directory(...change));
      const { account_id, id: org_id } = await theOrg(db);
      await db.deleteFrom('team').execute();
      await db
        .insertInto('team')
        .values(made.map((team) => ({ ...team, account_id, org_id })))
        .execute();
      await applyDirectory({ db, log }, directory(...change));
      expect(await teamsOf()).toEqual(expected);
      await applyDirectory({ db, log }, directory(...change));
      expect(await teamsOf()).toEqual(expected);
    }
  });

  it('adopts a role that was created again with its name, even if the file has another id', async () => {
    const { db } = database;
    const change: [string, string] = ['{ name: Reader', `{ id: ${SOME_ID}, name: Reader`];
    await applyDirectory({ db, log }, directory(change));
    const { account_id, id: org_id } = await theOrg(db);
    await db.deleteFrom('role').where('id', '=', SOME_ID).execute();
    await db.insertInto('role').values({ account_id, org_id, name: 'Reader' }).execute();
    await applyDirectory({ db, log }, directory(change));
    const roles = await db.selectFrom('role').select(['id', 'name']).orderBy('name').execute();
    expect(roles.map(({ name }) => name)).toEqual(['Reader', 'Writer']);
    expect(roles[0]?.id).not.toBe(SOME_ID);
  });

  it('does not rename a role if another role has the new name', async () => {
    const { db } = database;
    await applyDirectory({ db, log }, directory(['{ name: Reader', `{ id: ${SOME_ID}, name: Reader`]));
    const { account_id, id: org_id } = await theOrg(db);
    await db.insertInto('role').values({ account_id, org_id, name: 'Viewer' }).execute();
    await applyDirectory(
      { db, log },
      directory(['{ name: Reader', `{ id: ${SOME_ID}, name: Viewer`], ['roles: [Reader]', 'roles: [Viewer]']),
    );
    expect(await db.selectFrom('role').select('name').where('id', '=', SOME_ID).execute()).toEqual([
      { name: 'Reader' },
    ]);
  });

  it('hashes new passwords before its transaction, and no others', async () => {
    const { database: watched, sent } = watchQueries(database);
    const hashed: string[] = [];
    const apply = async (count: number) => {
      hashed.length = 0;
      const before = sent.length;
      await applyDirectory({ db: watched.db, log }, directory(withUsers(count)), async (password) => {
        expect(sent.slice(before).filter((query) => query.includes('pg_advisory_xact_lock'))).toEqual([]);
        hashed.push(password);
        return `hash of ${password}`;
      });
      return sent.length - before;
    };
    await apply(2);
    expect(hashed).toEqual(['password-0', 'password-1', 'first-password']);
    const again = await apply(2);
    expect(hashed).toEqual([]);
    await apply(40);
    expect(hashed).toHaveLength(38);
    expect(await watched.db.selectFrom('credential').selectAll().execute()).toHaveLength(41);
    // Users that are known need no query of their own.
    expect(await apply(40)).toBe(again);
    expect(hashed).toEqual([]);
  });

  it('does not change a password', async () => {
    const { db } = database;
    await applyDirectory({ db, log }, directory());
    const before = await db.selectFrom('credential').selectAll().execute();
    await applyDirectory({ db, log }, directory(['first-password', 'other-password']));
    expect(await db.selectFrom('credential').selectAll().execute()).toEqual(before);
  });

  it.each<[string, [string, string], string]>([
    [
      'the site of an organization',
      ['site: us1', 'site: eu1'],
      'Acme Production is on the site us1, which cannot change to eu1',
    ],
    [
      'an id that is not the one its name has',
      [
        '- name: Acme Production',
        '- id: 11111111-1111-4111-8111-111111111111\n        name: Acme Production',
      ],
      'Acme Production collides with what the database holds',
    ],
  ])('refuses to change %s, and changes nothing', async (_, change, message) => {
    const { db } = database;
    await applyDirectory({ db, log }, directory());
    const before = await everything(db);
    await expect(
      applyDirectory({ db, log }, directory(['What customers use', 'Changed'], change)),
    ).rejects.toThrow(message);
    expect(await everything(db)).toEqual(before);
  });
});

describeOnBothDatabases('the demo account', (open) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(() => emptyDatabase(database));

  it('has plausible data', async () => {
    const { db } = database;
    expect(await isDemoPossible(db)).toBe(true);
    const demo = await openDemo({ db, log });
    expect(demo.people.length).toBeGreaterThanOrEqual(4);
    expect(demo.keys?.length).toBeGreaterThan(0);
    const orgs = await db.selectFrom('org').selectAll().execute();
    expect(orgs).toHaveLength(8);
    expect(orgs.filter(({ hipaa }) => hipaa)).toHaveLength(1);
    expect(new Set(orgs.map(({ site }) => site))).toEqual(new Set(['us1', 'eu1']));
    const connections = await db.selectFrom('org_connection').selectAll().execute();
    expect(connections).toHaveLength(13);
    const used = orgs.map(({ id }) => connections.filter(({ source_org_id }) => source_org_id === id).length);
    expect(Math.max(...used)).toBe(5);
  });

  it('has one connection with a creator who may no longer read all its types', async () => {
    const { db } = database;
    const demo = await openDemo({ db, log });
    const keys = demo.keys?.find(({ org }) => org === 'Acme Production');
    const { body } = await createTestApp(database).call('GET', '/api/v2/org_connections', {
      'DD-API-KEY': keys?.apiKey ?? '',
      'DD-APPLICATION-KEY': keys?.applicationKey ?? '',
    });
    const { data } = body as { data: OrgConnection[] };
    const rows = data.filter(({ attributes }) => attributes.extensions.unavailable.length > 0);
    expect(rows).toMatchObject([
      {
        attributes: { extensions: { unavailable: [{ connection_type: 'audit' }] } },
        relationships: { created_by: { data: { name: 'Maya Chen' } } },
      },
    ]);
  });

  it('lists every permission of its roles and depends on no default', async () => {
    const { db } = database;
    await openDemo({ db, log });
    const rows = await db
      .selectFrom('role_permission')
      .innerJoin('role', 'role.id', 'role_permission.role_id')
      .innerJoin('org', 'org.id', 'role.org_id')
      .select(['role.name', 'permission'])
      .where('org.name', '=', 'Acme Production')
      .execute();
    const permissionsOf = (role: string) =>
      rows.filter(({ name }) => name === role).map(({ permission }) => permission);
    const reading = [
      'ci_visibility_read',
      'dashboards_read',
      'logs_live_tail',
      'logs_read_index_data',
      'notebooks_read',
      'test_optimization_read',
      'timeseries_query',
    ];
    const reader = [...reading, 'org_connections_read', 'audit_logs_read', 'user_app_keys'];
    expect(new Set(permissionsOf('Member'))).toEqual(new Set(reading));
    expect(new Set(permissionsOf('Connections Reader'))).toEqual(new Set(reader));
    expect(new Set(permissionsOf('Connections Editor'))).toEqual(
      new Set([...reader, 'org_connections_write']),
    );
    expect(new Set(permissionsOf('Administrator'))).toEqual(new Set(PERMISSIONS.map(({ name }) => name)));
  });

  it('keeps its changes, and does not print its keys again', async () => {
    const { db } = database;
    const first = await openDemo({ db, log });
    await db.deleteFrom('org_connection').execute();
    const second = await openDemo({ db, log });
    expect(second).toEqual({ people: first.people, orgs: first.orgs });
    expect(await db.selectFrom('org_connection').selectAll().execute()).toEqual([]);
  });

  it('is not offered if there is another account', async () => {
    const { db } = database;
    await applyDirectory({ db, log }, directory());
    expect(await isDemoPossible(db)).toBe(false);
  });

  it('is created once by servers that start at the same time', async () => {
    const { db } = database;
    const demos = await Promise.all([openDemo({ db, log }), openDemo({ db, log }), openDemo({ db, log })]);
    expect(demos.filter(({ keys }) => keys)).toHaveLength(1);
    expect(await db.selectFrom('org_connection').selectAll().execute()).toHaveLength(13);
  });
});

/** Returns the permissions of the directory's keys; undefined if they are unknown. */
async function permissions(db: Db): Promise<string[] | undefined> {
  const found = await findActorByKeys(db, KEYS);
  return found && [...found.actor.permissions].toSorted();
}

async function roleNames(db: Db): Promise<string[]> {
  const roles = await db.selectFrom('role').select('name').orderBy('name').execute();
  return roles.map(({ name }) => name);
}

function theOrg(db: Db) {
  return db.selectFrom('org').select(['id', 'account_id']).executeTakeFirstOrThrow();
}

async function everything(db: Db) {
  return {
    account: await db.selectFrom('account').selectAll().execute(),
    org: await db.selectFrom('org').selectAll().execute(),
    role: await db.selectFrom('role').selectAll().orderBy('name').execute(),
    grants: await db.selectFrom('directory_grant').selectAll().orderBy('subject').execute(),
    user: await db.selectFrom('user').selectAll().execute(),
    person: await db.selectFrom('person').selectAll().execute(),
    credential: await db.selectFrom('credential').selectAll().execute(),
  };
}
