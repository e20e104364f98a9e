import { sql } from 'kysely';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { PERMISSIONS } from '../../../src/contract/permissions/constants.ts';
import type { Database } from '../../../src/server/db/database.ts';
import { type ScopedDb, scoped } from '../../../src/server/db/scope.ts';
import { applyDirectory } from '../../../src/server/directory/apply.ts';
import { ORG, type OrgKey, TEST_DIRECTORY } from '../../support/account.ts';
import { describeOnBothDatabases, emptyDatabase } from '../../support/databases.ts';
import { log } from '../../support/log.ts';

const IN_ACCOUNT = [
  'account',
  'org',
  'role',
  'role_permission',
  'team',
  'user',
  'user_role',
  'team_membership',
  'restriction_policy',
  'restriction_policy_binding',
] as const;
const SIGN_IN = [
  'person',
  'credential',
  'session',
  'sign_in_attempt',
  'api_key',
  'application_key',
  'directory_grant',
  'invitation',
] as const;

describeOnBothDatabases('the database itself', (open) => {
  let database: Database;
  let world: Awaited<ReturnType<typeof populate>>;
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(async () => {
    await emptyDatabase(database);
    world = await populate(database);
  });

  it('hides every row of other accounts, even without conditions', async () => {
    const { inScope } = world;
    await inScope('globex', async (db) => {
      const counts = await Promise.all(
        IN_ACCOUNT.map(async (table) => [table, (await db.selectFrom(table).selectAll().execute()).length]),
      );
      expect(Object.fromEntries(counts)).toEqual({
        account: 1,
        org: 1,
        role: 1,
        role_permission: PERMISSIONS.length,
        team: 0,
        user: 1,
        user_role: 1,
        team_membership: 0,
        restriction_policy: 0,
        restriction_policy_binding: 0,
      });
      expect(await db.selectFrom('org_connection').selectAll().execute()).toEqual([]);
    });
  });

  it('shows an organization only its own connections', async () => {
    const { inScope } = world;
    const seenBy = (org: OrgKey) =>
      inScope(org, async (db) => (await db.selectFrom('org_connection').selectAll().execute()).length);
    expect(await seenBy('production')).toBe(1);
    expect(await seenBy('staging')).toBe(2);
    expect(await seenBy('security')).toBe(1);
    expect(await seenBy('payments')).toBe(0);
  });

  it.each(SIGN_IN)('keeps the table %s from requests', async (table) => {
    const { inScope } = world;
    await expect(inScope('production', (db) => db.selectFrom(table).selectAll().execute())).rejects.toThrow(
      `permission denied for table ${table}`,
    );
  });

  it("refuses writes of other organizations' connections", async () => {
    const { inScope, production } = world;
    const forged = {
      account_id: production.accountId,
      site: 'us1',
      source_org_id: ORG.payments,
      sink_org_id: ORG.production,
      connection_types: ['metrics'],
      created_by: production.userId,
    };
    await expect(
      inScope('production', (db) => db.insertInto('org_connection').values(forged).execute()),
    ).rejects.toThrow('row-level security');
    const changed = await inScope('security', (db) =>
      db
        .updateTable('org_connection')
        .set({ connection_types: ['logs'] })
        .returning('id')
        .execute(),
    );
    expect(changed).toEqual([]);
    const deleted = await inScope('payments', (db) =>
      db.deleteFrom('org_connection').returning('id').execute(),
    );
    expect(deleted).toEqual([]);
  });

  it('lets a request change users, roles and teams of its own organization only', async () => {
    const { inScope, production } = world;
    await expect(
      inScope('production', (db) => db.updateTable('org').set({ name: 'Mine' }).execute()),
    ).rejects.toThrow('permission denied');
    await expect(
      inScope('production', (db) => db.updateTable('user').set({ email: 'other@acme.example' }).execute()),
    ).rejects.toThrow('permission denied');
    const disabled = await inScope('production', (db) =>
      db.updateTable('user').set({ disabled: true }).returning('org_id').execute(),
    );
    expect(new Set(disabled.map(({ org_id }) => org_id))).toEqual(new Set([ORG.production]));
    const foreignRole = { account_id: production.accountId, org_id: ORG.staging, name: 'Intruder' };
    await expect(
      inScope('production', (db) => db.insertInto('role').values(foreignRole).execute()),
    ).rejects.toThrow('row-level security');
    const deleted = await inScope('globex', (db) => db.deleteFrom('role').returning('org_id').execute());
    expect(deleted).toEqual([{ org_id: ORG.globex }]);
  });

  it('shows each side of a connection only its own policy, and deletes it with the connection', async () => {
    const { inScope, production } = world;
    const [connection] = await inScope('production', (db) =>
      db.selectFrom('org_connection').select('id').execute(),
    );
    const policy = (org: OrgKey, id = connection?.id ?? '') => ({
      account_id: production.accountId,
      org_id: ORG[org],
      resource_type: 'cross-org-connection',
      resource_id: id,
    });
    const policiesOf = (org: OrgKey) =>
      inScope(org, (db) =>
        db
          .selectFrom('restriction_policy')
          .select('org_id')
          .where('resource_type', '=', 'cross-org-connection')
          .execute(),
      );
    const insert = (as: OrgKey, values: ReturnType<typeof policy>) =>
      inScope(as, (db) => db.insertInto('restriction_policy').values(values).execute());

    await insert('production', policy('production'));
    expect(await policiesOf('production')).toEqual([{ org_id: ORG.production }]);
    expect(await policiesOf('staging')).toEqual([]);
    await expect(insert('security', policy('security'))).rejects.toThrow('row-level security');
    await expect(insert('staging', policy('production'))).rejects.toThrow('row-level security');

    await inScope('staging', (db) => db.deleteFrom('org_connection').execute());
    expect(await policiesOf('production')).toEqual([]);
  });

  it.each([
    'restriction_policy',
    'restriction_policy_binding',
    'invitation',
    'api_key',
    'application_key',
  ] as const)(
    "shows an organization its own rows of %s alone, and lets it write no other's",
    async (table) => {
      const { inScope } = world;
      const seen = (org: OrgKey) => inScope(org, (db) => db.selectFrom(table).select('org_id').execute());
      const own = await seen('production');
      expect(own.length).toBeGreaterThan(0);
      expect(new Set(own.map(({ org_id }) => org_id))).toEqual(new Set([ORG.production]));
      expect(new Set((await seen('staging')).map(({ org_id }) => org_id))).toEqual(new Set([ORG.staging]));

      await inScope('staging', (db) => db.deleteFrom(table).execute());
      expect(await seen('production')).toEqual(own);
      expect(await seen('staging')).toEqual([]);
    },
  );

  it("refuses bindings in other organizations' policies", async () => {
    const { inScope, production } = world;
    const foreign = {
      account_id: production.accountId,
      org_id: ORG.production,
      resource_type: 'dashboard',
      resource_id: 'of-production',
      relation: 'editor',
      principal_type: 'org',
      principal_id: ORG.production,
    };
    await expect(
      inScope('staging', (db) => db.insertInto('restriction_policy_binding').values(foreign).execute()),
    ).rejects.toThrow('row-level security');
  });

  it("accepts only principals of the policy's organization", async () => {
    const { inScope, production } = world;
    const ids = await database.db
      .selectFrom('role')
      .select(['id', 'org_id'])
      .where('name', '=', 'Reader')
      .execute();
    const roleOf = (org: OrgKey) => ids.find(({ org_id }) => org_id === ORG[org])?.id ?? '';
    const policy = {
      account_id: production.accountId,
      org_id: ORG.production,
      resource_type: 'dashboard',
      resource_id: 'abc-def-ghi',
    };
    const bind = (principal_type: string, principal_id: string) =>
      inScope('production', async (db) => {
        await db.insertInto('restriction_policy').values(policy).execute();
        await db
          .insertInto('restriction_policy_binding')
          .values({ ...policy, relation: 'editor', principal_type, principal_id })
          .execute();
      });
    await expect(bind('role', roleOf('staging'))).rejects.toThrow('restriction_policy_binding_role');
    await expect(bind('org', ORG.staging)).rejects.toThrow('restriction_policy_binding_org');
    await bind('role', roleOf('production'));
    await inScope('production', (db) =>
      db.deleteFrom('role').where('id', '=', roleOf('production')).execute(),
    );
    const left = (table: 'restriction_policy' | 'restriction_policy_binding') =>
      inScope('production', (db) =>
        db.selectFrom(table).select('org_id').where('resource_id', '=', 'abc-def-ghi').execute(),
      );
    expect(await left('restriction_policy_binding')).toEqual([]);
    expect(await left('restriction_policy')).toHaveLength(1);
  });

  it('refuses connections across accounts and sites, and to the same organization, from any role', async () => {
    const { production } = world;
    const insert = (sink: OrgKey, site = 'us1') =>
      database.db
        .insertInto('org_connection')
        .values({
          account_id: production.accountId,
          site,
          source_org_id: ORG.production,
          sink_org_id: ORG[sink],
          connection_types: ['metrics'],
          created_by: production.userId,
        })
        .execute();
    await expect(insert('globex')).rejects.toThrow('foreign key');
    await expect(insert('europe')).rejects.toThrow('foreign key');
    await expect(insert('europe', 'eu1')).rejects.toThrow('foreign key');
    await expect(insert('production')).rejects.toThrow('org_connection_not_itself');
  });

  it('resets the scope when its transaction ends', async () => {
    const { inScope } = world;
    await inScope('globex', (db) => db.selectFrom('org').selectAll().execute());
    await expect(inScope('globex', () => Promise.reject(new Error('on purpose')))).rejects.toThrow(
      'on purpose',
    );
    expect((await database.db.selectFrom('org').selectAll().execute()).length).toBe(10);
    const { rows } = await sql<{ account: string }>`select current_account() as account`.execute(database.db);
    expect(rows).toEqual([{ account: null }]);
  });

  it("rolls back a scope's writes when its work fails", async () => {
    const { inScope } = world;
    await expect(
      inScope('production', async (db) => {
        await db.deleteFrom('org_connection').execute();
        throw new Error('on purpose');
      }),
    ).rejects.toThrow('on purpose');
    expect(
      await inScope('production', (db) => db.selectFrom('org_connection').selectAll().execute()),
    ).toHaveLength(1);
  });

  it('does not report success when a failed statement was ignored', async () => {
    const { inScope } = world;
    await expect(
      inScope('production', async (db) => {
        await db.deleteFrom('org_connection').execute();
        await sql`select 1 / 0`.execute(db).catch(() => undefined);
      }),
    ).rejects.toThrow('current transaction is aborted');
    expect(
      await inScope('production', (db) => db.selectFrom('org_connection').selectAll().execute()),
    ).toHaveLength(1);
  });

  it('lets queries of telemetry run in parallel, despite row-level security', async () => {
    const { rows } = await sql`
      select proname from pg_proc where proparallel = 's' and proname in ('telemetry_org', 'current_org') order by 1`.execute(
      database.db,
    );
    expect(rows).toEqual([{ proname: 'current_org' }, { proname: 'telemetry_org' }]);
  });

  it('accepts only UUIDs as a scope', async () => {
    await expect(
      scoped(
        database.db,
        { accountId: "'; drop table org; --", orgId: ORG.production },
        async () => undefined,
      ),
    ).rejects.toThrow('A scope is made of UUIDs');
  });
});

async function populate(database: Database) {
  // Without hashing passwords, which is slow: no test signs in.
  await applyDirectory({ db: database.db, log }, TEST_DIRECTORY, async (password) => password);
  await connect(database, 'production', 'staging');
  await connect(database, 'staging', 'security');
  const orgs = await database.db.selectFrom('org').select(['id', 'account_id']).execute();
  for (const org of ['production', 'staging'] as const) await restrictAndInvite(database, org);
  const accountOf = (org: OrgKey) => orgs.find(({ id }) => id === ORG[org])?.account_id ?? '';
  const admin = await database.db
    .selectFrom('user')
    .select('id')
    .where('org_id', '=', ORG.production)
    .where('email', '=', 'admin@acme.example')
    .executeTakeFirstOrThrow();
  return {
    production: { accountId: accountOf('production'), userId: admin.id },
    inScope: <Result>(org: OrgKey, work: (db: ScopedDb) => Promise<Result>) =>
      scoped(database.db, { accountId: accountOf(org), orgId: ORG[org] }, work),
  };
}

/** Creates a connection that shares metrics. */
async function connect({ db }: Database, source: OrgKey, sink: OrgKey): Promise<void> {
  const creator = await db
    .selectFrom('user')
    .innerJoin('org', 'org.id', 'user.org_id')
    .select(['user.id as created_by', 'org.account_id', 'org.site'])
    .where('org.id', '=', ORG[source])
    .where('user.email', '=', 'admin@acme.example')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('org_connection')
    .values({ ...creator, source_org_id: ORG[source], sink_org_id: ORG[sink], connection_types: ['metrics'] })
    .execute();
}

/** A policy of an organization with a binding, and an invitation. */
async function restrictAndInvite({ db }: Database, org: OrgKey): Promise<void> {
  const user = await db
    .selectFrom('user')
    .select(['id', 'account_id', 'org_id'])
    .where('org_id', '=', ORG[org])
    .where('email', '=', 'admin@acme.example')
    .executeTakeFirstOrThrow();
  const { id: user_id, ...columns } = user;
  const policy = { ...columns, resource_type: 'dashboard', resource_id: `of-${org}` };
  await db.insertInto('restriction_policy').values(policy).execute();
  await db
    .insertInto('restriction_policy_binding')
    .values({ ...policy, relation: 'viewer', principal_type: 'user', principal_id: user_id })
    .execute();
  const expires_at = new Date(Date.now() + 60_000);
  await db
    .insertInto('invitation')
    .values({ ...columns, user_id, hash: `hash-${org}`, expires_at })
    .execute();
}
