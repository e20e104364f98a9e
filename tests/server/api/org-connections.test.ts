import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  adminKeys,
  connectionTo,
  EMAIL,
  ORG,
  type OrgKey,
  productionKeys,
  securityKeys,
} from '../../support/account.ts';
import { roleId } from '../../support/directory.ts';
import { TIMESTAMP, UNKNOWN, UUID } from '../../support/expected.ts';
import { setUpApp } from '../../support/setup-app.ts';

const PATH = '/api/v2/org_connections';

const app = setUpApp();
beforeEach(async () => {
  await app.database.db.deleteFrom('org_connection').execute();
});

function connect(source: OrgKey, sink: OrgKey, attributes?: object) {
  return app.call('POST', PATH, adminKeys(source), connectionTo(ORG[sink], attributes));
}

function update(id: string, attributes: object, headers = adminKeys('production')) {
  return app.call('PATCH', `${PATH}/${id}`, headers, { data: { type: 'org_connection', id, attributes } });
}

describe('POST', () => {
  it('creates a connection and returns it', async () => {
    const { status, body } = await connect('production', 'staging', {
      connection_types: ['logs', 'metrics'],
      extensions: { connection_types: ['ci_tests'] },
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      data: {
        type: 'org_connection',
        id: UUID,
        attributes: {
          created_at: TIMESTAMP,
          connection_types: ['logs', 'metrics'],
          extensions: {
            connection_types: ['ci_tests'],
            restricted: false,
            unavailable: [],
            permitted: { update: true, delete: true, set_policy: true, query: false },
          },
        },
        relationships: {
          source_org: { data: { type: 'orgs', id: ORG.production, name: 'Acme Production' } },
          sink_org: { data: { type: 'orgs', id: ORG.staging, name: 'Acme Staging' } },
          created_by: { data: { type: 'users', id: UUID, name: 'Alex Admin' } },
        },
      },
      included: [
        expect.objectContaining({ type: 'orgs', id: ORG.production }),
        expect.objectContaining({ type: 'orgs', id: ORG.staging }),
        expect.objectContaining({ type: 'users' }),
      ],
    });
  });

  it.each([
    ['no attributes', undefined],
    ['no types', {}],
  ])('shares metrics when the body has %s', async (_, attributes) => {
    const { body } = await connect('production', 'staging', attributes);
    expect(body).toMatchObject({ data: { attributes: { connection_types: ['metrics'] } } });
  });

  it.each<[string, OrgKey, string, object | undefined, number, string[]]>([
    ['an unknown organization', 'production', UNKNOWN, undefined, 404, ['Not found']],
    ['no UUID', 'production', 'acme', undefined, 404, ['Not found']],
    ['an organization of another account', 'production', ORG.globex, undefined, 404, ['Not found']],
    ['itself', 'production', ORG.production, undefined, 400, [notAllowed('production', 'production')]],
    ['another site', 'production', ORG.europe, undefined, 400, [notAllowed('production', 'europe')]],
    ['where the feature is off', 'production', ORG.labs, undefined, 400, [notAllowed('production', 'labs')]],
    [
      'anything, the feature being off here',
      'labs',
      ORG.staging,
      undefined,
      400,
      [notAllowed('labs', 'staging')],
    ],
    [
      'anything, naming a type twice',
      'production',
      ORG.staging,
      { connection_types: ['logs', 'logs'] },
      400,
      [notAllowed('production', 'staging')],
    ],
    [
      'anything with no type',
      'production',
      ORG.staging,
      { connection_types: [] },
      400,
      [
        'Validation failed for input.',
        'data.attributes.connection_types: at least one connection type is required',
      ],
    ],
    [
      'anything with an unknown type',
      'production',
      ORG.staging,
      { connection_types: ['spans'] },
      400,
      ['Validation failed for input.', 'data.attributes.connection_types: unknown connection type "spans"'],
    ],
  ])('refuses to connect to %s', async (_, source, sinkId, attributes, status, errors) => {
    expect(await app.call('POST', PATH, adminKeys(source), connectionTo(sinkId, attributes))).toEqual({
      status,
      body: { errors },
    });
  });

  it('refuses a pair that is connected, but not its reverse', async () => {
    await app.connect('production', 'staging');
    expect(await connect('production', 'staging')).toEqual({
      status: 409,
      body: { errors: [`connection between orgs ${ORG.production} and ${ORG.staging} already exists`] },
    });
    await app.connect('staging', 'production');
  });

  it('refuses a sixth destination, until one of the five is gone', async () => {
    const ids = [];
    for (const sink of ['staging', 'security', 'payments', 'health', 'data'] as const) {
      ids.push(await app.connect('production', sink));
    }
    expect(await connect('production', 'sandbox')).toEqual({
      status: 400,
      body: { errors: [`org ${ORG.production} already shares with the maximum of 5 organizations`] },
    });
    await app.call('DELETE', `${PATH}/${ids[0]}`, adminKeys('production'));
    await app.connect('production', 'sandbox');
  });

  it.each([
    ['broken JSON', '{"data":', 'The body is not valid JSON'],
    ['no body', '', 'The body is not valid JSON'],
    ['an array', [], 'body: must be of type object'],
    ['no data', {}, 'data: is required'],
    [
      'another type',
      { ...connectionTo(ORG.staging), data: { ...connectionTo(ORG.staging).data, type: 'x' } },
      'data.type: Invalid input: expected "org_connection"',
    ],
    [
      'no sink',
      { data: { type: 'org_connection', relationships: {} } },
      'data.relationships.sink_org: is required',
    ],
    [
      'types that are no list',
      connectionTo(ORG.staging, { connection_types: 'metrics' }),
      'data.attributes.connection_types: must be of type array',
    ],
  ])('names the fault of %s', async (_, body, fault) => {
    expect(await app.call('POST', PATH, adminKeys('production'), body)).toEqual({
      status: 400,
      body: { errors: ['Validation failed for input.', fault] },
    });
  });

  it('limits the number of faults of a body', async () => {
    for (const connection_types of [Array(40_000).fill('spans'), Array(40_000).fill(1)]) {
      const body = connectionTo(ORG.staging, { connection_types });
      const answer = await app.call('POST', PATH, adminKeys('production'), body);
      expect(answer.status).toBe(400);
      expect((answer.body as { errors: string[] }).errors.length).toBeLessThanOrEqual(102);
    }
  });

  it('ignores members that it does not know', async () => {
    const body = { ...connectionTo(ORG.staging, { connection_types: ['logs'], color: 'red' }), meta: {} };
    expect(await app.call('POST', PATH, adminKeys('production'), body)).toMatchObject({ status: 200 });
  });

  it('refuses a body over 1 MB', async () => {
    const body = { ...connectionTo(ORG.staging), padding: 'x'.repeat(1024 * 1024) };
    expect(await app.call('POST', PATH, adminKeys('production'), body)).toEqual({
      status: 413,
      body: { errors: ['The body is larger than 1 MB'] },
    });
  });
});

describe('GET', () => {
  it('omits included in an empty list', async () => {
    expect(await app.call('GET', PATH, adminKeys('production'))).toEqual({
      status: 200,
      body: { data: [], meta: { page: { total_count: 0, total_filtered_count: 0 } } },
    });
  });

  it("lists the organization's own shares first, then newest first, each organization and user once", async () => {
    await app.connect('production', 'staging');
    await app.connect('data', 'production');
    await app.connect('production', 'security');
    await app.connect('staging', 'production');
    await app.connect('staging', 'security');
    const { body } = await app.call('GET', PATH, adminKeys('production'));
    expect(pairs(body)).toEqual([
      'Acme Production > Acme Security',
      'Acme Production > Acme Staging',
      'Acme Staging > Acme Production',
      'Acme Data > Acme Production',
    ]);
    const { included } = body as { included: { type: string; id: string }[] };
    expect(new Set(included.map(({ id }) => id)).size).toBe(included.length);
    expect(included.filter(({ type }) => type === 'orgs')).toHaveLength(4);
    expect(included.filter(({ type }) => type === 'users')).toHaveLength(3);
    expect(body).toMatchObject({ meta: { page: { total_count: 4, total_filtered_count: 4 } } });
  });

  it.each<[string, string[], { total_count: number; total_filtered_count: number }]>([
    [
      `?source_org_id=${ORG.production}`,
      ['staging', 'security'],
      { total_count: 3, total_filtered_count: 2 },
    ],
    [`?sink_org_id=${ORG.production}`, ['production'], { total_count: 3, total_filtered_count: 1 }],
    [
      `?source_org_id=${ORG.production}&sink_org_id=${ORG.staging}`,
      ['staging'],
      { total_count: 3, total_filtered_count: 1 },
    ],
    [`?sink_org_id=${ORG.globex}`, [], { total_count: 3, total_filtered_count: 0 }],
    ['?limit=1', ['security'], { total_count: 3, total_filtered_count: 3 }],
    ['?limit=2&offset=1', ['staging', 'production'], { total_count: 3, total_filtered_count: 3 }],
    ['?offset=3', [], { total_count: 3, total_filtered_count: 3 }],
    [
      '?limit=&offset=&sink_org_id=',
      ['security', 'staging', 'production'],
      { total_count: 3, total_filtered_count: 3 },
    ],
    ['?unknown=1', ['security', 'staging', 'production'], { total_count: 3, total_filtered_count: 3 }],
  ])('lists with %s', async (query, sinks, page) => {
    await app.connect('production', 'staging');
    await app.connect('production', 'security');
    await app.connect('data', 'production');
    const { status, body } = await app.call('GET', PATH + query, adminKeys('production'));
    expect(status).toBe(200);
    expect(sinksOf(body).toSorted()).toEqual(sinks.toSorted());
    expect(body).toMatchObject({ meta: { page } });
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['limit=ten', 'limit'],
    ['limit=1.5', 'limit'],
    ['limit=1e2', 'limit'],
    ['offset=-1', 'offset'],
    ['source_org_id=acme', 'source_org_id'],
    ['sink_org_id=1', 'sink_org_id'],
  ])('refuses %s and names it', async (query, field) => {
    const { status, body } = await app.call('GET', `${PATH}?${query}`, adminKeys('production'));
    expect(status).toBe(400);
    expect(body).toEqual({
      errors: ['Validation failed for input.', expect.stringMatching(new RegExp(`^${field}: `))],
    });
  });

  it('accepts a trailing slash', async () => {
    expect(await app.call('GET', `${PATH}/`, adminKeys('production'))).toMatchObject({ status: 200 });
  });

  it('returns the actions that the caller may take, on each side', async () => {
    const id = await app.connect('production', 'staging');
    const permitted = async (headers: Record<string, string>) => {
      const { body } = await app.call('GET', `${PATH}/${id}`, headers);
      return (body as { data: { attributes: { extensions: { permitted: unknown } } } }).data.attributes
        .extensions.permitted;
    };
    expect(await permitted(adminKeys('production'))).toEqual(only('update', 'delete', 'set_policy'));
    expect(await permitted(adminKeys('staging'))).toEqual(only('delete', 'set_policy', 'query'));
    expect(await permitted(productionKeys('reader'))).toEqual(only());
  });
});

describe('GET of one', () => {
  it('is visible to both sides only', async () => {
    const id = await app.connect('production', 'staging');
    for (const side of ['production', 'staging'] as const) {
      expect(await app.call('GET', `${PATH}/${id}`, adminKeys(side))).toMatchObject({
        status: 200,
        body: { data: { id }, included: expect.any(Array) },
      });
    }
    for (const other of ['security', 'globex'] as const) {
      expect(await app.call('GET', `${PATH}/${id}`, adminKeys(other))).toEqual({
        status: 404,
        body: { errors: [`Org connection with id:${id} not found not found`] },
      });
    }
  });

  it('shows both sides why queries are refused while the creator is disabled', async () => {
    const { db } = app.database;
    const keys = securityKeys('editor');
    const created = await app.call('POST', PATH, keys, connectionTo(ORG.payments));
    const { id } = (created.body as { data: { id: string } }).data;
    const told = async (side: OrgKey) => {
      const { body } = await app.call('GET', `${PATH}/${id}`, adminKeys(side));
      return (body as { data: { attributes: { extensions: object } } }).data.attributes.extensions;
    };
    const setDisabled = (disabled: boolean) =>
      db.updateTable('user').set({ disabled }).where('email', '=', EMAIL.editor).execute();
    expect(await told('payments')).toMatchObject({ unavailable: [], permitted: { query: true } });

    await setDisabled(true);
    onTestFinished(async () => {
      await setDisabled(false);
    });
    const unavailable = [
      {
        connection_type: 'metrics',
        reason:
          "The connection's creator is not active in the source organization. Delete the connection and create it again there.",
      },
    ];
    const source = { update: true, delete: true, set_policy: true, query: false };
    expect(await told('security')).toMatchObject({ unavailable, permitted: source });
    const sink = { update: false, delete: true, set_policy: true, query: false };
    expect(await told('payments')).toMatchObject({ unavailable, permitted: sink });
  });

  it('refuses a malformed id', async () => {
    expect(await app.call('GET', `${PATH}/x`, adminKeys('production'))).toEqual({
      status: 400,
      body: { errors: ['connection id must be a valid uuid'] },
    });
  });
});

describe('PATCH', () => {
  it('replaces the types and leaves extension types that were not sent', async () => {
    const id = await app.connect('production', 'staging', { extensions: { connection_types: ['ci_tests'] } });
    expect(await update(id, { connection_types: ['logs', 'audit'] })).toMatchObject({
      status: 200,
      body: {
        data: {
          id,
          attributes: {
            connection_types: ['logs', 'audit'],
            extensions: { connection_types: ['ci_tests'] },
          },
        },
      },
    });
    expect(
      await update(id, { connection_types: [], extensions: { connection_types: ['ci_pipelines'] } }),
    ).toMatchObject({
      status: 200,
      body: {
        data: { attributes: { connection_types: [], extensions: { connection_types: ['ci_pipelines'] } } },
      },
    });
  });

  it.each<[string, object, string[]]>([
    ['a type twice', { connection_types: ['logs', 'logs'] }, ['Validation failed for input.']],
    [
      'no type left',
      { connection_types: [] },
      [
        'Validation failed for input.',
        'data.attributes.connection_types: at least one connection type is required',
      ],
    ],
    [
      'an unknown type',
      { connection_types: ['spans'] },
      ['Validation failed for input.', 'data.attributes.connection_types: unknown connection type "spans"'],
    ],
    [
      'no types at all',
      {},
      ['Validation failed for input.', 'data.attributes.connection_types: is required'],
    ],
  ])('refuses %s and changes nothing', async (_, attributes, errors) => {
    const id = await app.connect('production', 'staging');
    expect(await update(id, attributes)).toEqual({ status: 400, body: { errors } });
    const { body } = await app.call('GET', `${PATH}/${id}`, adminKeys('production'));
    expect(body).toMatchObject({ data: { attributes: { connection_types: ['metrics'] } } });
  });

  it('refuses a body with another id than the path', async () => {
    const id = await app.connect('production', 'staging');
    const body = {
      data: { type: 'org_connection', id: UNKNOWN, attributes: { connection_types: ['logs'] } },
    };
    expect(await app.call('PATCH', `${PATH}/${id}`, adminKeys('production'), body)).toEqual({
      status: 400,
      body: { errors: ['Validation failed for input.', 'data.id: must be the id in the path'] },
    });
  });

  it('is limited to the source', async () => {
    const id = await app.connect('production', 'staging');
    expect(await update(id, { connection_types: ['logs'] }, adminKeys('staging'))).toEqual({
      status: 403,
      body: { errors: [`only the source organization can update connection ${id}`] },
    });
  });

  it.each<[string, OrgKey]>([
    ['an organization that is neither side', 'security'],
    ['an organization of another account', 'globex'],
  ])('does not know the connection for %s', async (_, org) => {
    const id = await app.connect('production', 'staging');
    expect(await update(id, { connection_types: ['logs'] }, adminKeys(org))).toEqual({
      status: 404,
      body: { errors: [`Org connection with id:${id} not found not found`] },
    });
  });

  it('refuses a malformed id', async () => {
    expect(await update('x', { connection_types: ['logs'] })).toEqual({
      status: 400,
      body: { errors: ['connection id must be a valid uuid'] },
    });
  });
});

describe('DELETE', () => {
  it.each<[OrgKey]>([['production'], ['staging']])('is possible for either side: %s', async (side) => {
    const id = await app.connect('production', 'staging');
    expect(await app.call('DELETE', `${PATH}/${id}`, adminKeys(side))).toEqual({ status: 200, body: {} });
    expect(await app.call('DELETE', `${PATH}/${id}`, adminKeys(side))).toEqual({
      status: 404,
      body: { errors: [`org connection with id:${id} not found not found`] },
    });
  });

  it.each<[OrgKey]>([['security'], ['globex']])('does not know the connection for %s', async (org) => {
    const id = await app.connect('production', 'staging');
    expect(await app.call('DELETE', `${PATH}/${id}`, adminKeys(org))).toEqual({
      status: 404,
      body: { errors: [`org connection with id:${id} not found not found`] },
    });
    expect(await app.call('GET', `${PATH}/${id}`, adminKeys('staging'))).toMatchObject({ status: 200 });
  });

  it('refuses a malformed id', async () => {
    expect(await app.call('DELETE', `${PATH}/x`, adminKeys('production'))).toEqual({
      status: 400,
      body: { errors: ['connection id must be a valid uuid'] },
    });
  });
});

describe('permissions', () => {
  const id = UNKNOWN;
  it.each<[string, string, string, Record<string, string>, string]>([
    ['list', 'GET', PATH, productionKeys('member'), 'org_connections_read'],
    ['read one', 'GET', `${PATH}/${id}`, productionKeys('member'), 'org_connections_read'],
    ['list with write alone', 'GET', PATH, productionKeys('writer'), 'org_connections_read'],
    ['create', 'POST', PATH, productionKeys('reader'), 'org_connections_write'],
    ['update', 'PATCH', `${PATH}/${id}`, productionKeys('reader'), 'org_connections_write'],
    ['delete', 'DELETE', `${PATH}/${id}`, productionKeys('reader'), 'org_connections_write'],
    ['create with narrowed keys', 'POST', PATH, productionKeys('scoped'), 'org_connections_write'],
  ])('to %s', async (_, method, path, headers, permission) => {
    expect(await app.call(method, path, headers, method === 'GET' ? undefined : {})).toEqual({
      status: 403,
      body: { errors: [`The permission ${permission} is required`] },
    });
  });

  it('are independent of each other', async () => {
    expect(await app.call('GET', PATH, productionKeys('scoped'))).toMatchObject({ status: 200 });
    expect(await app.call('POST', PATH, productionKeys('writer'), connectionTo(ORG.staging))).toMatchObject({
      status: 200,
    });
  });

  it('to read a type are needed to add it, but not to keep it', async () => {
    const writer = productionKeys('writer');
    const logs = 'To share logs, you need the permission logs_read_index_data.';
    const tests = 'To share ci_tests, you need the permission test_optimization_read.';
    const wanted = { connection_types: ['metrics', 'logs'], extensions: { connection_types: ['ci_tests'] } };
    expect(await app.call('POST', PATH, writer, connectionTo(ORG.sandbox, wanted))).toEqual(
      forbidden(logs, tests),
    );

    const shared = await app.connect('production', 'sandbox', { connection_types: ['logs'] });
    const share = (attributes: object) =>
      app.call('PATCH', `${PATH}/${shared}`, writer, {
        data: { type: 'org_connection', id: shared, attributes },
      });
    expect(await share(wanted)).toEqual(forbidden(tests));
    expect(await share({ connection_types: ['metrics', 'logs'] })).toMatchObject({ status: 200 });
    expect(await share({ connection_types: ['metrics'] })).toMatchObject({ status: 200 });
    expect(await share({ connection_types: ['metrics', 'logs'] })).toEqual(forbidden(logs));
  });
});

describe('Adding a type to a connection that another user created', () => {
  it('is refused to a user whose own access to the type is restricted', async () => {
    const id = await app.connect('production', 'health', { connection_types: ['metrics'] });
    const { db } = app.database;
    const admin = adminKeys('production');
    const restriction = {
      data: { type: 'logs_restriction_queries', attributes: { restriction_query: 'service:shop' } },
    };
    const created = await app.call('POST', '/api/v2/logs/config/restriction_queries', admin, restriction);
    const { id: queryId } = (created.body as { data: { id: string } }).data;
    const role = await roleId(app, 'production', 'Writer');
    await app.call('POST', `/api/v2/logs/config/restriction_queries/${queryId}/roles`, admin, {
      data: { type: 'roles', id: role },
    });
    onTestFinished(async () => {
      await db.deleteFrom('restriction_query').execute();
      await db
        .deleteFrom('role_permission')
        .where('role_id', '=', role)
        .where('permission', '=', 'logs_read_index_data')
        .execute();
    });
    const body = {
      data: { type: 'org_connection', id, attributes: { connection_types: ['metrics', 'logs'] } },
    };
    expect(await app.call('PATCH', `${PATH}/${id}`, productionKeys('writer'), body)).toEqual(
      forbidden(
        'Your access to logs is restricted, so you cannot add them to a connection that another user created. Ask its creator to add them.',
      ),
    );
    expect(await app.call('PATCH', `${PATH}/${id}`, admin, body)).toMatchObject({ status: 200 });
    const own = await app.call('POST', PATH, productionKeys('writer'), connectionTo(ORG.data));
    expect(own).toMatchObject({ status: 200 });
    const { id: ownId } = (own.body as { data: { id: string } }).data;
    const ownBody = { data: { ...body.data, id: ownId } };
    expect(await app.call('PATCH', `${PATH}/${ownId}`, productionKeys('writer'), ownBody)).toMatchObject({
      status: 200,
    });
  });
});

function forbidden(...errors: string[]) {
  return { status: 403, body: { errors } };
}

function notAllowed(source: OrgKey, sink: OrgKey): string {
  return `connection between orgs ${ORG[source]} and ${ORG[sink]} is not allowed`;
}

function only(...actions: string[]) {
  return Object.fromEntries(
    ['update', 'delete', 'set_policy', 'query'].map((action) => [action, actions.includes(action)]),
  );
}

interface Listed {
  data: { relationships: Record<'source_org' | 'sink_org', { data: { id: string; name: string } }> }[];
}

function pairs(body: unknown): string[] {
  return (body as Listed).data.map(
    ({ relationships: { source_org, sink_org } }) => `${source_org.data.name} > ${sink_org.data.name}`,
  );
}

function sinksOf(body: unknown): string[] {
  return (body as Listed).data.map(({ relationships: { sink_org } }) => {
    const [key] = Object.entries(ORG).find(([, id]) => id === sink_org.data.id) ?? ['?'];
    return key;
  });
}
