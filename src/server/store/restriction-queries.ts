import { type SelectQueryBuilder, sql } from 'kysely';
import type { RestrictionQueryListQuery } from '../../contract/restriction-queries/schema.ts';
import { unknown } from '../../rules/directory.ts';
import type { Scope, ScopedDb } from '../db/scope.ts';
import type { Tables } from '../db/tables.ts';

/** Lists a page of an organization's restriction queries, oldest first. */
export function listRestrictionQueries(
  db: ScopedDb,
  orgId: string,
  query: RestrictionQueryListQuery,
): Promise<RestrictionQueryRow[]> {
  const size = query['page[size]'];
  return inOrder(withCounts(queriesOf(db, orgId)))
    .limit(size)
    .offset(size * query['page[number]'])
    .execute();
}

/** Lists the restriction queries of a role. */
export function listRestrictionQueriesOfRole(
  db: ScopedDb,
  orgId: string,
  roleId: string,
): Promise<RestrictionQueryRow[]> {
  return inOrder(withCounts(queriesOf(db, orgId)))
    .where(
      sql<boolean>`exists (select from restriction_query_role
        where restriction_query_id = q.id and role_id = ${roleId})`,
    )
    .execute();
}

/** Lists the restriction queries of a user's roles, each once. */
export function listRestrictionQueriesOfUser(
  db: ScopedDb,
  orgId: string,
  userId: string,
): Promise<RestrictionQueryRow[]> {
  return inOrder(withCounts(queriesOf(db, orgId)))
    .where(
      sql<boolean>`exists (select from restriction_query_role join user_role using (role_id)
        where restriction_query_id = q.id and user_id = ${userId})`,
    )
    .execute();
}

/** Finds a restriction query of an organization. */
export function findRestrictionQuery(
  db: ScopedDb,
  orgId: string,
  id: string,
): Promise<RestrictionQueryRow | undefined> {
  return withCounts(queriesOf(db, orgId)).where('q.id', '=', id).executeTakeFirst();
}

export type RestrictionQueryRow = Awaited<ReturnType<ReturnType<typeof withCounts>['execute']>>[number];

/** Counts the restriction queries of an organization. */
export async function countRestrictionQueries(db: ScopedDb, orgId: string): Promise<number> {
  const { count } = await queriesOf(db, orgId)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** Lists the roles that have a restriction query, by name: all of them, or a page. */
export function listRolesOfRestrictionQuery(
  db: ScopedDb,
  orgId: string,
  id: string,
  page?: RestrictionQueryListQuery,
): Promise<{ id: string; name: string }[]> {
  const roles = db
    .selectFrom('restriction_query_role as granted')
    .innerJoin('role', 'role.id', 'granted.role_id')
    .select(['role.id', 'role.name'])
    .where('granted.org_id', '=', orgId)
    .where('granted.restriction_query_id', '=', id)
    .orderBy(sql`lower(role.name)`)
    .orderBy('role.id');
  if (page === undefined) return roles.execute();
  const size = page['page[size]'];
  return roles
    .limit(size)
    .offset(size * page['page[number]'])
    .execute();
}

/** Creates a restriction query without roles, and returns its id. */
export async function insertRestrictionQuery(
  db: ScopedDb,
  { accountId, orgId, userId }: Scope & { userId: string },
  text: string,
): Promise<string> {
  const { id } = await db
    .insertInto('restriction_query')
    .values({ account_id: accountId, org_id: orgId, restriction_query: text, modified_by: userId })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Replaces the query of a restriction query; returns whether it exists. */
export async function updateRestrictionQuery(
  db: ScopedDb,
  { orgId, userId }: Scope & { userId: string },
  id: string,
  text: string,
): Promise<boolean> {
  const row = await db
    .updateTable('restriction_query')
    .set({ restriction_query: text, modified_by: userId, modified_at: sql<string>`now()` })
    .where('org_id', '=', orgId)
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Deletes a restriction query. Its roles lose it. */
export async function deleteRestrictionQuery(db: ScopedDb, orgId: string, id: string): Promise<void> {
  await db.deleteFrom('restriction_query').where('org_id', '=', orgId).where('id', '=', id).execute();
}

/**
 * Keeps a restriction query from being deleted until the transaction ends. Throws `not_found` if there is none.
 *
 * @param exclusive also keeps it from being added to other roles
 */
export async function lockRestrictionQuery(
  db: ScopedDb,
  orgId: string,
  id: string,
  { exclusive }: { exclusive: boolean } = { exclusive: false },
): Promise<void> {
  const query = queriesOf(db, orgId).select('q.id').where('q.id', '=', id);
  const row = await (exclusive ? query.forUpdate() : query.forKeyShare()).executeTakeFirst();
  if (!row) throw unknown('restriction query', id);
}

/** Adds a restriction query to a role, unless the role has it. The caller has locked both (`lockRoles`, `lockRestrictionQuery`). */
export async function insertRestrictionQueryRole(
  db: ScopedDb,
  { accountId, orgId }: Scope,
  id: string,
  roleId: string,
): Promise<void> {
  await db
    .insertInto('restriction_query_role')
    .values({ account_id: accountId, org_id: orgId, restriction_query_id: id, role_id: roleId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Counts the restriction queries of a role, besides one. */
export async function countOtherQueriesOfRole(
  db: ScopedDb,
  orgId: string,
  roleId: string,
  id: string,
): Promise<number> {
  const { count } = await db
    .selectFrom('restriction_query_role')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('org_id', '=', orgId)
    .where('role_id', '=', roleId)
    .where('restriction_query_id', '!=', id)
    .executeTakeFirstOrThrow();
  return count;
}

/** Removes a restriction query from a role; returns whether the role had it. */
export async function deleteRestrictionQueryRole(
  db: ScopedDb,
  orgId: string,
  id: string,
  roleId: string,
): Promise<boolean> {
  const row = await db
    .deleteFrom('restriction_query_role')
    .where('org_id', '=', orgId)
    .where('restriction_query_id', '=', id)
    .where('role_id', '=', roleId)
    .returning('role_id')
    .executeTakeFirst();
  return row !== undefined;
}

function queriesOf(db: ScopedDb, orgId: string) {
  return db.selectFrom('restriction_query as q').where('q.org_id', '=', orgId);
}

type Queries = Tables & { q: Tables['restriction_query'] };

function withCounts(queries: SelectQueryBuilder<Queries, 'q', object>) {
  return queries.innerJoin('user as modifier', 'modifier.id', 'q.modified_by').select([
    'q.id',
    'q.restriction_query',
    'q.created_at',
    'q.modified_at',
    'modifier.email as last_modifier_email',
    sql<string>`coalesce(modifier.name, modifier.email)`.as('last_modifier_name'),
    sql<number>`(select count(*) from restriction_query_role where restriction_query_id = q.id)`.as(
      'role_count',
    ),
    sql<number>`(select count(distinct user_id) from restriction_query_role join user_role using (role_id)
        where restriction_query_id = q.id and (select active from "user" where "user".id = user_id))`.as(
      'user_count',
    ),
  ]);
}

function inOrder(queries: ReturnType<typeof withCounts>) {
  return queries.orderBy('q.created_at').orderBy('q.id');
}
