import { type ExpressionBuilder, type SelectQueryBuilder, sql } from 'kysely';
import { CONNECTION_TYPES } from '../../contract/org-connections/constants.ts';
import { isPermissionName, type PermissionName } from '../../contract/permissions/constants.ts';
import type { RoleListQuery } from '../../contract/roles/schema.ts';
import { unknown } from '../../rules/directory.ts';
import { DomainError } from '../../rules/errors.ts';
import { contains } from '../db/contains.ts';
import type { Db, Scope, ScopedDb } from '../db/scope.ts';
import type { Tables } from '../db/tables.ts';
import { violates } from '../db/violates.ts';

/** A role with its permissions and the number of active users who have it. */
export interface RoleRow {
  id: string;
  name: string;
  permissions: PermissionName[];
  user_count: number;
  created_at: string;
  modified_at: string;
}

/** Lists a page of an organization's roles. */
export async function listRoles(db: ScopedDb, orgId: string, query: RoleListQuery): Promise<RoleRow[]> {
  const { by, descending } = query.sort;
  const size = query['page[size]'];
  const rows = await withPermissions(rolesOf(db, orgId))
    .where((eb) => matches(eb, query))
    .orderBy(SORTED_BY[by], descending ? 'desc' : 'asc')
    .orderBy('role.id')
    .limit(size)
    .offset(size * query['page[number]'])
    .execute();
  return rows.map(typed);
}

/** Counts an organization's roles, and those that match a query. */
export function countRoles(db: ScopedDb, orgId: string, query: RoleListQuery) {
  return rolesOf(db, orgId)
    .select((eb) => [
      eb.fn.countAll<number>().as('total'),
      eb.fn.countAll<number>().filterWhere(matches(eb, query)).as('matching'),
    ])
    .executeTakeFirstOrThrow();
}

/** Finds a role of an organization. */
export async function findRole(db: ScopedDb, orgId: string, id: string): Promise<RoleRow | undefined> {
  const row = await withPermissions(rolesOf(db, orgId)).where('role.id', '=', id).executeTakeFirst();
  return row && typed(row);
}

/** Lists the roles of an organization that have these ids, by name. */
export async function listRolesById(db: ScopedDb, orgId: string, ids: readonly string[]): Promise<RoleRow[]> {
  if (ids.length === 0) return [];
  const rows = await withPermissions(rolesOf(db, orgId))
    .where('role.id', 'in', [...new Set(ids)])
    .orderBy('role.name')
    .execute();
  return rows.map(typed);
}

/**
 * Keeps roles from being deleted until the transaction ends.
 *
 * @param exclusive also blocks other exclusive locks of them
 * @throws DomainError `not_found` if one of them is not of the organization
 */
export async function lockRoles(
  db: Db,
  orgId: string,
  ids: readonly string[],
  lock: { exclusive: boolean } = { exclusive: false },
): Promise<void> {
  const locked = await lockExistingRoles(db, orgId, ids, lock);
  const missing = ids.find((id) => !locked.includes(id));
  if (missing !== undefined) throw unknown('role', missing);
}

/** Like {@link lockRoles}, but returns the ids of those that exist instead of throwing. */
export async function lockExistingRoles(
  db: Db,
  orgId: string,
  ids: readonly string[],
  { exclusive }: { exclusive: boolean },
): Promise<string[]> {
  if (ids.length === 0) return [];
  const roles = rolesOf(db, orgId)
    .select('role.id')
    .where('role.id', 'in', [...ids])
    .orderBy('role.id');
  const rows = await (exclusive ? roles.forNoKeyUpdate() : roles.forKeyShare()).execute();
  return rows.map(({ id }) => id);
}

/** Creates a role without permissions and returns its id. Throws `conflict` if the name is taken. */
export async function insertRole(
  db: Db,
  { accountId, orgId }: Scope,
  { id, name }: { id?: string | undefined; name: string },
): Promise<string> {
  try {
    const row = await db
      .insertInto('role')
      .values({ id, name, account_id: accountId, org_id: orgId })
      .returning('id')
      .executeTakeFirstOrThrow();
    return row.id;
  } catch (error) {
    if (violates(error, 'role_org_id_name_key')) {
      throw new DomainError('conflict', 'name_taken', { noun: 'role', name });
    }
    throw error;
  }
}

/** Renames a role. */
export async function renameRole(db: Db, orgId: string, id: string, name: string): Promise<void> {
  await db
    .updateTable('role')
    .set({ name, modified_at: sql<string>`now()` })
    .where('org_id', '=', orgId)
    .where('id', '=', id)
    .execute();
}

/** Deletes a role; returns whether it existed. Users and restriction policies lose it. */
export async function deleteRole(db: ScopedDb, orgId: string, id: string): Promise<boolean> {
  const row = await db
    .deleteFrom('role')
    .where('org_id', '=', orgId)
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Adds permissions to a role, which the caller has locked (`lockRoles`). Skips those that it has. */
export async function insertRolePermissions(
  db: Db,
  { accountId, orgId }: Scope,
  roleId: string,
  permissions: readonly PermissionName[],
): Promise<string[]> {
  if (permissions.length === 0) return [];
  const columns = { account_id: accountId, org_id: orgId, role_id: roleId };
  const inserted = await db
    .insertInto('role_permission')
    .values(permissions.map((permission) => ({ ...columns, permission })))
    .onConflict((conflict) => conflict.doNothing())
    .returning('permission')
    .execute();
  if (inserted.length > 0) await touchRole(db, roleId);
  return inserted.map(({ permission }) => permission);
}

/** Removes a permission from a role; returns whether the role had it. */
export async function deleteRolePermission(
  db: ScopedDb,
  roleId: string,
  permission: PermissionName,
): Promise<boolean> {
  const row = await db
    .deleteFrom('role_permission')
    .where('role_id', '=', roleId)
    .where('permission', '=', permission)
    .returning('permission')
    .executeTakeFirst();
  if (row) await touchRole(db, roleId);
  return row !== undefined;
}

/**
 * Revokes `logs_read_index_data` from the roles that have no restriction query, because such a role would show all logs.
 * The roles must be locked exclusively.
 */
export async function revokeUnrestrictedLogs(db: ScopedDb, roleIds: readonly string[]): Promise<void> {
  if (roleIds.length === 0) return;
  const revoked = await db
    .deleteFrom('role_permission')
    .where('role_id', 'in', [...roleIds])
    .where('permission', '=', CONNECTION_TYPES.logs.permission)
    .where('role_id', 'not in', (eb) => eb.selectFrom('restriction_query_role').select('role_id'))
    .returning('role_id')
    .execute();
  for (const { role_id } of revoked) await touchRole(db, role_id);
}

async function touchRole(db: Db, id: string): Promise<void> {
  await db
    .updateTable('role')
    .set({ modified_at: sql<string>`now()` })
    .where('id', '=', id)
    .execute();
}

// Looks up each user by key: without statistics, a join is planned as a scan of all users for each role.
const USER_COUNT = sql<number>`(select count(*) from user_role
  where user_role.role_id = role.id and (select active from "user" where "user".id = user_role.user_id))`;

const SORTED_BY = {
  name: sql`lower(role.name)`,
  modified_at: sql.ref('role.modified_at'),
  user_count: USER_COUNT,
};

function rolesOf(db: Db, orgId: string) {
  return db.selectFrom('role').where('role.org_id', '=', orgId);
}

function withPermissions(roles: SelectQueryBuilder<Tables, 'role', object>) {
  return roles
    .select(['role.id', 'role.name', 'role.created_at', 'role.modified_at'])
    .select([
      USER_COUNT.as('user_count'),
      sql<string[]>`array(select permission from role_permission where role_id = role.id)`.as('permissions'),
    ]);
}

type StoredRow = Awaited<ReturnType<ReturnType<typeof withPermissions>['execute']>>[number];

function typed(row: StoredRow): RoleRow {
  return { ...row, permissions: row.permissions.filter(isPermissionName) };
}

function matches(eb: ExpressionBuilder<Tables, 'role'>, { filter, 'filter[id]': ids }: RoleListQuery) {
  return eb.and([
    ...(filter === undefined ? [] : [contains(eb.ref('role.name'), filter)]),
    ...(ids === undefined ? [] : [eb('role.id', 'in', ids)]),
  ]);
}
