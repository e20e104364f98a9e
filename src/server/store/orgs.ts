import { sql } from 'kysely';
import type { Db, Scope, ScopedDb } from '../db/scope.ts';

/** Lists the account's organizations by name. */
export function listOrgs(db: ScopedDb) {
  return db.selectFrom('org').selectAll().orderBy('name').execute();
}

/** Lists the organizations of the account that have these ids, by name. */
export function listOrgsById(db: ScopedDb, ids: readonly string[]) {
  return db
    .selectFrom('org')
    .selectAll()
    .where('id', 'in', [...ids])
    .orderBy('name')
    .execute();
}

/** Finds an organization. */
export function findOrg(db: Db, id: string) {
  return db.selectFrom('org').selectAll().where('id', '=', id).executeTakeFirst();
}

export type OrgRow = Awaited<ReturnType<typeof listOrgs>>[number];

/** Locks an organization until the transaction ends. Serializes changes of it, such as adding destinations. */
export function lockOrg(db: Db, id: string): Promise<OrgRow> {
  return db.selectFrom('org').selectAll().where('id', '=', id).forNoKeyUpdate().executeTakeFirstOrThrow();
}

/** Counts the destinations of an organization. `max` is the maximum that its account allows (null: no limit). */
export function countDestinations(db: Db, orgId: string) {
  return db
    .selectFrom('account')
    .innerJoin('org', 'org.account_id', 'account.id')
    .where('org.id', '=', orgId)
    .select((eb) => [
      'account.max_destinations as max',
      eb
        .selectFrom('org_connection')
        .select((count) => count.fn.countAll<number>().as('count'))
        .where('source_org_id', '=', orgId)
        .$asScalar()
        .$notNull()
        .as('used'),
    ])
    .executeTakeFirstOrThrow();
}

/** Lists the organizations of an account by name. */
export function listOrgsOfAccount(db: Db, account: string): Promise<(Scope & { name: string })[]> {
  return db
    .selectFrom('org')
    .innerJoin('account', 'account.id', 'org.account_id')
    .select(['account.id as accountId', 'org.id as orgId', 'org.name'])
    .where('account.name', '=', account)
    .orderBy('org.name')
    .execute();
}

/** Values of an organization that can change. */
export interface OrgValues {
  name: string;
  description: string;
  hipaa: boolean;
  cross_org_visibility: boolean;
}

/** Finds an organization of an account by id, or by name if the id is undefined. */
export function findOrgOfAccount(
  db: Db,
  accountId: string,
  { id, name }: { id?: string | undefined; name: string },
) {
  return db
    .selectFrom('org')
    .select(['id', 'site', 'name', 'description', 'hipaa', 'cross_org_visibility'])
    .where('account_id', '=', accountId)
    .where((eb) => (id === undefined ? eb('name', '=', name) : eb('id', '=', id)))
    .executeTakeFirst();
}

/** Creates an organization and returns its id. */
export async function insertOrg(
  db: Db,
  accountId: string,
  org: OrgValues & { id?: string | undefined; site: string },
): Promise<string> {
  const { id } = await db
    .insertInto('org')
    .values({ ...org, account_id: accountId })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Replaces the values of an organization. Its site never changes: connections depend on it. */
export async function updateOrg(db: Db, id: string, values: OrgValues): Promise<void> {
  await db
    .updateTable('org')
    .set({ ...values, modified_at: sql<string>`now()` })
    .where('id', '=', id)
    .execute();
}
