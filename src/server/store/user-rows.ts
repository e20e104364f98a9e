import { type ExpressionBuilder, type SelectQueryBuilder, sql } from 'kysely';
import { isPermissionName, type PermissionName } from '../../contract/permissions/constants.ts';
import type { UserListQuery, UserStatus } from '../../contract/users/schema.ts';

import { contains } from '../db/contains.ts';
import type { Db, ScopedDb } from '../db/scope.ts';
import type { Tables } from '../db/tables.ts';
import { permissionsOf } from './actors.ts';

/** Selects the users of an organization, or of one of its roles. */
export interface UserGroup {
  orgId: string;
  roleId?: string;
}

/** Lists a page of users. */
export function listUsers(db: ScopedDb, group: UserGroup, query: UserListQuery): Promise<UserRow[]> {
  const { by, descending } = query.sort;
  const size = query['page[size]'];
  return withRoles(usersOf(db, group))
    .where((eb) => matches(eb, query))
    .orderBy(SORTED_BY[by], descending || query.sort_dir === 'desc' ? 'desc' : 'asc')
    .orderBy('user.id')
    .limit(size)
    .offset(size * query['page[number]'])
    .execute();
}

/** Counts users, and those that match a query. */
export function countUsers(db: ScopedDb, group: UserGroup, query: UserListQuery) {
  return usersOf(db, group)
    .select((eb) => [
      eb.fn.countAll<number>().as('total'),
      eb.fn.countAll<number>().filterWhere(matches(eb, query)).as('matching'),
    ])
    .executeTakeFirstOrThrow();
}

/** Finds a user of an organization. */
export function findUser(db: ScopedDb, orgId: string, id: string): Promise<UserRow | undefined> {
  return withRoles(usersOf(db, { orgId })).where('user.id', '=', id).executeTakeFirst();
}

/** Lists the users of the account that have these ids, with their roles. */
export async function listUsersById(db: ScopedDb, ids: readonly string[]): Promise<UserRow[]> {
  if (ids.length === 0) return [];
  return withRoles(db.selectFrom('user'))
    .where('user.id', 'in', [...ids])
    .orderBy('user.id')
    .execute();
}

export type UserRow = Awaited<ReturnType<ReturnType<typeof withRoles>['execute']>>[number];

/** Finds the permissions of an organization's user; undefined if there is no such user. */
export async function findPermissionsOfUser(
  db: ScopedDb,
  orgId: string,
  id: string,
): Promise<PermissionName[] | undefined> {
  const row = await usersOf(db, { orgId })
    .select((eb) => permissionsOf(eb.ref('user.id')).as('permissions'))
    .where('user.id', '=', id)
    .executeTakeFirst();
  return row?.permissions.filter(isPermissionName);
}

/** Matches users with a text in their name or email. */
export function userContains<With extends 'user'>(eb: ExpressionBuilder<Tables, With>, part: string) {
  return eb.or([contains(sql.ref('user.name'), part), contains(sql.ref('user.email'), part)]);
}

const STATUS = sql<UserStatus>`case when "user".disabled then 'Disabled' when "user".pending then 'Pending' else 'Active' end`;

/** Sort key for names: the email of users without a name. */
export const USER_NAME = sql`lower(coalesce("user".name, "user".email))`;

const SORTED_BY = {
  name: USER_NAME,
  email: sql.ref('user.email'),
  status: STATUS,
  created_at: sql.ref('user.created_at'),
  modified_at: sql.ref('user.modified_at'),
};

export function usersOf(db: Db, { orgId, roleId }: UserGroup) {
  return db
    .selectFrom('user')
    .where('user.org_id', '=', orgId)
    .$if(roleId !== undefined, (users) =>
      users.where(
        sql<boolean>`exists (select from user_role where user_id = "user".id and role_id = ${roleId})`,
      ),
    );
}

function withRoles(users: SelectQueryBuilder<Tables, 'user', object>) {
  return users
    .selectAll('user')
    .select(STATUS.as('status'))
    .select(
      sql<
        string[]
      >`array(select role_id from user_role where user_role.user_id = "user".id order by role_id)`.as(
        'role_ids',
      ),
    );
}

function matches(
  eb: ExpressionBuilder<Tables, 'user'>,
  { filter, 'filter[status]': statuses }: UserListQuery,
) {
  return eb.and([
    ...(filter === undefined ? [] : [userContains(eb, filter)]),
    ...(statuses === undefined ? [] : [eb(STATUS, 'in', statuses)]),
  ]);
}
