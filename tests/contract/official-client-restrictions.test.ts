import { client, v2 } from '@datadog/datadog-api-client';
import { describe, expect, it } from 'vitest';
import { adminKeys, EMAIL, productionKeys } from '../support/account.ts';
import { roleId, teamId, userId } from '../support/directory.ts';
import { configureClient, expectParsed, expectWhole } from '../support/official-client.ts';
import { UNKNOWN } from '../support/expected.ts';
import { setUpFreshApp, setUpServer } from '../support/setup-app.ts';

const app = setUpFreshApp();
const server = setUpServer(app);

const queries = (keys = adminKeys('production')) =>
  new v2.LogsRestrictionQueriesApi(configureClient(server.url, keys));
const datasets = (keys = adminKeys('production')) => new v2.DatasetsApi(configureClient(server.url, keys));

const searchFor = (restrictionQuery: string): v2.LogsRestrictionQueriesApiCreateRestrictionQueryRequest => ({
  body: { data: { type: 'logs_restriction_queries', attributes: { restrictionQuery } } },
});

const newDataset = (
  name: string,
  principals: string[],
  filters: string[],
): v2.DatasetsApiCreateDatasetRequest => ({
  body: {
    data: {
      type: 'dataset',
      attributes: { name, principals, productFilters: [{ product: 'logs', filters }] },
    },
  },
});

async function expectRefusal(call: Promise<unknown>, code: number, ...errors: string[]): Promise<void> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(client.ApiException);
  expect(error).toMatchObject({ code, body: { errors } });
}

describe("LogsRestrictionQueriesApi of Datadog's official client", () => {
  it('creates, reads, changes, replaces, lists and deletes a restriction query', async () => {
    const created = await queries().createRestrictionQuery(searchFor('team:a'));
    expectParsed(created);
    expectWhole(created);
    expectWhole(created.data);
    expectWhole(created.data?.attributes);
    expect(created.data).toMatchObject({
      type: 'logs_restriction_queries',
      attributes: {
        restrictionQuery: 'team:a',
        lastModifierEmail: EMAIL.admin,
        roleCount: 0,
        userCount: 0,
        createdAt: expect.any(Date),
      },
    });
    const one = { restrictionQueryId: created.data?.id ?? '' };

    for (const [text, answer] of [
      ['team:b', await queries().updateRestrictionQuery({ ...one, ...searchFor('team:b') })],
      ['team:c', await queries().replaceRestrictionQuery({ ...one, ...searchFor('team:c') })],
    ] as const) {
      expectParsed(answer);
      expectWhole(answer.data?.attributes);
      expect(answer.data).toMatchObject({
        id: one.restrictionQueryId,
        attributes: { restrictionQuery: text },
      });
    }

    await queries().createRestrictionQuery(searchFor('team:d'));
    const page = await queries().listRestrictionQueries({ pageSize: 1, pageNumber: 1 });
    expectParsed(page);
    expectWhole(page);
    expectWhole(page.data?.[0]?.attributes);
    expect(page.data?.map(({ attributes }) => attributes?.restrictionQuery)).toEqual(['team:d']);

    await queries().deleteRestrictionQuery(one);
    await expectRefusal(
      queries().deleteRestrictionQuery(one),
      404,
      `restriction query ${one.restrictionQueryId} not found`,
    );
  });

  it('gives one to roles, tells of them, and takes it away', async () => {
    const created = await queries().createRestrictionQuery(searchFor('team:a'));
    const one = { restrictionQueryId: created.data?.id ?? '' };
    const reader = await roleId(app, 'production', 'Reader');
    const naming = { ...one, body: { data: { type: 'roles', id: reader } } } as const;
    await queries().addRoleToRestrictionQuery(naming);

    const read = await queries().getRestrictionQuery(one);
    expectParsed(read);
    expectWhole(read);
    expectWhole(read.data);
    expectWhole(read.data?.attributes);
    expectWhole(read.data?.relationships);
    expect(read.data).toMatchObject({
      attributes: { roleCount: 1, userCount: 2 },
      relationships: { roles: { data: [{ type: 'roles', id: reader }] } },
    });
    expect(read.included?.map((resource) => resource.constructor.name)).toEqual(['RestrictionQueryRole']);

    const roles = await queries().listRestrictionQueryRoles({ ...one, pageSize: 10 });
    expectParsed(roles);
    expectWhole(roles.data?.[0]);
    expect(roles.data?.map(({ attributes }) => attributes.name)).toEqual(['Reader']);

    for (const listed of [
      await queries().getRoleRestrictionQuery({ roleId: reader }),
      await queries().listUserRestrictionQueries({ userId: await userId(app, 'production', EMAIL.sam) }),
    ]) {
      expectParsed(listed);
      expectWhole(listed.data?.[0]?.attributes);
      expect(listed.data?.map(({ id }) => id)).toEqual([one.restrictionQueryId]);
    }

    await queries().removeRoleFromRestrictionQuery(naming);
    expect((await queries().getRoleRestrictionQuery({ roleId: reader })).data).toEqual([]);
  });

  it('is told what is wrong', async () => {
    await expectRefusal(
      queries(productionKeys('reader')).listRestrictionQueries(),
      403,
      'The permission user_access_manage is required',
    );
    await expectRefusal(
      queries().getRestrictionQuery({ restrictionQueryId: UNKNOWN }),
      404,
      `restriction query ${UNKNOWN} not found`,
    );
    await expectRefusal(
      queries().createRestrictionQuery(searchFor('  ')),
      400,
      'Validation failed for input.',
      'data.attributes.restriction_query: must not be empty',
    );
  });
});

describe("DatasetsApi of Datadog's official client", () => {
  it('creates, reads, replaces, lists and deletes a dataset', async () => {
    const reader = `role:${await roleId(app, 'production', 'Reader')}`;
    const platform = `team:${await teamId(app, 'production', 'platform')}`;
    const created = await datasets().createDataset(newDataset('Payments', [reader], ['@team:payments']));
    expectParsed(created);
    expectWhole(created);
    expectWhole(created.data);
    expectWhole(created.data?.attributes);
    expect(created.data).toMatchObject({
      type: 'dataset',
      attributes: {
        name: 'Payments',
        principals: [reader],
        productFilters: [{ product: 'logs', filters: ['@team:payments'] }],
        createdBy: await userId(app, 'production', EMAIL.admin),
        createdAt: expect.any(Date),
      },
    });
    const one = { datasetId: created.data?.id ?? '' };
    expect(await datasets().getDataset(one)).toEqual(created);

    const replaced = await datasets().updateDataset({
      ...one,
      ...newDataset('Billing', [platform, reader], ['env:prod', 'env:dev']),
    });
    expectParsed(replaced);
    expectWhole(replaced.data?.attributes);
    const listed = await datasets().getAllDatasets();
    expectParsed(listed);
    expectWhole(listed);
    expect(listed.data).toEqual([replaced.data]);
    expect(listed.data?.[0]?.attributes).toMatchObject({ name: 'Billing', principals: [reader, platform] });

    await datasets().deleteDataset(one);
    await expectRefusal(datasets().getDataset(one), 404, `dataset ${one.datasetId} not found`);
  });

  it('is told what is wrong', async () => {
    await datasets().createDataset(newDataset('Payments', [], ['@team:payments']));
    await expectRefusal(
      datasets().createDataset(newDataset('Payments', [], ['@team:billing'])),
      409,
      'a dataset with the name Payments already exists',
    );
    await expectRefusal(
      datasets().createDataset(newDataset('Billing', [`user:${UNKNOWN}`], ['@team:billing'])),
      400,
      `Invalid request: principal "user:${UNKNOWN}" is not supported by datasets, supported types: "role, team"`,
    );
    await expectRefusal(
      datasets(productionKeys('reader')).getAllDatasets(),
      403,
      'The permission user_access_manage is required',
    );
  });
});
