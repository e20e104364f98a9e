import { client, v1, v2 } from '@datadog/datadog-api-client';
import { beforeEach, describe, expect, it } from 'vitest';
import { adminKeys, ORG, type OrgKey, productionKeys } from '../support/account.ts';
import { configureClient, expectParsed } from '../support/official-client.ts';
import { UNKNOWN } from '../support/expected.ts';
import { setUpApp, setUpServer } from '../support/setup-app.ts';

const app = setUpApp();
const server = setUpServer(app);
beforeEach(async () => {
  await app.database.db.deleteFrom('org_connection').execute();
});

const configure = (keys: Record<string, string>) => configureClient(server.url, keys);

const connectionsOf = (org: OrgKey) => new v2.OrgConnectionsApi(configure(adminKeys(org)));

function createBody(sink: string, connectionTypes: v2.OrgConnectionTypeEnum[] = ['metrics']) {
  return {
    body: {
      data: {
        type: 'org_connection',
        attributes: { connectionTypes },
        relationships: { sinkOrg: { data: { type: 'orgs', id: sink } } },
      },
    },
  } satisfies v2.OrgConnectionsApiCreateOrgConnectionsRequest;
}

function updateBody(id: string, connectionTypes: v2.OrgConnectionTypeEnum[]) {
  return {
    connectionId: id,
    body: { data: { type: 'org_connection', id, attributes: { connectionTypes } } },
  } satisfies v2.OrgConnectionsApiUpdateOrgConnectionsRequest;
}

async function create(source: OrgKey, sink: OrgKey): Promise<string> {
  const { data } = await connectionsOf(source).createOrgConnections(createBody(ORG[sink]));
  return data?.id ?? '';
}

describe("Datadog's official client", () => {
  it('leads a connection through its whole life', async () => {
    const api = connectionsOf('production');
    const created = await api.createOrgConnections(createBody(ORG.staging, ['logs', 'metrics', 'audit']));
    expectParsed(created);
    expect(created.data).toMatchObject({
      type: 'org_connection',
      attributes: { connectionTypes: ['logs', 'metrics', 'audit'], createdAt: expect.any(Date) },
      relationships: {
        sourceOrg: { data: { id: ORG.production, name: 'Acme Production' } },
        sinkOrg: { data: { id: ORG.staging, name: 'Acme Staging' } },
        createdBy: { data: { name: 'Alex Admin' } },
      },
    });

    const id = created.data?.id ?? '';
    const updated = await api.updateOrgConnections(updateBody(id, ['logs']));
    expectParsed(updated);
    expect(updated.data?.attributes.connectionTypes).toEqual(['logs']);

    const listed = await connectionsOf('staging').listOrgConnections();
    expectParsed(listed);
    expect(listed.data.map((connection) => connection.id)).toEqual([id]);
    expect(listed.meta?.page).toMatchObject({ totalCount: 1, totalFilteredCount: 1 });

    await api.deleteOrgConnections({ connectionId: id });
    expect((await api.listOrgConnections()).data).toEqual([]);
  });

  it('parses connections whose types go beyond its enum', async () => {
    const { body } = await app.call('POST', '/api/v2/org_connections', adminKeys('production'), {
      data: {
        type: 'org_connection',
        attributes: { connection_types: [], extensions: { connection_types: ['ci_pipelines', 'ci_tests'] } },
        relationships: { sink_org: { data: { type: 'orgs', id: ORG.staging } } },
      },
    });
    expect(body).toHaveProperty('data.id');
    const listed = await connectionsOf('production').listOrgConnections();
    expectParsed(listed);
    expect(listed.data[0]?.attributes.connectionTypes).toEqual([]);
  });

  it('filters and pages', async () => {
    await create('production', 'staging');
    await create('production', 'security');
    await create('data', 'production');
    const api = connectionsOf('production');
    const sinks = async (query: v2.OrgConnectionsApiListOrgConnectionsRequest) =>
      (await api.listOrgConnections(query)).data.map(
        ({ relationships }) => relationships.sinkOrg?.data?.name,
      );
    expect(await sinks({ sourceOrgId: ORG.production })).toEqual(['Acme Security', 'Acme Staging']);
    expect(await sinks({ sinkOrgId: ORG.production })).toEqual(['Acme Production']);
    expect(await sinks({ limit: 1, offset: 1 })).toEqual(['Acme Staging']);
  });

  it('is told of a list that cannot be', async () => {
    for (const query of [{ limit: 1001 }, { offset: -1 }, { sourceOrgId: 'malformed' }]) {
      await expect(connectionsOf('production').listOrgConnections(query)).rejects.toMatchObject({
        code: 400,
        body: expect.stringContaining('Validation failed for input.'),
      });
    }
  });

  it('learns of organizations, keys and permissions', async () => {
    const configuration = configure(adminKeys('production'));
    const orgs = await new v2.OrganizationsApi(configuration).listOrgs();
    expectParsed(orgs);
    expect(orgs.included.find(({ id }) => id === ORG.health)?.attributes.name).toBe('Acme Health');

    const older = await new v1.OrganizationsApi(configuration).listOrgs();
    expectParsed(older);
    expect(older.orgs?.map(({ name }) => name)).toContain('Acme Staging');

    expect(await new v1.AuthenticationApi(configuration).validate()).toMatchObject({ valid: true });

    const permissions = await new v2.RolesApi(configuration).listPermissions();
    expectParsed(permissions);
    expect(permissions.data?.map(({ attributes }) => attributes?.name)).toContain('org_connections_write');
  });

  it.each<[string, () => Promise<unknown>, number, string[]]>([
    [
      'a connection to an unknown organization',
      () => connectionsOf('production').createOrgConnections(createBody(UNKNOWN)),
      404,
      ['Not found'],
    ],
    [
      'a connection to an organization of another account',
      () => connectionsOf('production').createOrgConnections(createBody(ORG.globex)),
      404,
      ['Not found'],
    ],
    [
      'a connection to itself',
      () => connectionsOf('production').createOrgConnections(createBody(ORG.production)),
      400,
      [`connection between orgs ${ORG.production} and ${ORG.production} is not allowed`],
    ],
    [
      'a connection to another site',
      () => connectionsOf('production').createOrgConnections(createBody(ORG.europe)),
      400,
      [`connection between orgs ${ORG.production} and ${ORG.europe} is not allowed`],
    ],
    [
      'a connection to where the feature is off',
      () => connectionsOf('production').createOrgConnections(createBody(ORG.labs)),
      400,
      [`connection between orgs ${ORG.production} and ${ORG.labs} is not allowed`],
    ],
    [
      'a type twice in a new connection',
      () => connectionsOf('production').createOrgConnections(createBody(ORG.staging, ['logs', 'logs'])),
      400,
      [`connection between orgs ${ORG.production} and ${ORG.staging} is not allowed`],
    ],
    [
      'a new connection that shares nothing',
      () => connectionsOf('production').createOrgConnections(createBody(ORG.staging, [])),
      400,
      [
        'Validation failed for input.',
        'data.attributes.connection_types: at least one connection type is required',
      ],
    ],
    [
      'a pair that is connected',
      async () => {
        await create('production', 'staging');
        await create('production', 'staging');
      },
      409,
      [`connection between orgs ${ORG.production} and ${ORG.staging} already exists`],
    ],
    [
      'a new connection to what is no id',
      () => connectionsOf('production').createOrgConnections(createBody('malformed')),
      404,
      ['Not found'],
    ],
    [
      'a new connection from where the feature is off',
      () => connectionsOf('labs').createOrgConnections(createBody(ORG.staging)),
      400,
      [`connection between orgs ${ORG.labs} and ${ORG.staging} is not allowed`],
    ],
    [
      'an update whose body names another connection',
      async () => {
        const id = await create('production', 'staging');
        const { body } = updateBody(UNKNOWN, ['logs']);
        await connectionsOf('production').updateOrgConnections({ connectionId: id, body });
      },
      400,
      ['Validation failed for input.', 'data.id: must be the id in the path'],
    ],
    [
      'a sixth destination',
      async () => {
        for (const sink of ['staging', 'security', 'payments', 'health', 'data', 'sandbox'] as const) {
          await create('production', sink);
        }
      },
      400,
      [`org ${ORG.production} already shares with the maximum of 5 organizations`],
    ],
    [
      'an update of an unknown connection',
      () => connectionsOf('production').updateOrgConnections(updateBody(UNKNOWN, ['logs'])),
      404,
      [`Org connection with id:${UNKNOWN} not found not found`],
    ],
    [
      'an update of what is no id',
      () => connectionsOf('production').updateOrgConnections(updateBody('malformed', ['logs'])),
      400,
      ['connection id must be a valid uuid'],
    ],
    [
      'a type twice in an update',
      async () => {
        const id = await create('production', 'staging');
        await connectionsOf('production').updateOrgConnections(updateBody(id, ['logs', 'logs']));
      },
      400,
      ['Validation failed for input.'],
    ],
    [
      'an update that leaves nothing shared',
      async () => {
        const id = await create('production', 'staging');
        await connectionsOf('production').updateOrgConnections(updateBody(id, []));
      },
      400,
      [
        'Validation failed for input.',
        'data.attributes.connection_types: at least one connection type is required',
      ],
    ],
    [
      'a deletion of an unknown connection',
      () => connectionsOf('production').deleteOrgConnections({ connectionId: UNKNOWN }),
      404,
      [`org connection with id:${UNKNOWN} not found not found`],
    ],
    [
      'a deletion of what is no id',
      () => connectionsOf('production').deleteOrgConnections({ connectionId: 'malformed' }),
      400,
      ['connection id must be a valid uuid'],
    ],
    [
      'unknown keys',
      () =>
        new v2.OrgConnectionsApi(
          configure({ 'DD-API-KEY': 'stranger', 'DD-APPLICATION-KEY': 'stranger' }),
        ).listOrgConnections(),
      401,
      ['Unauthorized'],
    ],
    [
      'a missing permission to list',
      () => new v2.OrgConnectionsApi(configure(productionKeys('member'))).listOrgConnections(),
      403,
      ['The permission org_connections_read is required'],
    ],
    [
      'a missing permission to create',
      () =>
        new v2.OrgConnectionsApi(configure(productionKeys('reader'))).createOrgConnections(
          createBody(ORG.staging),
        ),
      403,
      ['The permission org_connections_write is required'],
    ],
  ])('is told of %s', async (_, call, code, errors) => {
    const error = await call().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(client.ApiException);
    expect(error).toMatchObject({ code, body: { errors } });
  });

  it('is told by organizations that are neither side that there is no such connection', async () => {
    const id = await create('production', 'staging');
    for (const other of ['security', 'globex'] as const) {
      await expect(connectionsOf(other).updateOrgConnections(updateBody(id, ['logs']))).rejects.toMatchObject(
        {
          code: 404,
          body: { errors: [`Org connection with id:${id} not found not found`] },
        },
      );
      await expect(connectionsOf(other).deleteOrgConnections({ connectionId: id })).rejects.toMatchObject({
        code: 404,
        body: { errors: [`org connection with id:${id} not found not found`] },
      });
    }
  });

  it('is told that only the source may update, and lets the destination delete', async () => {
    const id = await create('production', 'staging');
    await expect(
      connectionsOf('staging').updateOrgConnections(updateBody(id, ['logs'])),
    ).rejects.toMatchObject({
      code: 403,
      body: { errors: [`only the source organization can update connection ${id}`] },
    });
    await connectionsOf('staging').deleteOrgConnections({ connectionId: id });
    expect((await connectionsOf('production').listOrgConnections()).data).toEqual([]);
  });
});

describe("the seed's own calls", () => {
  it.each(['GET', 'get'])('list with %s and a trailing slash', async (method) => {
    const response = await fetch(`${server.url}/api/v2/org_connections/`, {
      method,
      headers: adminKeys('production'),
    });
    expect(response.status).toBe(200);
  });

  it('create with a body that has no attributes', async () => {
    const response = await fetch(`${server.url}/api/v2/org_connections`, {
      method: 'POST',
      headers: { ...adminKeys('production'), 'Content-Type': 'application/json' },
      body: `{"data":{"type":"org_connection","relationships":{"sink_org":{"data":{"type":"orgs","id":"${ORG.staging}"}}}}}`,
    });
    expect(response.status).toBe(200);
  });
});
