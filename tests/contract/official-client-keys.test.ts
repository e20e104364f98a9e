import { client, v2 } from '@datadog/datadog-api-client';
import { describe, expect, it } from 'vitest';
import { adminKeys, productionKeys } from '../support/account.ts';
import { configureClient, expectParsed } from '../support/official-client.ts';
import { UNKNOWN } from '../support/expected.ts';
import { setUpApp, setUpServer } from '../support/setup-app.ts';

const app = setUpApp();
const server = setUpServer(app);

const keysOf = (keys: Record<string, string>) => new v2.KeyManagementApi(configureClient(server.url, keys));
const admin = () => keysOf(adminKeys('production'));

describe("Datadog's official client", () => {
  it('leads an API key through its whole life', async () => {
    const created = await admin().createAPIKey({
      body: { data: { type: 'api_keys', attributes: { name: 'deploy' } } },
    });
    expectParsed(created);
    const { id = '', attributes, relationships } = created.data ?? {};
    const secret = attributes?.key ?? '';
    expect(secret).toMatch(/^[0-9a-f]{32}$/);
    expect(attributes).toMatchObject({
      name: 'deploy',
      last4: secret.slice(-4),
      createdAt: expect.any(Date),
      modifiedAt: expect.any(Date),
      dateLastUsed: null,
    });
    expect(relationships?.createdBy?.data.id).toBe(relationships?.modifiedBy?.data?.id);

    const withNewKey = keysOf({ ...adminKeys('production'), 'DD-API-KEY': secret });
    const renamed = await withNewKey.updateAPIKey({
      apiKeyId: id,
      body: { data: { type: 'api_keys', id, attributes: { name: 'release' } } },
    });
    expectParsed(renamed);
    expect(renamed.data?.attributes).toMatchObject({ name: 'release', key: undefined });

    const got = await admin().getAPIKey({ apiKeyId: id, include: 'created_by,modified_by' });
    expectParsed(got);
    expect(got.data?.attributes).toMatchObject({ name: 'release', key: undefined });
    expect(got.included).toMatchObject([{ type: 'users', attributes: { name: 'Alex Admin' } }]);
    await expect
      .poll(async () => (await admin().getAPIKey({ apiKeyId: id })).data?.attributes?.dateLastUsed)
      .toBeInstanceOf(Date);

    await admin().deleteAPIKey({ apiKeyId: id });
    await expect(withNewKey.listAPIKeys()).rejects.toMatchObject({ code: 401 });
  });

  it('lists API keys, filtered, sorted and in pages', async () => {
    for (const name of ['list a', 'list b', 'list c']) {
      await admin().createAPIKey({ body: { data: { type: 'api_keys', attributes: { name } } } });
    }
    const listed = await admin().listAPIKeys({
      filter: 'list',
      sort: '-name',
      pageSize: 2,
      pageNumber: 0,
      filterCreatedAtStart: '2020-11-24T18:46:21+00:00',
      filterModifiedAtStart: '2020-11-24T18:46:21+00:00',
      include: 'created_by',
    });
    expectParsed(listed);
    expect(listed.data?.map(({ attributes }) => attributes?.name)).toEqual(['list c', 'list b']);
    expect(listed.meta).toMatchObject({ maxAllowed: 1000, page: { totalFilteredCount: 3 } });
    expect(listed.included).toHaveLength(1);

    const next = await admin().listAPIKeys({ filter: 'list', sort: '-name', pageSize: 2, pageNumber: 1 });
    expect(next.data?.map(({ attributes }) => attributes?.name)).toEqual(['list a']);
    const none = await admin().listAPIKeys({ filterCreatedAtEnd: '2020-11-24T18:46:21+00:00' });
    expect(none).toMatchObject({ data: [], meta: { page: { totalFilteredCount: 0 } } });
  });

  it('parses an API key that the directory file gave', async () => {
    const listed = await admin().listAPIKeys({ filter: 'ci', include: 'created_by,modified_by' });
    expectParsed(listed);
    expect(listed.data).toMatchObject([{ attributes: { name: 'ci' } }]);
  });

  it('leads an application key through its whole life', async () => {
    const created = await admin().createCurrentUserApplicationKey({
      body: {
        data: {
          type: 'application_keys',
          attributes: { name: 'cli', scopes: ['user_app_keys', 'org_connections_read'] },
        },
      },
    });
    expectParsed(created);
    const { id = '', attributes } = created.data ?? {};
    const secret = attributes?.key ?? '';
    expect(attributes).toMatchObject({
      name: 'cli',
      last4: secret.slice(-4),
      scopes: ['user_app_keys', 'org_connections_read'],
      createdAt: expect.any(Date),
    });

    const withNewKey = keysOf({ ...adminKeys('production'), 'DD-APPLICATION-KEY': secret });
    const updated = await withNewKey.updateCurrentUserApplicationKey({
      appKeyId: id,
      body: {
        data: { type: 'application_keys', id, attributes: { name: 'tool', scopes: ['user_app_keys'] } },
      },
    });
    expectParsed(updated);
    expect(updated.data?.attributes).toMatchObject({ name: 'tool', scopes: ['user_app_keys'] });

    const got = await admin().getCurrentUserApplicationKey({ appKeyId: id });
    expectParsed(got);
    expect(got.data?.attributes).toMatchObject({ name: 'tool', key: undefined });

    const listed = await admin().listCurrentUserApplicationKeys({
      sort: 'created_at',
      filter: 'tool',
      include: 'owned_by',
    });
    expectParsed(listed);
    expect(listed.data?.map((key) => key.id)).toEqual([id]);
    expect(listed.data?.[0]?.relationships?.ownedBy?.data.id).toBe(
      listed.included?.[0] && 'id' in listed.included[0] ? listed.included[0].id : undefined,
    );
    expect(listed.meta).toMatchObject({ maxAllowedPerUser: 1000, page: { totalFilteredCount: 1 } });

    await admin().deleteCurrentUserApplicationKey({ appKeyId: id });
    await expect(withNewKey.listCurrentUserApplicationKeys()).rejects.toMatchObject({ code: 401 });
  });

  it.each<[string, () => Promise<unknown>, number, string[]]>([
    ['an unknown API key', () => admin().getAPIKey({ apiKeyId: UNKNOWN }), 404, ['Not found']],
    ['what is no id', () => admin().deleteAPIKey({ apiKeyId: 'malformed' }), 404, ['Not found']],
    [
      "another user's application key",
      async () => {
        const [key] = (await admin().listCurrentUserApplicationKeys()).data ?? [];
        const secret = await secretOfStaging();
        await keysOf({ ...adminKeys('staging'), 'DD-APPLICATION-KEY': secret }).getCurrentUserApplicationKey({
          appKeyId: key?.id ?? '',
        });
      },
      404,
      ['Not found'],
    ],
    [
      'a scope that is no permission',
      () =>
        admin().createCurrentUserApplicationKey({
          body: { data: { type: 'application_keys', attributes: { name: 'x', scopes: ['fly'] } } },
        }),
      400,
      ['Validation failed for input.', 'data.attributes.scopes: unknown permission "fly"'],
    ],
    [
      'a missing permission for API keys',
      () => keysOf(productionKeys('reader')).listAPIKeys(),
      403,
      ['The permission api_keys_write is required'],
    ],
    [
      'a missing permission for application keys',
      () => keysOf(productionKeys('reader')).listCurrentUserApplicationKeys(),
      403,
      ['The permission user_app_keys is required'],
    ],
  ])('is told of %s', async (_, call, code, errors) => {
    const error = await call().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(client.ApiException);
    expect(error).toMatchObject({ code, body: { errors } });
  });
});

/** Another organization's administrator, who has an application key of their own. */
async function secretOfStaging(): Promise<string> {
  const { data } = await keysOf(adminKeys('staging')).createCurrentUserApplicationKey({
    body: { data: { type: 'application_keys', attributes: { name: 'other' } } },
  });
  return data?.attributes?.key ?? '';
}
