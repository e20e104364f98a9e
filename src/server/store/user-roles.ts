import { sql } from 'kysely';

import type { Db, Scope, ScopedDb } from '../db/scope.ts';

/** Gives each of the users each of the roles, which the caller has locked (`lockRoles`). Skips those that they have. Returns the users who
 * got a role. */
export async function insertUserRoles(
  db: Db,
  { accountId, orgId }: Scope,
  userIds: readonly string[],
  roleIds: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ user_id: string }>`
    insert into user_role (account_id, org_id, user_id, role_id)
    select ${accountId}, ${orgId}, user_id, role_id
    from unnest(${[...userIds]}::uuid[]) as user_id cross join unnest(${[...roleIds]}::uuid[]) as role_id
    on conflict do nothing
    returning user_id`.execute(db);
  return rows.map(({ user_id }) => user_id);
}

/** Removes all roles of a user. */
export async function deleteRolesOfUser(db: Db, userId: string): Promise<void> {
  await db.deleteFrom('user_role').where('user_id', '=', userId).execute();
}

/** Removes a role from a user; returns whether the user had it. */
export async function deleteUserRole(db: ScopedDb, roleId: string, userId: string): Promise<boolean> {
  const row = await db
    .deleteFrom('user_role')
    .where('role_id', '=', roleId)
    .where('user_id', '=', userId)
    .returning('user_id')
    .executeTakeFirst();
  return row !== undefined;
}
