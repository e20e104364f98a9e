import { describe, expect, it } from 'vitest';
import { adminKeys, EMAIL, ORG, productionKeys, securityKeys } from '../../support/account.ts';
import { describeOnBothDatabases } from '../../support/databases.ts';
import { column, dataOf, naming, roleId, rowsOf, userId } from '../../support/directory.ts';
import {
  DONE,
  TIMESTAMP,
  UNKNOWN,
  UUID,
  invalid,
  missingPermission,
  notFound,
} from '../../support/expected.ts';
import { setUpFreshApp } from '../../support/setup-app.ts';

const PATH = '/api/v2/logs/config/restriction_queries';
const MAY_NOT = missingPermission('user_access_manage');
const ADMIN = adminKeys('production');

const searchFor = (text: unknown) => ({
  data: { type: 'logs_restriction_queries', attributes: { restriction_query: text } },
});

describeOnBothDatabases('restriction queries', (open) => {
  const app = setUpFreshApp(open);

  const list = (query = '', headers = ADMIN) => app.call('GET', `${PATH}${query}`, headers);
  const get = (id: string, headers = ADMIN) => app.call('GET', `${PATH}/${id}`, headers);
  const give = (id: string, role: string, headers = ADMIN) =>
    app.call('POST', `${PATH}/${id}/roles`, headers, naming('roles', role));
  const take = (id: string, role: string, headers = ADMIN) =>
    app.call('DELETE', `${PATH}/${id}/roles`, headers, naming('roles', role));
  async function create(text: string, headers = ADMIN): Promise<string> {
    const answer = await app.call('POST', PATH, headers, searchFor(text));
    expect(answer.status).toBe(200);
    return dataOf(answer).id;
  }
  const texts = async (rest = '') => column(await list(rest), 'restriction_query');

  it('are at most a hundred of one role', async () => {
    const role = await roleId(app, 'production', 'Reader');
    const first = await create('n:0');
    expect(await give(first, role)).toEqual(DONE);
    const { db } = app.database;
    const { account_id, org_id } = await db
      .selectFrom('restriction_query')
      .select(['account_id', 'org_id'])
      .executeTakeFirstOrThrow();
    const others = await Promise.all(Array.from({ length: 100 }, (_, n) => create(`n:${n + 1}`)));
    const last = others.pop() ?? '';
    await db
      .insertInto('restriction_query_role')
      .values(others.map((id) => ({ account_id, org_id, restriction_query_id: id, role_id: role })))
      .execute();
    expect(await give(last, role)).toEqual({
      status: 400,
      body: { errors: [`role ${role} already has the maximum of 100 restriction queries`] },
    });
    // Again, which changes nothing.
    expect(await give(first, role)).toEqual(DONE);
    await take(first, role);
    expect(await give(last, role)).toEqual(DONE);
  });

  it('are created, with every property that the official client knows', async () => {
    expect(await app.call('POST', PATH, ADMIN, searchFor('  service:web '))).toEqual({
      status: 200,
      body: {
        data: {
          type: 'logs_restriction_queries',
          id: UUID,
          attributes: {
            restriction_query: 'service:web',
            created_at: TIMESTAMP,
            modified_at: TIMESTAMP,
            last_modifier_email: EMAIL.admin,
            last_modifier_name: 'Alex Admin',
            role_count: 0,
            user_count: 0,
          },
        },
      },
    });
    expect(await texts()).toEqual(['service:web']);
  });

  it.each([
    [{}, 'data: is required'],
    [{ data: {} }, 'data.attributes: is required'],
    [searchFor(undefined), 'data.attributes.restriction_query: is required'],
    [searchFor(7), 'data.attributes.restriction_query: must be of type string'],
    [searchFor('  '), 'data.attributes.restriction_query: must not be empty'],
    [searchFor('a\0'), 'data.attributes.restriction_query: must not contain the character NUL'],
    [searchFor('x'.repeat(2001)), 'data.attributes.restriction_query: must have at most 2000 characters'],
  ])('cannot be created or changed by %j', async (body, fault) => {
    const id = await create('service:web');
    expect(await app.call('POST', PATH, ADMIN, body)).toEqual(invalid(fault));
    expect(await app.call('PUT', `${PATH}/${id}`, ADMIN, body)).toEqual(invalid(fault));
    expect(await app.call('PATCH', `${PATH}/${id}`, ADMIN, body)).toEqual(invalid(fault));
    expect(await texts()).toEqual(['service:web']);
  });

  it('must be searches; the error has the position of the fault', async () => {
    const id = await create('service:web');
    for (const [method, path] of [
      ['POST', PATH],
      ['PUT', `${PATH}/${id}`],
      ['PATCH', `${PATH}/${id}`],
    ] as const) {
      expect(await app.call(method, path, ADMIN, searchFor('a AND (b'))).toEqual(
        invalid(expect.stringMatching(/^data\.attributes\.restriction_query: position 9: expected /)),
      );
    }
    expect(await texts()).toEqual(['service:web']);
  });

  it('are listed by creation time, in pages', async () => {
    for (const text of ['team:c', 'team:a', 'team:b']) await create(text);
    expect(await texts()).toEqual(['team:c', 'team:a', 'team:b']);
    expect(await texts('?page[size]=2')).toEqual(['team:c', 'team:a']);
    expect(await texts('?page[size]=2&page[number]=1')).toEqual(['team:b']);
    expect(await list('?page[size]=101')).toEqual(invalid('page[size]: must be an integer from 1 to 100'));
  });

  it.each(['PUT', 'PATCH'])('are changed by %s, which records the editor', async (method) => {
    const id = await create('team:a', adminKeys('security'));
    const answer = await app.call(
      method,
      `${PATH}/${id.toUpperCase()}`,
      securityKeys('guardian'),
      searchFor('team:b'),
    );
    expect(answer).toMatchObject({
      status: 200,
      body: {
        data: {
          id,
          attributes: {
            restriction_query: 'team:b',
            last_modifier_email: EMAIL.guardian,
            last_modifier_name: 'Gia Guardian',
          },
        },
      },
    });
    const { created_at, modified_at } = dataOf(answer).attributes;
    expect(String(modified_at) > String(created_at)).toBe(true);
    expect(dataOf(await get(id, adminKeys('security'))).attributes).toEqual(dataOf(answer).attributes);
  });

  it('are added to roles, removed from them, and listed by role', async () => {
    const id = await create('team:a');
    const reader = await roleId(app, 'production', 'Reader');
    const member = await roleId(app, 'production', 'Member');
    expect(await give(id, reader)).toEqual(DONE);
    expect(await give(id, member.toUpperCase())).toEqual(DONE);
    expect(await give(id, reader)).toEqual(DONE);

    expect(await get(id)).toMatchObject({
      status: 200,
      body: {
        data: {
          id,
          attributes: { role_count: 2, user_count: 3 },
          relationships: {
            roles: {
              data: [
                { type: 'roles', id: member },
                { type: 'roles', id: reader },
              ],
            },
          },
        },
        included: [
          { type: 'roles', id: member, attributes: { name: 'Member' } },
          { type: 'roles', id: reader, attributes: { name: 'Reader' } },
        ],
      },
    });
    const roles = await list(`/${id}/roles`);
    expect(roles).toEqual({
      status: 200,
      body: {
        data: [
          { type: 'roles', id: member, attributes: { name: 'Member' } },
          { type: 'roles', id: reader, attributes: { name: 'Reader' } },
        ],
      },
    });
    expect(column(await list(`/${id}/roles?page[size]=1&page[number]=1`), 'name')).toEqual(['Reader']);

    expect(await take(id, member)).toEqual(DONE);
    expect(column(await list(`/${id}/roles`), 'name')).toEqual(['Reader']);
    expect(await take(id, member)).toEqual({
      status: 404,
      body: { errors: [`role ${member} does not have the restriction query ${id}`] },
    });
  });

  it('give a role the permission to read logs', async () => {
    const reader = await roleId(app, 'production', 'Reader');
    await give(await create('team:a'), reader);
    const permissions = await app.call('GET', `/api/v2/roles/${reader}/permissions`, ADMIN);
    expect(column(permissions, 'name')).toEqual([
      'org_connections_read',
      'timeseries_query',
      'logs_read_index_data',
    ]);
  });

  it('revoke the permission to read logs with the role’s last restriction query', async () => {
    const reader = await roleId(app, 'production', 'Reader');
    const permissions = async () =>
      column(await app.call('GET', `/api/v2/roles/${reader}/permissions`, ADMIN), 'name');
    const [a, b, c] = [await create('team:a'), await create('team:b'), await create('team:c')];
    await give(a, reader);
    await give(b, reader);
    expect(await take(a, reader)).toEqual(DONE);
    expect(await permissions()).toContain('logs_read_index_data');
    expect(await take(b, reader)).toEqual(DONE);
    expect(await permissions()).not.toContain('logs_read_index_data');

    await give(b, reader);
    await give(c, reader);
    expect(await app.call('DELETE', `${PATH}/${c}`, ADMIN)).toEqual(DONE);
    expect(await permissions()).toContain('logs_read_index_data');
    expect(await app.call('DELETE', `${PATH}/${b}`, ADMIN)).toEqual(DONE);
    expect(await permissions()).not.toContain('logs_read_index_data');
  });

  it('revoke it when two are removed at once', async () => {
    const reader = await roleId(app, 'production', 'Reader');
    const [a, b] = [await create('team:a'), await create('team:b')];
    await give(a, reader);
    await give(b, reader);
    expect(await Promise.all([take(a, reader), app.call('DELETE', `${PATH}/${b}`, ADMIN)])).toEqual([
      DONE,
      DONE,
    ]);
    const permissions = await app.call('GET', `/api/v2/roles/${reader}/permissions`, ADMIN);
    expect(column(permissions, 'name')).not.toContain('logs_read_index_data');
  });

  it('never leave a role that reads all logs, when adding and removing at the same time', async () => {
    const reader = await roleId(app, 'production', 'Reader');
    const id = await create('team:a');
    await give(id, reader);
    for (let round = 0; round < 5; round += 1) {
      await Promise.all([give(id, reader), take(id, reader)]);
      const permissions = await app.call('GET', `/api/v2/roles/${reader}/permissions`, ADMIN);
      const queries = await texts(`/role/${reader}`);
      expect(column(permissions, 'name').includes('logs_read_index_data')).toBe(queries.length > 0);
    }
  });

  it('count each active user once', async () => {
    const id = await create('team:a');
    const reader = await roleId(app, 'production', 'Reader');
    const member = await roleId(app, 'production', 'Member');
    await app.call(
      'POST',
      `/api/v2/roles/${member}/users`,
      ADMIN,
      naming('users', await userId(app, 'production', EMAIL.reader)),
    );
    await give(id, reader);
    await give(id, member);
    expect(column(await list(), 'user_count')).toEqual([3]);
    await app.call('DELETE', `/api/v2/users/${await userId(app, 'production', EMAIL.sam)}`, ADMIN);
    expect(column(await list(), 'user_count')).toEqual([2]);
  });

  it('are listed by role and by user, each once', async () => {
    const reader = await roleId(app, 'production', 'Reader');
    const admin = await roleId(app, 'production', 'Admin');
    const sam = await userId(app, 'production', EMAIL.sam);
    await app.call('POST', `/api/v2/roles/${admin}/users`, ADMIN, naming('users', sam));
    const [a, b] = [await create('team:a'), await create('team:b')];
    await create('team:c');
    await give(a, reader);
    await give(b, reader);
    await give(b, admin);
    expect(await texts(`/role/${reader}`)).toEqual(['team:a', 'team:b']);
    expect(await texts(`/role/${admin}`)).toEqual(['team:b']);
    expect(await texts(`/user/${sam}`)).toEqual(['team:a', 'team:b']);
    expect(await texts(`/user/${await userId(app, 'production', EMAIL.member)}`)).toEqual([]);
  });

  it('are deleted once, also from their roles', async () => {
    const id = await create('team:a');
    await give(id, await roleId(app, 'production', 'Reader'));
    expect(await app.call('DELETE', `${PATH}/${id}`, ADMIN)).toEqual(DONE);
    expect(await app.call('DELETE', `${PATH}/${id}`, ADMIN)).toEqual(notFound('restriction query', id));
    expect(await app.database.db.selectFrom('restriction_query_role').selectAll().execute()).toEqual([]);
  });

  it('lose a role that is deleted', async () => {
    const id = await create('team:a');
    const reader = await roleId(app, 'production', 'Reader');
    await give(id, reader);
    await app.call('DELETE', `/api/v2/roles/${reader}`, ADMIN);
    expect(dataOf(await get(id)).attributes).toMatchObject({ role_count: 0, user_count: 0 });
  });

  it('cannot be seen or changed by other organizations', async () => {
    const id = await create('team:a');
    const reader = await roleId(app, 'production', 'Reader');
    await give(id, reader);
    const before = await get(id);
    await app.connect('production', 'staging');
    for (const org of ['staging', 'globex'] as const) {
      const headers = adminKeys(org);
      const theirs = await roleId(app, org, 'Admin');
      expect(rowsOf(await list('', headers))).toEqual([]);
      for (const [method, rest, body] of [
        ['GET', ''],
        ['PUT', '', searchFor('*')],
        ['PATCH', '', searchFor('*')],
        ['DELETE', ''],
        ['GET', '/roles'],
        ['POST', '/roles', naming('roles', theirs)],
        ['DELETE', '/roles', naming('roles', theirs)],
      ] as const) {
        const answer = await app.call(method, `${PATH}/${id}${rest}`, headers, body);
        expect(answer, `${org}: ${method} ${rest}`).toEqual(notFound('restriction query', id));
      }
    }
    expect(await get(id)).toEqual(before);
  });

  it('accept only roles and users of their own organization', async () => {
    const id = await create('team:a');
    for (const role of [
      UNKNOWN,
      'malformed',
      await roleId(app, 'staging', 'Admin'),
      await roleId(app, 'globex', 'Admin'),
    ]) {
      const unknown = { status: 404, body: { errors: [`role ${role} not found`] } };
      expect(await give(id, role)).toEqual(unknown);
      expect(await take(id, role)).toEqual(unknown);
      expect(await list(`/role/${role}`)).toEqual(unknown);
    }
    for (const user of [UNKNOWN, 'malformed', await userId(app, 'globex', EMAIL.globex)]) {
      expect(await list(`/user/${user}`)).toEqual({
        status: 404,
        body: { errors: [`user ${user} not found`] },
      });
    }
    for (const unknown of [UNKNOWN, 'malformed']) {
      expect(await get(unknown)).toEqual(notFound('restriction query', unknown));
      expect(await give(unknown, await roleId(app, 'production', 'Reader'))).toEqual(
        notFound('restriction query', unknown),
      );
    }
  });

  it('need user_access_manage for every call', async () => {
    const id = await create('team:a');
    const reader = naming('roles', await roleId(app, 'production', 'Reader'));
    const sam = await userId(app, 'production', EMAIL.sam);
    for (const [method, rest, body] of [
      ['GET', ''],
      ['POST', '', searchFor('team:b')],
      ['GET', `/${id}`],
      ['PUT', `/${id}`, searchFor('team:b')],
      ['PATCH', `/${id}`, searchFor('team:b')],
      ['DELETE', `/${id}`],
      ['GET', `/${id}/roles`],
      ['POST', `/${id}/roles`, reader],
      ['DELETE', `/${id}/roles`, reader],
      ['GET', `/role/${reader.data.id}`],
      ['GET', `/user/${sam}`],
    ] as const) {
      for (const user of ['reader', 'writer', 'scoped'] as const) {
        const answer = await app.call(method, `${PATH}${rest}`, productionKeys(user), body);
        expect(answer, `${user}: ${method} ${rest}`).toEqual(MAY_NOT);
      }
      expect(await app.call(method, `${PATH}${rest}`, {}, body)).toMatchObject({ status: 401 });
    }
    expect(await texts()).toEqual(['team:a']);
  });

  describe('up to a thousand', () => {
    it('can be created, and no more, even with concurrent requests', async () => {
      const { account_id } = await app.database.db
        .selectFrom('org')
        .select('account_id')
        .where('id', '=', ORG.production)
        .executeTakeFirstOrThrow();
      const modified_by = await userId(app, 'production', EMAIL.admin);
      const row = { account_id, org_id: ORG.production, restriction_query: 'team:a', modified_by };
      await app.database.db
        .insertInto('restriction_query')
        .values(Array.from({ length: 997 }, () => row))
        .execute();
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => app.call('POST', PATH, ADMIN, searchFor('team:b'))),
      );
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
      expect(answers.find(({ status }) => status !== 200)).toEqual({
        status: 400,
        body: { errors: [`org ${ORG.production} already has the maximum of 1000 restriction queries`] },
      });
      expect(await app.call('POST', PATH, adminKeys('staging'), searchFor('team:b'))).toMatchObject({
        status: 200,
      });
    });
  });
});
