import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { snapshot } from '../../../src/server/db/scope.ts';
import { findDataAccess } from '../../../src/server/store/data-access.ts';
import { adminKeys, EMAIL, ORG, type OrgKey } from '../../support/account.ts';
import { describeOnBothDatabases } from '../../support/databases.ts';
import { dataOf, naming, roleId, teamId, userId } from '../../support/directory.ts';
import { setUpApp } from '../../support/setup-app.ts';

const QUERIES = '/api/v2/logs/config/restriction_queries';

describeOnBothDatabases('the data access of a user', (open) => {
  const app = setUpApp({}, open);
  beforeAll(async () => {
    await app.connect('security', 'payments');
    for (const org of ['security', 'payments'] as const) await restrict(org);
  });

  /** Admins see logs of team a, readers those of team b, and only the platform team sees a dataset. */
  async function restrict(org: OrgKey): Promise<void> {
    const headers = adminKeys(org);
    for (const [role, team] of [
      ['Admin', 'a'],
      ['Reader', 'b'],
      ['Writer', 'c'],
    ] as const) {
      const attributes = { restriction_query: `team:${org}-${team}` };
      const { id } = dataOf(await app.call('POST', QUERIES, headers, { data: { attributes } }));
      const named = naming('roles', await roleId(app, org, role));
      expect(await app.call('POST', `${QUERIES}/${id}/roles`, headers, named)).toMatchObject({ status: 204 });
    }
    const attributes = {
      name: 'Platform',
      principals: [`team:${await teamId(app, org, 'platform')}`],
      product_filters: [{ product: 'logs', filters: [`env:${org}`] }],
    };
    const body = { data: { type: 'dataset', attributes } };
    expect(await app.call('POST', '/api/v2/datasets', headers, body)).toMatchObject({ status: 200 });
  }

  /** Returns the data access of a user, as a request of an organization loads it. */
  async function found(from: OrgKey, of: OrgKey, email: string, named?: OrgKey) {
    const { db } = app.database;
    const { account_id } = await db
      .selectFrom('org')
      .select('account_id')
      .where('id', '=', ORG[from])
      .executeTakeFirstOrThrow();
    const id = await userId(app, of, email);
    return snapshot(db, { accountId: account_id, orgId: ORG[from] }, async (db) => {
      if (named) await sql`select set_config('app.telemetry_org', ${ORG[named]}, true)`.execute(db);
      return findDataAccess(db, ORG[of], id);
    });
  }

  it('has their principals, the restriction queries of their roles, and all datasets of the organization', async () => {
    const team: `team:${string}` = `team:${await teamId(app, 'security', 'platform')}`;
    const expected = {
      logRoles: [['team:security-b']],
      datasets: [{ principals: [team], productFilters: [{ product: 'logs', filters: ['env:security'] }] }],
      principals: new Set([
        `org:${ORG.security}`,
        `user:${await userId(app, 'security', EMAIL.viewer)}`,
        `role:${await roleId(app, 'security', 'Reader')}`,
        team,
      ]),
    };
    expect(await found('security', 'security', EMAIL.viewer)).toEqual(expected);
    expect(await found('payments', 'security', EMAIL.viewer, 'security')).toEqual(expected);
    expect(await found('security', 'security', EMAIL.sam)).toMatchObject({ logRoles: [] });
  });

  it('is an error if it cannot be read', async () => {
    await expect(found('payments', 'security', EMAIL.viewer)).rejects.toThrow('no result');
    await expect(found('payments', 'security', EMAIL.viewer, 'payments')).rejects.toThrow('no result');
    await expect(found('staging', 'security', EMAIL.viewer, 'security')).rejects.toThrow('no result');
  });
});
