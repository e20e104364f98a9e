import type { ScopedDb } from '../db/scope.ts';

/** The account's organizations, by name. */
export function listOrgs(db: ScopedDb) {
  return db.selectFrom('org').selectAll().orderBy('name').execute();
}

/** Those of the account's organizations that are named, by name. */
export function listOrgsById(db: ScopedDb, ids: readonly string[]) {
  return db
    .selectFrom('org')
    .selectAll()
    .where('id', 'in', [...ids])
    .orderBy('name')
    .execute();
}

/** An organization of the account. */
export function findOrg(db: ScopedDb, id: string) {
  return db.selectFrom('org').selectAll().where('id', '=', id).executeTakeFirst();
}

export type OrgRow = Awaited<ReturnType<typeof listOrgs>>[number];

/**
 * Holds the organization's row until the transaction ends, so that whoever else wants to add a destination to it waits
 * and then sees what was added.
 */
export function lockOrg(db: ScopedDb, id: string): Promise<OrgRow> {
  return db.selectFrom('org').selectAll().where('id', '=', id).forNoKeyUpdate().executeTakeFirstOrThrow();
}

/** How many destinations an organization shares with, and how many its account allows (null: no limit). */
export function countDestinations(db: ScopedDb, orgId: string) {
  return db
    .selectFrom('account')
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
