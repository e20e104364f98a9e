import { beforeAll, beforeEach, expect, it } from 'vitest';
import { connectionResource } from '../../../src/contract/restriction-policies/constants.ts';
import { adminKeys, connectionTo, ORG, productionKeys, securityKeys } from '../../support/account.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { describeOnBothDatabases, emptyDatabase } from '../../support/databases.ts';
import { principalsOf } from '../../support/principals.ts';
import { HOUR_START, scalarRequest, sendLogs } from '../../support/telemetry.ts';

/**
 * Reads of the source's logs by a user of the destination (the viewer of Acme Security), through a connection that
 * the creator, a user of Acme Production, created. Each right on that way is removed alone.
 */
describeOnBothDatabases('access to another organization’s logs', (open) => {
  let app: TestApp;
  let connectionId: string;
  let creatorId: string;
  let roles: { creator: string; restricted: string; viewer: string };

  const source = adminKeys('production');
  const destination = adminKeys('security');

  beforeAll(async () => {
    app = await startApp(await open());
  });

  beforeEach(async () => {
    const { database } = app;
    await emptyDatabase(database);
    app = await startApp(database);
    await sendLogs(app, 'production', {
      0: { message: 'Order paid', service: 'shop' },
      1: { message: 'Salary paid', service: 'payroll' },
    });
    roles = {
      creator: await createRole(source, 'Creator', 'org_connections_write', 'logs_read_index_data'),
      restricted: await createRole(source, 'Restricted', 'logs_read_index_data'),
      viewer: await createRole(destination, 'Viewer', 'org_connections_read', 'logs_read_index_data'),
    };
    creatorId = await userId(source, 'reader@acme.example');
    await change('POST', `/api/v2/roles/${roles.creator}/users`, source, user(creatorId));
    await change(
      'POST',
      `/api/v2/roles/${roles.viewer}/users`,
      destination,
      user(await userId(destination, 'viewer@acme.example')),
    );
    const { body } = await change(
      'POST',
      '/api/v2/org_connections',
      productionKeys('reader'),
      connectionTo(ORG.security, { connection_types: ['metrics', 'logs'] }),
    );
    connectionId = idOf(body);
  });

  /** The rights on the way to the data, with the error and the row's text without each of them. */
  const RIGHTS: [name: string, takeAway: () => Promise<unknown>, answer: RegExp, row: RegExp | undefined][] =
    [
      [
        'the read permission of the destination’s user',
        () => revoke(destination, roles.viewer, 'logs_read_index_data'),
        /The permission logs_read_index_data is required$/,
        undefined,
      ],
      [
        'the permission of the destination’s user to see connections',
        async () => {
          await revoke(destination, roles.viewer, 'org_connections_read');
          await removeFromRole(destination, 'Reader', 'viewer@acme.example');
        },
        /The permission org_connections_read is required$/,
        undefined,
      ],
      [
        'the creator’s account',
        () => change('DELETE', `/api/v2/users/${creatorId}`, source),
        /creator is not active/,
        /creator is not active/,
      ],
      [
        'the creator’s role',
        () => change('DELETE', `/api/v2/roles/${roles.creator}/users`, source, user(creatorId)),
        /creator does not have the permission logs_read_index_data/,
        /creator does not have the permission logs_read_index_data/,
      ],
      [
        'the permission of the creator’s role',
        () => revoke(source, roles.creator, 'logs_read_index_data'),
        /creator does not have the permission logs_read_index_data/,
        /creator does not have the permission logs_read_index_data/,
      ],
      [
        'any role of the creator',
        () => change('DELETE', `/api/v2/roles/${roles.creator}`, source),
        /creator does not have the permission logs_read_index_data/,
        /creator does not have the permission logs_read_index_data/,
      ],
      [
        'the feature in the source',
        () => turnOff('production'),
        /turned off in the source organization/,
        /turned off in the source organization/,
      ],
      [
        'the feature in the destination',
        () => turnOff('security'),
        /turned off in the destination organization/,
        /turned off in the destination organization/,
      ],
      [
        'logs from what the connection shares',
        () =>
          change('PATCH', `/api/v2/org_connections/${connectionId}`, source, {
            data: {
              type: 'org_connection',
              id: connectionId,
              attributes: { connection_types: ['metrics'] },
            },
          }),
        /does not share logs$/,
        undefined,
      ],
      [
        'the connection',
        () => change('DELETE', `/api/v2/org_connections/${connectionId}`, source),
        /there is no connection from it$/,
        undefined,
      ],
      [
        'their place in the policy of the destination',
        async () => {
          const { Admin } = await principalsOf(app, 'security');
          const resource = connectionResource(connectionId);
          await change('POST', `/api/v2/restriction_policy/${resource}`, destination, {
            data: {
              type: 'restriction_policy',
              id: resource,
              attributes: { bindings: [{ relation: 'editor', principals: [Admin] }] },
            },
          });
        },
        /does not make you a viewer$/,
        undefined,
      ],
    ];

  it.each(RIGHTS)('requires %s, for queries and suggestions', async (_, takeAway, answer, row) => {
    expect(await services()).toEqual(['payroll', 'shop']);
    expect(await suggestedServices()).toEqual(['payroll', 'shop']);
    expect(await unavailable()).toEqual([]);
    await takeAway();
    expect(await services()).toMatch(answer);
    expect(await suggestedServices()).toMatch(answer);
    if (row) expect((await unavailable()).join('\n')).toMatch(row);
    else expect(await unavailable()).toEqual([]);
  });

  it('is refused with the documented text', async () => {
    await revoke(source, roles.creator, 'logs_read_index_data');
    const [reason = 'none'] = await unavailable();
    expect(await services()).toBe(`Query "a": ${reason}`);
    expect(await suggestedServices()).toBe(reason);
  });

  it('is limited by the restriction queries and datasets of the creator only', async () => {
    const { body } = await change('POST', '/api/v2/logs/config/restriction_queries', source, {
      data: { type: 'logs_restriction_queries', attributes: { restriction_query: 'service:shop' } },
    });
    const query = `/api/v2/logs/config/restriction_queries/${idOf(body)}/roles`;
    await change('POST', query, source, { data: { type: 'roles', id: roles.restricted } });
    expect(await services()).toEqual(['payroll', 'shop']);
    await change('POST', query, source, { data: { type: 'roles', id: roles.creator } });
    expect(await services()).toEqual(['shop']);
    expect(await suggestedServices()).toEqual(['shop']);
    await change('POST', '/api/v2/datasets', source, {
      data: {
        type: 'dataset',
        attributes: {
          name: 'Shop',
          principals: [`role:${roles.restricted}`],
          product_filters: [{ product: 'logs', filters: ['service:shop'] }],
        },
      },
    });
    expect(await services()).toEqual([]);
    expect(await suggestedServices()).toEqual([]);
  });

  it('shows no more when the creator loses the role that has a restriction query', async () => {
    const { body } = await change('POST', '/api/v2/logs/config/restriction_queries', source, {
      data: { type: 'logs_restriction_queries', attributes: { restriction_query: 'service:shop' } },
    });
    const query = `/api/v2/logs/config/restriction_queries/${idOf(body)}/roles`;
    await change('POST', query, source, { data: { type: 'roles', id: roles.creator } });
    expect(await services()).toEqual(['shop']);
    await change('DELETE', `/api/v2/roles/${roles.creator}/users`, source, user(creatorId));
    expect(await services()).toMatch(/creator does not have the permission/);
  });

  it('shows what any role of the creator shows, so that losing a role never shows more', async () => {
    const { body } = await change('POST', '/api/v2/logs/config/restriction_queries', source, {
      data: { type: 'logs_restriction_queries', attributes: { restriction_query: 'service:shop' } },
    });
    const query = `/api/v2/logs/config/restriction_queries/${idOf(body)}/roles`;
    await change('POST', query, source, { data: { type: 'roles', id: roles.restricted } });
    await change('POST', `/api/v2/roles/${roles.restricted}/users`, source, user(creatorId));
    expect(await services()).toEqual(['payroll', 'shop']);
    await change('DELETE', `/api/v2/roles/${roles.creator}/users`, source, user(creatorId));
    expect(await services()).toEqual(['shop']);
  });

  it('lets both sides delete the connection while the feature is off', async () => {
    await turnOff('production');
    await turnOff('security');
    expect(await unavailable()).toHaveLength(2);
    await change('DELETE', `/api/v2/org_connections/${connectionId}`, destination);
    expect(await services()).toMatch(/there is no connection from it$/);
  });

  async function services(): Promise<string[] | string> {
    const query = {
      data_source: 'logs',
      name: 'a',
      compute: { aggregation: 'count' },
      search: { query: '*' },
      indexes: ['*'],
      group_by: [{ facet: 'service' }],
      cross_org_uuids: [ORG.production],
    };
    const request = scalarRequest([query]);
    const { body } = await app.call('POST', '/api/v2/query/scalar', securityKeys('viewer'), request);
    const answer = body as {
      errors?: string[];
      data?: { attributes: { columns: { name: string; values: string[][] }[] } };
    };
    const groups = answer.data?.attributes.columns.find(({ name }) => name === 'service')?.values ?? [];
    return answer.errors?.join('\n') ?? groups.flat().toSorted();
  }

  async function suggestedServices(): Promise<string[] | string> {
    const span = `from=${HOUR_START}&to=${HOUR_START + 3_600_000}`;
    const { body } = await app.call(
      'GET',
      `/api/console/facets?data_source=logs&facet=service&${span}&cross_org_uuids=${ORG.production}`,
      securityKeys('viewer'),
    );
    const answer = body as { errors?: string[]; facets?: { name: string }[] };
    return answer.errors?.join('\n') ?? (answer.facets ?? []).map(({ name }) => name).toSorted();
  }

  /** Returns the reason for missing data on the connection's row. */
  async function unavailable(): Promise<string[]> {
    const { body } = await app.call('GET', '/api/v2/org_connections', destination);
    const { data } = body as {
      data: { attributes: { extensions: { unavailable: { reason: string }[] } } }[];
    };
    return data.flatMap(({ attributes }) => attributes.extensions.unavailable.map(({ reason }) => reason));
  }

  async function change(method: string, path: string, keys: Record<string, string>, body?: unknown) {
    const answer = await app.call(method, path, keys, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer;
  }

  async function createRole(keys: Record<string, string>, name: string, ...permissions: string[]) {
    const { body } = await change('POST', '/api/v2/roles', keys, {
      data: { type: 'roles', attributes: { name } },
    });
    const id = idOf(body);
    const ids = await permissionIds();
    for (const permission of permissions) {
      await change('POST', `/api/v2/roles/${id}/permissions`, keys, {
        data: { type: 'permissions', id: ids.get(permission) },
      });
    }
    return id;
  }

  async function revoke(keys: Record<string, string>, roleId: string, permission: string) {
    const ids = await permissionIds();
    await change('DELETE', `/api/v2/roles/${roleId}/permissions`, keys, {
      data: { type: 'permissions', id: ids.get(permission) },
    });
  }

  async function removeFromRole(keys: Record<string, string>, role: string, email: string) {
    const ids = await principalsOf(app, 'security');
    const id = ids[role]?.replace('role:', '') ?? '';
    await change('DELETE', `/api/v2/roles/${id}/users`, keys, user(await userId(keys, email)));
  }

  async function permissionIds(): Promise<Map<string, string>> {
    const { body } = await app.call('GET', '/api/v2/permissions', source);
    const { data } = body as { data: { id: string; attributes: { name: string } }[] };
    return new Map(data.map(({ id, attributes }) => [attributes.name, id]));
  }

  async function userId(keys: Record<string, string>, email: string): Promise<string> {
    const { body } = await app.call('GET', `/api/v2/users?filter=${email}`, keys);
    return idOf({ data: (body as { data: unknown[] }).data[0] });
  }

  async function turnOff(org: 'production' | 'security') {
    await app.database.db
      .updateTable('org')
      .set({ cross_org_visibility: false })
      .where('id', '=', ORG[org])
      .execute();
  }
});

function user(id: string) {
  return { data: { type: 'users', id } };
}

function idOf(body: unknown): string {
  return (body as { data: { id: string } }).data.id;
}
