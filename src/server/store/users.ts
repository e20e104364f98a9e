import { sql } from 'kysely';
import type { ScopedDb } from '../db/scope.ts';

/** Users of the account by id, with their roles. */
export function listUsersById(db: ScopedDb, ids: readonly string[]) {
  return db
    .selectFrom('user')
    .selectAll()
    .select(
      sql<
        string[]
      >`array(select role_id from user_role where user_role.user_id = "user".id order by role_id)`.as(
        'role_ids',
      ),
    )
    .where('id', 'in', [...ids])
    .orderBy('id')
    .execute();
}

export type UserRow = Awaited<ReturnType<typeof listUsersById>>[number];

/** The roles that a user has, with their permissions and how many active users each has. */
export function listRolesOfUser(db: ScopedDb, userId: string) {
  return db
    .selectFrom('role')
    .innerJoin('user_role', 'user_role.role_id', 'role.id')
    .selectAll('role')
    .select([
      sql<
        string[]
      >`array(select permission from role_permission where role_permission.role_id = role.id order by permission)`.as(
        'permissions',
      ),
      sql<number>`(select count(*) from user_role as member join "user" on "user".id = member.user_id
        where member.role_id = role.id and "user".active)`.as('user_count'),
    ])
    .where('user_role.user_id', '=', userId)
    .orderBy('role.name')
    .execute();
}

export type RoleRow = Awaited<ReturnType<typeof listRolesOfUser>>[number];
