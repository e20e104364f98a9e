import { beforeEach, expect, it } from 'vitest';
import type { Principal } from '../../../src/contract/restriction-policies/constants.ts';
import { adminKeys, EMAIL, ORG, productionKeys, securityKeys } from '../../support/account.ts';
import { describeOnBothDatabases } from '../../support/databases.ts';
import { column, dataOf, rowsOf, userId } from '../../support/directory.ts';
import { principalsOf } from '../../support/principals.ts';
import {
  DONE,
  TIMESTAMP,
  UNKNOWN,
  UUID,
  invalid,
  missingPermission,
  notFound,
  refusal,
} from '../../support/expected.ts';
import { setUpFreshApp } from '../../support/setup-app.ts';

const PATH = '/api/v2/datasets';
const MAY_NOT = missingPermission('user_access_manage');
const ADMIN = adminKeys('production');

/** The filters of products, as a request has them. */
type Filters = Record<string, string[]>;

const LOGS: Filters = { logs: ['@team:payments'] };

function bodyOf(name: string, principals: readonly string[], filters: Filters = LOGS, attributes = {}) {
  const product_filters = Object.entries(filters).map(([product, all]) => ({ product, filters: all }));
  return { data: { type: 'dataset', attributes: { name, principals, product_filters, ...attributes } } };
}

const refused = (text: string) => refusal(400, text);
const conflict = (text: string) => refusal(409, text);
const used = (dataset: string, filter: string) =>
  conflict(`the filter ${filter} for logs is already used by the dataset ${dataset}`);

describeOnBothDatabases('datasets', (open) => {
  const app = setUpFreshApp(open);
  /** The principals of Acme Production by name or email. */
  let production: Record<string, Principal>;
  beforeEach(async () => {
    production = await principalsOf(app, 'production');
  });

  const named = (...names: string[]) => names.map((name) => production[name] ?? name);
  const list = (headers = ADMIN) => app.call('GET', PATH, headers);
  const get = (id: string, headers = ADMIN) => app.call('GET', `${PATH}/${id}`, headers);
  const post = (body: unknown, headers = ADMIN) => app.call('POST', PATH, headers, body);
  const put = (id: string, body: unknown, headers = ADMIN) => app.call('PUT', `${PATH}/${id}`, headers, body);
  async function create(...parts: Parameters<typeof bodyOf>): Promise<string> {
    const answer = await post(bodyOf(...parts));
    expect(answer).toMatchObject({ status: 200 });
    return dataOf(answer).id;
  }

  it('are created, with every property that the official client knows', async () => {
    const filters = { logs: ['@team:payments', '@team:billing'], metrics: ['team:payments'] };
    const answer = await post(bodyOf(' Payments ', named('Platform', 'Reader', 'Reader'), filters));
    expect(answer).toEqual({
      status: 200,
      body: {
        data: {
          type: 'dataset',
          id: UUID,
          attributes: {
            name: 'Payments',
            principals: named('Reader', 'Platform'),
            product_filters: [
              { product: 'logs', filters: ['@team:payments', '@team:billing'] },
              { product: 'metrics', filters: ['team:payments'] },
            ],
            created_at: TIMESTAMP,
            created_by: await userId(app, 'production', EMAIL.admin),
          },
        },
      },
    });
    expect(await get(dataOf(answer).id)).toEqual(answer);
    expect(await list()).toEqual({ status: 200, body: { data: [dataOf(answer)] } });
  });

  it('are replaced as a whole', async () => {
    const id = await create('Payments', named('Reader'));
    const before = dataOf(await get(id));
    const replaced = await put(id.toUpperCase(), bodyOf('Billing', named('Platform'), { apm: ['env:prod'] }));
    expect(replaced).toEqual({
      status: 200,
      body: {
        data: {
          ...before,
          attributes: {
            ...before.attributes,
            name: 'Billing',
            principals: named('Platform'),
            product_filters: [{ product: 'apm', filters: ['env:prod'] }],
          },
        },
      },
    });
    expect(await get(id)).toEqual(replaced);
    expect(await put(id, bodyOf('Billing', named('Platform'), { apm: ['env:prod'] }))).toEqual(replaced);
  });

  it('are deleted once', async () => {
    const id = await create('Payments', named('Reader'));
    expect(await app.call('DELETE', `${PATH}/${id}`, ADMIN)).toEqual(DONE);
    expect(await app.call('DELETE', `${PATH}/${id}`, ADMIN)).toEqual(notFound('dataset', id));
    expect(await app.database.db.selectFrom('dataset_principal').selectAll().execute()).toEqual([]);
  });

  it('stay in force when the last principal is deleted', async () => {
    const id = await create('Payments', named('Reader', 'Platform'));
    for (const [path, name] of [
      ['/api/v2/roles', 'Reader'],
      ['/api/v2/team', 'Platform'],
    ] as const) {
      const [, principalId] = (production[name] ?? '').split(':');
      expect(await app.call('DELETE', `${path}/${principalId}`, ADMIN)).toEqual(DONE);
    }
    const left = dataOf(await get(id));
    expect(left.attributes).toMatchObject({ principals: [] });
    expect(await put(id, { data: left })).toMatchObject({ status: 200 });
  });

  it.each([
    ['user:11111111-1111-4111-8111-111111111111'],
    ['org:11111111-1111-4111-8111-111111111111'],
    ['Role:11111111-1111-4111-8111-111111111111'],
    ['role'],
    [''],
  ])('cannot be for "%s"', async (principal) => {
    const fault = `Invalid request: principal "${principal}" is not supported by datasets, supported types: "role, team"`;
    expect(await post(bodyOf('Payments', [...named('Reader'), principal]))).toEqual(refused(fault));
  });

  it('accept only roles and teams of their own organization', async () => {
    const staging = await principalsOf(app, 'staging');
    const foreign = [`role:${UNKNOWN}`, staging['Reader'] ?? '', staging['Platform'] ?? ''].toSorted();
    const id = await create('Billing', named('Reader'), { logs: ['env:prod'] });
    const before = await get(id);
    const fault = `Invalid request: this organization has no principal ${foreign.map((one) => `"${one}"`).join(', ')}`;
    expect(await post(bodyOf('Payments', [...named('Reader'), ...foreign]))).toEqual(refused(fault));
    expect(await put(id, bodyOf('Payments', [...foreign, ...named('Reader')]))).toEqual(refused(fault));
    expect(await post(bodyOf('Payments', ['role:malformed']))).toEqual(
      refused('Invalid request: this organization has no principal "role:malformed"'),
    );
    expect(await list()).toEqual({ status: 200, body: { data: [dataOf(before)] } });
  });

  it.each<[string, Filters, string]>([
    ['no product', {}, 'data.attributes.product_filters: must not be empty'],
    [
      'an unknown product',
      { toast: ['team:a'] },
      'data.attributes.product_filters[0].product: must be one of apm, rum, metrics, logs, error_tracking, cloud_cost, sd_repoinfo, secruntime, signal, ci_pipelines, ci_tests',
    ],
    ['no filter', { logs: [] }, 'data.attributes.product_filters[0].filters: must not be empty'],
    ['an empty filter', { rum: [' '] }, 'data.attributes.product_filters[0].filters[0]: must not be empty'],
    [
      'eleven filters',
      { logs: Array.from({ length: 11 }, (_, index) => `team:${index}`) },
      'data.attributes.product_filters[0].filters: must have at most 10 entries',
    ],
    [
      'the same filter twice',
      { apm: ['env:a', 'env:b', 'env:a'] },
      'data.attributes.product_filters[0].filters[2]: occurs twice',
    ],
    ...['logs', 'metrics'].map((product): [string, Filters, string] => [
      `eleven values for ${product}`,
      { [product]: ['team:a', `team IN (${'bcdefghijk'.split('').join(',')})`] },
      'data.attributes.product_filters[0].filters: must have at most 10 values of the tag or attribute in all, not 11',
    ]),
    [
      'filters by several attributes',
      { metrics: ['env:a'], logs: ['@team:a', 'team:a'] },
      'data.attributes.product_filters[1].filters: must use one tag or attribute, not @team, team',
    ],
    [
      'a filter by several tags',
      { metrics: ['env:a AND team:b'] },
      'data.attributes.product_filters[0].filters: must use one tag or attribute, not env, team',
    ],
    [
      'filters by several keys of what is not looked into',
      { signal: ['env:a', '-team:b'] },
      'data.attributes.product_filters[0].filters: must use one tag or attribute, not env, team',
    ],
    ...(['logs', 'metrics', 'rum'] as const).map((product): [string, Filters, string] => [
      `words for ${product}`,
      { [product]: ['broken'] },
      'data.attributes.product_filters[0].filters[0]: must use a tag or an attribute, such as team:payments',
    ]),
    [
      'everything',
      { ci_tests: ['*'] },
      'data.attributes.product_filters[0].filters[0]: must use a tag or an attribute, such as team:payments',
    ],
  ])('cannot be made of %s', async (_, filters, fault) => {
    const id = await create('Billing', named('Reader'), { logs: ['env:prod'] });
    expect(await post(bodyOf('Payments', named('Reader'), filters))).toEqual(invalid(fault));
    expect(await put(id, bodyOf('Payments', named('Reader'), filters))).toEqual(invalid(fault));
  });

  it.each(['logs', 'metrics', 'ci_pipelines', 'ci_tests', 'sd_repoinfo'])(
    'of %s must have filters that can be read, else it is told where not',
    async (product) => {
      expect(await post(bodyOf('Payments', named('Reader'), { [product]: ['env:a', '(env:b'] }))).toEqual(
        invalid(
          expect.stringMatching(
            /^data\.attributes\.product_filters\[0\]\.filters\[1\]: position \d+: expected /,
          ),
        ),
      );
    },
  );

  it('name each product once', async () => {
    const [product] = bodyOf('', []).data.attributes.product_filters;
    const body = bodyOf('Payments', named('Reader'), {}, { product_filters: [product, product] });
    expect(await post(body)).toEqual(
      invalid('data.attributes.product_filters[1].product: "logs" occurs twice'),
    );
  });

  it('keep filters of products that are not evaluated', async () => {
    const filters = { apm: ['@env:(a OR "b'], cloud_cost: ['team:a', '-team:b'] };
    const id = await create('Payments', named('Reader'), filters);
    expect(dataOf(await get(id)).attributes).toMatchObject({
      product_filters: [
        { product: 'apm', filters: filters.apm },
        { product: 'cloud_cost', filters: filters.cloud_cost },
      ],
    });
  });

  it.each([
    ['no name', { name: undefined }, 'data.attributes.name: is required'],
    ['a blank name', { name: ' ' }, 'data.attributes.name: must not be empty'],
    ['no principals', { principals: undefined }, 'data.attributes.principals: is required'],
    [
      'too many principals',
      { principals: Array.from({ length: 1001 }, () => `role:${UNKNOWN}`) },
      'data.attributes.principals: must name at most 1000 principals',
    ],
    ['no filters', { product_filters: undefined }, 'data.attributes.product_filters: is required'],
  ])('with %s are refused', async (_, attributes, fault) => {
    expect(await post(bodyOf('Payments', named('Reader'), LOGS, attributes))).toEqual(invalid(fault));
  });

  it('have a unique name', async () => {
    const id = await create('Payments', named('Reader'));
    await create('Billing', named('Reader'), { logs: ['env:prod'] });
    const taken = conflict('a dataset with the name Billing already exists');
    expect(await post(bodyOf('Billing', named('Reader'), { logs: ['env:dev'] }))).toEqual(taken);
    expect(await put(id, bodyOf('Billing', named('Reader')))).toEqual(taken);
    expect(await post(bodyOf('Billing', []), adminKeys('staging'))).toMatchObject({ status: 200 });
  });

  it('have unique filters per product', async () => {
    const id = await create('Payments', named('Reader'));
    await create('Billing', named('Reader'), { metrics: ['@team:payments'], logs: ['@team:billing'] });
    expect(await post(bodyOf('More', named('Reader'), { logs: ['@team:x', '@team:payments'] }))).toEqual(
      used('Payments', '@team:payments'),
    );
    expect(await put(id, bodyOf('Payments', named('Reader'), { logs: ['@team:billing'] }))).toEqual(
      used('Billing', '@team:billing'),
    );
    expect(await put(id, bodyOf('Payments', named('Platform')))).toMatchObject({ status: 200 });
  });

  it('cannot be seen or changed by other organizations', async () => {
    const id = await create('Payments', named('Reader'));
    const before = await get(id);
    await app.connect('production', 'staging');
    for (const org of ['staging', 'globex'] as const) {
      const headers = adminKeys(org);
      expect(rowsOf(await list(headers))).toEqual([]);
      expect(await get(id, headers)).toEqual(notFound('dataset', id));
      expect(await put(id, bodyOf('Mine', []), headers)).toEqual(notFound('dataset', id));
      expect(await app.call('DELETE', `${PATH}/${id}`, headers)).toEqual(notFound('dataset', id));
    }
    expect(await get(id)).toEqual(before);
    for (const unknown of [UNKNOWN, 'malformed']) {
      expect(await get(unknown)).toEqual(notFound('dataset', unknown));
      expect(await put(unknown, bodyOf('Mine', []))).toEqual(notFound('dataset', unknown));
      expect(await app.call('DELETE', `${PATH}/${unknown}`, ADMIN)).toEqual(notFound('dataset', unknown));
    }
  });

  it('need user_access_manage for every call', async () => {
    const id = await create('Payments', named('Reader'));
    for (const [method, rest, body] of [
      ['GET', ''],
      ['POST', '', bodyOf('Billing', [])],
      ['GET', `/${id}`],
      ['PUT', `/${id}`, bodyOf('Billing', [])],
      ['DELETE', `/${id}`],
    ] as const) {
      for (const user of ['reader', 'writer', 'scoped'] as const) {
        const answer = await app.call(method, `${PATH}${rest}`, productionKeys(user), body);
        expect(answer, `${user}: ${method} ${rest}`).toEqual(MAY_NOT);
      }
      expect(await app.call(method, `${PATH}${rest}`, {}, body)).toMatchObject({ status: 401 });
    }
    expect(column(await list(), 'name')).toEqual(['Payments']);
    expect(await list(securityKeys('guardian'))).toMatchObject({ status: 200 });
  });

  it('are at most a hundred, even with concurrent requests', async () => {
    const { account_id } = await app.database.db
      .selectFrom('org')
      .select('account_id')
      .where('id', '=', ORG.production)
      .executeTakeFirstOrThrow();
    const created_by = await userId(app, 'production', EMAIL.admin);
    const row = { account_id, org_id: ORG.production, created_by, product_filters: '[]' };
    await app.database.db
      .insertInto('dataset')
      .values(Array.from({ length: 97 }, (_, index) => ({ ...row, name: `Dataset ${index}` })))
      .execute();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        post(bodyOf(`New ${index}`, named('Reader'), { logs: [`team:${index}`] })),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(answers.find(({ status }) => status !== 200)).toEqual(
      refused(`org ${ORG.production} already has the maximum of 100 datasets`),
    );
  });

  it('are unique by name and filter, even with concurrent requests', async () => {
    const answers = await Promise.all([
      ...Array.from({ length: 4 }, (_, index) => post(bodyOf('Same', [], { logs: [`team:${index}`] }))),
      ...Array.from({ length: 4 }, (_, index) => post(bodyOf(`Other ${index}`, [], { rum: ['team:a'] }))),
    ]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200, 200, 409, 409, 409, 409, 409, 409,
    ]);
  });
});
