import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { adminKeys, EMAIL, ORG } from '../../support/account.ts';
import { describeOnBothDatabases } from '../../support/databases.ts';
import { roleId, userId } from '../../support/directory.ts';
import { setUpApp } from '../../support/setup-app.ts';
import { askForTable, sendLogs, sendSeries } from '../../support/telemetry.ts';

const COUNT = { data_source: 'logs', name: 'n', compute: { aggregation: 'count' } };

/** Numbers from 0. */
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Joins conditions with OR. */
const either = (...conditions: string[]) => conditions.join(' OR ');

describeOnBothDatabases(
  'Filters of data access with more conditions than parameters of a statement',
  (open) => {
    const app = setUpApp({}, open);
    let owner: { account_id: string; org_id: string };
    beforeAll(async () => {
      const { account_id } = await app.database.db
        .selectFrom('org')
        .select('account_id')
        .where('id', '=', ORG.production)
        .executeTakeFirstOrThrow();
      owner = { account_id, org_id: ORG.production };
      await sendLogs(app, 'production', {
        1: { message: 'one', ddtags: 'team:t999-9-9,env:a', name: 'v1', size: 7 },
        2: { message: 'two', ddtags: 'team:t5-5-5,env:b', name: 'v2', size: 8 },
        3: { message: 'three', ddtags: 'team:free,env:c', name: 'v3', size: 9 },
      });
      await sendSeries(
        app,
        'production',
        { metric: 'load', tags: ['team:t999-9-9', 'host:a'], points: { 1: 1 } },
        { metric: 'load', tags: ['team:free', 'host:b'], points: { 1: 10 } },
      );
    });
    beforeEach(async () => {
      const { db } = app.database;
      await db.deleteFrom('dataset').execute();
      await db.deleteFrom('restriction_query').execute();
    });

    /** Stores datasets that no one is in. They may have been stored when more were allowed than today. */
    async function storeDatasets(products: (dataset: number) => Record<string, string[]>): Promise<void> {
      const created_by = await userId(app, 'production', EMAIL.admin);
      const rows = upTo(1000).map((dataset) => ({
        ...owner,
        created_by,
        name: `Dataset ${dataset}`,
        product_filters: JSON.stringify(
          Object.entries(products(dataset)).map(([product, filters]) => ({ product, filters })),
        ),
      }));
      await app.database.db.insertInto('dataset').values(rows).execute();
    }

    /** Stores restriction queries of the administrators. */
    async function storeRestrictionQueries(text: (index: number) => string): Promise<void> {
      const { db } = app.database;
      const modified_by = await userId(app, 'production', EMAIL.admin);
      const role_id = await roleId(app, 'production', 'Admin');
      const stored = await db
        .insertInto('restriction_query')
        .values(upTo(1000).map((index) => ({ ...owner, modified_by, restriction_query: text(index) })))
        .returning('id')
        .execute();
      await db
        .insertInto('restriction_query_role')
        .values(stored.map(({ id }) => ({ ...owner, role_id, restriction_query_id: id })))
        .execute();
    }

    async function countLogs(search = ''): Promise<unknown> {
      return (await askForTable(app, 'production', [{ ...COUNT, search: { query: search } }]))['n'];
    }

    describe('of datasets', () => {
      it('hide logs and metrics', async () => {
        await storeDatasets((dataset) => {
          const values = (filter: number) => upTo(50).map((value) => `t${dataset}-${filter}-${value}`);
          return {
            logs: upTo(10).map((filter) => `team:(${values(filter).join(' OR ')})`),
            metrics: upTo(10).map((filter) => `team IN (${values(filter).join(',')})`),
          };
        });
        expect(await countLogs()).toEqual([1]);
        const load = { data_source: 'metrics', name: 'load', query: 'sum:load{*}', aggregator: 'sum' };
        expect(await askForTable(app, 'production', [load])).toEqual({ load: [10] });
      });

      it('hide logs by attributes and patterns', async () => {
        await storeDatasets((dataset) => ({
          logs: upTo(10).map((filter) =>
            filter === 0
              ? `@key${dataset}:(${upTo(40)
                  .map((value) => `w${value}`)
                  .join(' OR ')})`
              : `@name:(${upTo(60)
                  .map((value) => `${dataset === 500 ? 'v1' : 'none'}${value === 3 ? '' : value}*`)
                  .join(' OR ')})`,
          ),
        }));
        expect(await countLogs()).toEqual([2]);
      });
    });

    describe('of restriction queries', () => {
      it.each<[string, number, (query: number, condition: number) => string, number]>([
        ['tags', 66, (query, one) => (query === 7 && one === 7 ? 'env:b' : `team:x${query}-${one}`), 1],
        [
          'attributes of many names',
          66,
          (query, one) => (query + one === 0 ? '@name:v3' : `@k${query}.${one}:v`),
          1,
        ],
        ['ranges', 66, (query, one) => (query + one === 0 ? '@size:>7' : `@s${query}.${one}:>=${one}`), 2],
        [
          'pairs',
          33,
          (query, one) => (query + one === 0 ? '(env:a @name:v1)' : `(team:q${query} @n:v${one})`),
          1,
        ],
        [
          'negations',
          22,
          (query, one) => (query + one === 0 ? '-env:a' : `-(env:* team:*) @a:${query}.${one}`),
          2,
        ],
      ])('show logs by %s', async (_, count, condition, shown) => {
        await storeRestrictionQueries((query) => either(...upTo(count).map((one) => condition(query, one))));
        expect(await countLogs()).toEqual([shown]);
      });

      it('show logs by words', async () => {
        await storeRestrictionQueries((query) => (query === 999 ? 'two' : `word${query}`));
        expect(await countLogs()).toEqual([1]);
        expect(await countLogs('-two')).toEqual([]);
      });
    });

    it('does not affect others', async () => {
      expect(await app.call('GET', '/api/v2/datasets', adminKeys('production'))).toMatchObject({
        status: 200,
      });
      expect(await countLogs()).toEqual([3]);
    });
  },
);
