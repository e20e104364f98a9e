import { describe, expect, it } from 'vitest';
import { PERMISSIONS } from '../../../src/contract/permissions/constants.ts';
import { adminKeys, EMAIL, productionKeys } from '../../support/account.ts';
import { column, dataOf, naming, roleId, roleNamed, rowsOf, userId } from '../../support/directory.ts';
import { TIMESTAMP, UNKNOWN, UUID, missingPermission, notFound } from '../../support/expected.ts';
import { setUpFreshApp } from '../../support/setup-app.ts';

const ROLES = '/api/v2/roles';
const MAY_NOT = missingPermission('user_access_manage');
const ADMIN = adminKeys('production');
/** Permissions that every role has by default, in the order of the catalogue. */
const DEFAULTS = ['ci_visibility_read', 'dashboards_read', 'notebooks_read'];

const app = setUpFreshApp();

const list = (query = '', headers = ADMIN) => app.call('GET', `${ROLES}${query}`, headers);
const create = (body: object, headers = ADMIN) => app.call('POST', ROLES, headers, body);

/** Ids of roles that the caller may not know, and a malformed id. */
async function foreignRoles(): Promise<string[]> {
  return [UNKNOWN, 'malformed', await roleId(app, 'staging', 'Reader'), await roleId(app, 'globex', 'Admin')];
}

describe('the list of roles', () => {
  it("contains only those of the caller's organization, by name", async () => {
    const answer = await list('', productionKeys('member'));
    expect(answer.status).toBe(200);
    expect(column(answer, 'name')).toEqual(['Admin', 'Member', 'Reader', 'Writer']);
    expect(answer.body).toMatchObject({ meta: { page: { total_count: 4, total_filtered_count: 4 } } });
    expect(column(await list('', adminKeys('globex')), 'name')).toEqual(['Admin']);
  });

  it('has every property that the official client knows', async () => {
    expect(rowsOf(await list('?filter=reader'))).toEqual([
      {
        type: 'roles',
        id: UUID,
        attributes: {
          name: 'Reader',
          user_count: 2,
          receives_permissions_from: [],
          created_at: TIMESTAMP,
          modified_at: TIMESTAMP,
        },
        relationships: {
          permissions: {
            data: ['org_connections_read', 'timeseries_query'].map((name) => ({
              type: 'permissions',
              id: permissionId(name),
            })),
          },
        },
      },
    ]);
  });

  it('counts active users', async () => {
    await app.call('DELETE', `/api/v2/users/${await userId(app, 'production', EMAIL.reader)}`, ADMIN);
    expect(column(await list('?filter=reader'), 'user_count')).toEqual([1]);
  });

  it('can be paged, filtered and sorted', async () => {
    expect(column(await list('?page[size]=3&page[number]=1'), 'name')).toEqual(['Writer']);
    const filtered = await list('?filter=ER&page[size]=1');
    expect(column(filtered, 'name')).toEqual(['Member']);
    expect(filtered.body).toMatchObject({ meta: { page: { total_count: 4, total_filtered_count: 3 } } });
    const ids = `${await roleId(app, 'production', 'Writer')},${await roleId(app, 'staging', 'Admin')}`;
    expect(column(await list(`?filter[id]=${ids}`), 'name')).toEqual(['Writer']);
    expect(column(await list('?sort=-name'), 'name')[0]).toBe('Writer');
    expect(column(await list('?sort=-user_count'), 'name')[0]).toBe('Reader');
  });

  it.each([
    ['page[size]=101', 'must be an integer from 1 to 100'],
    ['sort=id', 'must be one of name, modified_at, user_count, or one of them after a minus'],
    ['filter[id]=x', 'must be a UUID'],
  ])('is refused with %s', async (query, fault) => {
    expect(await list(`?${query}`)).toEqual({
      status: 400,
      body: { errors: ['Validation failed for input.', expect.stringContaining(fault)] },
    });
  });
});

describe('a new role', () => {
  it('starts with the default permissions and without users', async () => {
    const { status, body } = await create(roleNamed('  Auditors '));
    expect(status).toBe(200);
    expect(body).toEqual({
      data: {
        type: 'roles',
        id: UUID,
        attributes: {
          name: 'Auditors',
          user_count: 0,
          receives_permissions_from: [],
          created_at: TIMESTAMP,
          modified_at: TIMESTAMP,
        },
        relationships: {
          permissions: {
            data: DEFAULTS.map((name) => ({ type: 'permissions', id: permissionId(name) })),
          },
        },
      },
    });
  });

  it('has the requested permissions, too', async () => {
    const { id } = dataOf(
      await create(roleNamed('Auditors', [permissionId('audit_logs_read').toUpperCase()])),
    );
    const permissions = await app.call('GET', `${ROLES}/${id}/permissions`, productionKeys('member'));
    expect(new Set(column(permissions, 'name'))).toEqual(new Set([...DEFAULTS, 'audit_logs_read']));
  });

  it('gives its users the default permissions and nothing else', async () => {
    const { id } = dataOf(await create(roleNamed('Newcomers')));
    const writer = await userId(app, 'production', 'writer@acme.example');
    await app.call('POST', `${ROLES}/${id}/users`, ADMIN, naming('users', writer));
    const path = `${ROLES}/${await roleId(app, 'production', 'Writer')}/users`;
    await app.call('DELETE', path, ADMIN, naming('users', writer));

    const keys = productionKeys('writer');
    const permissions = await app.call('GET', `/api/v2/users/${writer}/permissions`, keys);
    expect(column(permissions, 'name')).toEqual(DEFAULTS);
    expect(await app.call('GET', '/api/v2/org_connections', keys)).toEqual(
      missingPermission('org_connections_read'),
    );
    expect(await app.call('POST', ROLES, keys, roleNamed('Another'))).toEqual(MAY_NOT);
    expect(await app.call('GET', '/api/v2/api_keys', keys)).toEqual(missingPermission('api_keys_write'));
    expect(await app.call('GET', '/api/v2/current_user/application_keys', keys)).toEqual(
      missingPermission('user_app_keys'),
    );
  });

  it("cannot have the name of another role, except of another organization's", async () => {
    expect(await create(roleNamed('Reader'))).toEqual({
      status: 409,
      body: { errors: ['a role with the name Reader already exists'] },
    });
    await create(roleNamed('Auditors'), adminKeys('staging'));
    expect(await create(roleNamed('Auditors'))).toMatchObject({ status: 200 });
  });

  it('with an unknown permission is refused', async () => {
    expect(await create(roleNamed('Auditors', [UNKNOWN]))).toEqual(notFound('permission', UNKNOWN));
    expect(column(await list('?filter=Auditors'), 'name')).toEqual([]);
  });

  it.each([
    ['no name', {}, 'data.attributes.name: is required'],
    ['a blank name', { name: '  ' }, 'data.attributes.name: must not be empty'],
    ['a name that is no text', { name: 7 }, 'data.attributes.name: must be of type string'],
    ['a name too long', { name: 'x'.repeat(201) }, 'data.attributes.name: must have at most 200 characters'],
    [
      'a name that nothing can keep',
      { name: 'a\0' },
      'data.attributes.name: must not contain the character NUL',
    ],
  ])('with %s is refused', async (_, attributes, fault) => {
    expect(await create({ data: { type: 'roles', attributes } })).toEqual({
      status: 400,
      body: { errors: ['Validation failed for input.', fault] },
    });
  });
});

describe('a role', () => {
  it('can be read by any user', async () => {
    const id = await roleId(app, 'production', 'Reader');
    expect(await app.call('GET', `${ROLES}/${id}`, productionKeys('member'))).toMatchObject({
      status: 200,
      body: { data: { type: 'roles', id, attributes: { name: 'Reader', user_count: 2 } } },
    });
  });

  it('is deleted once, and its permissions end', async () => {
    const id = await roleId(app, 'production', 'Reader');
    expect(await app.call('GET', '/api/v2/org_connections', productionKeys('reader'))).toMatchObject({
      status: 200,
    });
    expect(await app.call('DELETE', `${ROLES}/${id}`, ADMIN)).toEqual({ status: 204, body: undefined });
    expect(await app.call('GET', '/api/v2/org_connections', productionKeys('reader'))).toMatchObject({
      status: 403,
    });
    expect(await app.call('DELETE', `${ROLES}/${id}`, ADMIN)).toEqual(notFound('role', id));
  });

  it('leaves a restriction policy that names it in force', async () => {
    const id = await roleId(app, 'production', 'Reader');
    const { account_id, org_id } = await app.database.db
      .selectFrom('role')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const policy = { account_id, org_id, resource_type: 'dashboard', resource_id: 'abc-def-ghi' };
    await app.database.db.insertInto('restriction_policy').values(policy).execute();
    await app.database.db
      .insertInto('restriction_policy_binding')
      .values({ ...policy, relation: 'editor', principal_type: 'role', principal_id: id })
      .execute();
    expect(await app.call('DELETE', `${ROLES}/${id}`, ADMIN)).toMatchObject({ status: 204 });
    expect(await app.database.db.selectFrom('restriction_policy_binding').selectAll().execute()).toEqual([]);
    expect(await app.database.db.selectFrom('restriction_policy').selectAll().execute()).toHaveLength(1);
  });

  it('of another organization is not found by any call', async () => {
    const user = naming('users', await userId(app, 'production', EMAIL.member));
    const permission = naming('permissions', permissionId('audit_logs_read'));
    for (const id of await foreignRoles()) {
      for (const [method, rest, body] of [
        ['GET', ''],
        ['DELETE', ''],
        ['GET', '/users'],
        ['POST', '/users', user],
        ['DELETE', '/users', user],
        ['GET', '/permissions'],
        ['POST', '/permissions', permission],
        ['DELETE', '/permissions', permission],
      ] as const) {
        const answer = await app.call(method, `${ROLES}/${id}${rest}`, ADMIN, body);
        expect(answer, `${method} ${id}${rest}`).toEqual(notFound('role', id));
      }
    }
    expect(column(await list('', adminKeys('globex')), 'user_count')).toEqual([1]);
  });
});

describe("a role's permissions", () => {
  it('are added and removed, in effect at once', async () => {
    const id = await roleId(app, 'production', 'Member');
    const path = `${ROLES}/${id}/permissions`;
    const body = naming('permissions', permissionId('org_connections_read'));
    const connections = () => app.call('GET', '/api/v2/org_connections', productionKeys('member'));
    expect(await connections()).toMatchObject({ status: 403 });

    const given = await app.call('POST', path, ADMIN, body);
    expect(given.status).toBe(200);
    expect(column(given, 'name')).toEqual(['org_connections_read', 'timeseries_query']);
    expect(await app.call('POST', path, ADMIN, body)).toEqual(given);
    expect(await connections()).toMatchObject({ status: 200 });

    const taken = await app.call('DELETE', path, ADMIN, body);
    expect(taken.status).toBe(200);
    expect(column(taken, 'name')).toEqual(['timeseries_query']);
    expect(await connections()).toMatchObject({ status: 403 });
    expect(await app.call('DELETE', path, ADMIN, body)).toEqual({
      status: 404,
      body: { errors: [`role ${id} does not have the permission ${permissionId('org_connections_read')}`] },
    });
  });

  it("change the role's time of modification", async () => {
    const id = await roleId(app, 'production', 'Member');
    await app.call(
      'POST',
      `${ROLES}/${id}/permissions`,
      ADMIN,
      naming('permissions', permissionId('logs_live_tail')),
    );
    expect(column(await list('?sort=-modified_at'), 'name')[0]).toBe('Member');
  });

  it('must exist', async () => {
    const path = `${ROLES}/${await roleId(app, 'production', 'Member')}/permissions`;
    for (const id of [UNKNOWN, 'malformed']) {
      for (const method of ['POST', 'DELETE']) {
        expect(await app.call(method, path, ADMIN, naming('permissions', id))).toEqual(
          notFound('permission', id),
        );
      }
    }
  });
});

describe("a role's users", () => {
  it('are listed with all their roles', async () => {
    const reader = await roleId(app, 'production', 'Reader');
    const answer = await app.call('GET', `${ROLES}/${reader}/users?sort=-email`, productionKeys('member'));
    expect(answer.status).toBe(200);
    expect(column(answer, 'email')).toEqual([EMAIL.sam, EMAIL.reader]);
    expect(answer.body).toMatchObject({
      included: [{ type: 'roles', id: reader }],
      meta: { page: { total_count: 2, total_filtered_count: 2 } },
    });
    const filtered = await app.call('GET', `${ROLES}/${reader}/users?filter=sam`, ADMIN);
    expect(column(filtered, 'email')).toEqual([EMAIL.sam]);
    expect(filtered.body).toMatchObject({ meta: { page: { total_count: 2, total_filtered_count: 1 } } });
  });

  it('are added and removed, in effect at once', async () => {
    const id = await roleId(app, 'production', 'Reader');
    const member = await userId(app, 'production', EMAIL.member);
    const path = `${ROLES}/${id}/users`;
    const connections = () => app.call('GET', '/api/v2/org_connections', productionKeys('member'));

    const given = await app.call('POST', path, ADMIN, naming('users', member));
    expect(given.status).toBe(200);
    expect(column(given, 'email')).toEqual([EMAIL.member, EMAIL.reader, EMAIL.sam]);
    expect(await app.call('POST', path, ADMIN, naming('users', member))).toEqual(given);
    expect(await connections()).toMatchObject({ status: 200 });

    const taken = await app.call('DELETE', path, ADMIN, naming('users', member));
    expect(taken.status).toBe(200);
    expect(column(taken, 'email')).toEqual([EMAIL.reader, EMAIL.sam]);
    expect(await connections()).toMatchObject({ status: 403 });
    expect(await app.call('DELETE', path, ADMIN, naming('users', member))).toEqual({
      status: 404,
      body: { errors: [`user ${member} does not have the role ${id}`] },
    });
  });

  it('must be of the organization', async () => {
    const path = `${ROLES}/${await roleId(app, 'production', 'Reader')}/users`;
    const foreign = [await userId(app, 'staging', EMAIL.sam), await userId(app, 'globex', EMAIL.globex)];
    for (const id of [UNKNOWN, 'malformed', ...foreign]) {
      expect(await app.call('POST', path, ADMIN, naming('users', id))).toEqual(notFound('user', id));
      expect(await app.call('DELETE', path, ADMIN, naming('users', id))).toMatchObject({ status: 404 });
    }
  });

  it('must be named in the body', async () => {
    const path = `${ROLES}/${await roleId(app, 'production', 'Reader')}/users`;
    expect(await app.call('POST', path, ADMIN, { data: { type: 'roles', id: UNKNOWN } })).toEqual({
      status: 400,
      body: { errors: ['Validation failed for input.', expect.stringContaining('data.type')] },
    });
    expect(await app.call('POST', path, ADMIN, {})).toEqual({
      status: 400,
      body: { errors: ['Validation failed for input.', 'data: is required'] },
    });
  });
});

describe('the last access manager', () => {
  const refused = {
    status: 400,
    body: {
      errors: [
        'This would leave the organization without an active user who has the permission user_access_manage',
      ],
    },
  };
  const managing = PERMISSIONS.find(({ name }) => name === 'user_access_manage')?.id ?? '';

  it.each<[string, (role: string, admin: string) => Promise<unknown>]>([
    ['deleting their role', (role) => app.call('DELETE', `${ROLES}/${role}`, ADMIN)],
    [
      'taking the permission from it',
      (role) => app.call('DELETE', `${ROLES}/${role}/permissions`, ADMIN, naming('permissions', managing)),
    ],
    [
      'taking it from the last of them',
      (role, admin) => app.call('DELETE', `${ROLES}/${role}/users`, ADMIN, naming('users', admin)),
    ],
  ])('cannot be removed by %s', async (_, change) => {
    const role = await roleId(app, 'production', 'Admin');
    expect(await change(role, await userId(app, 'production', EMAIL.admin))).toEqual(refused);
    expect(await app.call('GET', `${ROLES}/${role}`, ADMIN)).toMatchObject({
      status: 200,
      body: { data: { attributes: { user_count: 1 } } },
    });
  });

  it('may change as long as there is one', async () => {
    const role = await roleId(app, 'production', 'Admin');
    const reader = await userId(app, 'production', EMAIL.reader);
    const admin = await userId(app, 'production', EMAIL.admin);
    await app.call('POST', `${ROLES}/${role}/users`, ADMIN, naming('users', reader));
    const answer = await app.call('DELETE', `${ROLES}/${role}/users`, ADMIN, naming('users', admin));
    expect(answer).toMatchObject({ status: 200 });
    expect(await app.call('DELETE', `${ROLES}/${role}`, productionKeys('reader'))).toEqual(refused);
  });
});

describe('permissions', () => {
  it.each([
    ['an administrator', ADMIN, true],
    ['a user who may only read', productionKeys('reader'), false],
    ['an administrator whose key is narrowed', productionKeys('scoped'), false],
  ])('%s', async (_, headers, manages) => {
    const id = await roleId(app, 'production', 'Writer');
    const user = naming('users', await userId(app, 'production', EMAIL.member));
    const permission = naming('permissions', permissionId('audit_logs_read'));
    for (const path of ['', `/${id}`, `/${id}/users`, `/${id}/permissions`]) {
      expect(await list(path, headers), path).toMatchObject({ status: 200 });
    }
    const writes = [
      await create(roleNamed('Auditors'), headers),
      await app.call('POST', `${ROLES}/${id}/users`, headers, user),
      await app.call('DELETE', `${ROLES}/${id}/users`, headers, user),
      await app.call('POST', `${ROLES}/${id}/permissions`, headers, permission),
      await app.call('DELETE', `${ROLES}/${id}/permissions`, headers, permission),
      await app.call('DELETE', `${ROLES}/${id}`, headers),
    ];
    if (manages) expect(writes.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 204]);
    else expect(writes).toEqual(writes.map(() => MAY_NOT));
  });
});

function permissionId(name: string): string {
  return PERMISSIONS.find((permission) => permission.name === name)?.id ?? '';
}
