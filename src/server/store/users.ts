import { type ExpressionBuilder, type SelectQueryBuilder, sql } from 'kysely';
import { isPermissionName, type PermissionName } from '../../contract/permissions/constants.ts';
import type { UserListQuery, UserStatus } from '../../contract/users/schema.ts';
import { unknown } from '../../rules/directory.ts';
import { contains } from '../db/contains.ts';
import type { Db, Scope, ScopedDb } from '../db/scope.ts';
import type { Tables } from '../db/tables.ts';
import { permissionsOf } from './actors.ts';
import { invitedPerson } from './persons.ts';

/** Selects the users of an organization, or of one of its roles. */
interface UserGroup {
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

/** Throws `not_found` if the organization lacks one of the users. Needs no lock, because users are never deleted. */
export async function requireUsers(db: Db, orgId: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const rows = await usersOf(db, { orgId })
    .select('user.id')
    .where((eb) => sql<boolean>`${eb.ref('user.id')} = any(${[...ids]}::uuid[])`)
    .execute();
  const known = new Set(rows.map(({ id }) => id));
  const missing = ids.find((id) => !known.has(id));
  if (missing !== undefined) throw unknown('user', missing);
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

/** User columns that decide what an invitation does. */
const INVITABLE = ['user.id', 'user.title', 'user.disabled', 'user.active'] as const;

/** Locks the user of an organization with an email until the transaction ends; undefined if there is none. */
export function lockUserByEmail(db: Db, orgId: string, email: string) {
  return usersOf(db, { orgId })
    .select(INVITABLE)
    .where('user.email', '=', email)
    .forNoKeyUpdate()
    .executeTakeFirst();
}

/** Creates a pending user, and the person if they are new. Returns the user's id. */
export async function insertPendingUser(
  db: Db,
  { accountId, orgId }: Scope,
  { email, title }: { email: string; title: string | null },
): Promise<string> {
  const { id } = await db
    .insertInto('user')
    .values({
      account_id: accountId,
      org_id: orgId,
      person_id: invitedPerson(email),
      email,
      title,
      pending: true,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Makes a disabled or pending user pending. */
export async function makeUserPending(db: Db, id: string, title: string | null): Promise<void> {
  await db
    .updateTable('user')
    .set({ pending: true, disabled: false, title, modified_at: sql<string>`now()` })
    .where('id', '=', id)
    .execute();
}

/** Creates an active user of a person and returns the user's id. */
export async function insertActiveUser(
  db: Db,
  { accountId, orgId }: Scope,
  user: { id?: string | undefined; person_id: string; email: string; name?: string | undefined },
): Promise<string> {
  const { id } = await db
    .insertInto('user')
    .values({ ...user, account_id: accountId, org_id: orgId, pending: false })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Makes a pending user active. An undefined name leaves the name as it is. */
export async function activateUser(db: Db, id: string, name: string | undefined): Promise<void> {
  await db
    .updateTable('user')
    .set({ pending: false, modified_at: sql<string>`now()`, ...(name !== undefined && { name }) })
    .where('id', '=', id)
    .execute();
}

/** Renames a user. */
export async function renameUser(db: Db, id: string, name: string): Promise<void> {
  await db
    .updateTable('user')
    .set({ name, modified_at: sql<string>`now()` })
    .where('id', '=', id)
    .execute();
}

/**
 * Disables a user; returns whether they existed and were not disabled. A trigger ends the person's sessions if they have no
 * other active user.
 */
export async function disableUser(db: Db, orgId: string, id: string): Promise<boolean> {
  const disabled = await db
    .updateTable('user')
    .set({ disabled: true, modified_at: sql<string>`now()` })
    .where('org_id', '=', orgId)
    .where('id', '=', id)
    .where('disabled', '=', false)
    .returning('id')
    .executeTakeFirst();
  return disabled !== undefined;
}

/**
 * Sets the last sign-in of each active user of a person. Locks them by id, as {@link lockAdmissibleUsers} does, so that the two
 * cannot deadlock.
 */
export async function recordSignIn(db: Db, personId: string): Promise<void> {
  await db
    .updateTable('user')
    .set({ last_login_at: sql<string>`now()` })
    .where('id', 'in', (users) =>
      users
        .selectFrom('user')
        .select('id')
        .where('person_id', '=', personId)
        .where('active', '=', true)
        .orderBy('id')
        .forNoKeyUpdate(),
    )
    .execute();
}

/**
 * Locks the users that a verified email admits, in all organizations: active users, and pending ones with an invitation that
 * has not expired.
 */
export function lockAdmissibleUsers(db: Db, email: string) {
  return db
    .selectFrom('user')
    .innerJoin('person', 'person.id', 'user.person_id')
    .select(['user.id', 'user.account_id', 'user.org_id', 'user.person_id', 'user.pending'])
    .where('person.email', '=', email)
    .where((eb) =>
      eb.or([
        eb('user.active', '=', true),
        eb.and([
          eb('user.pending', '=', true),
          eb('user.disabled', '=', false),
          eb.exists(
            eb
              .selectFrom('invitation')
              .select('invitation.user_id')
              .whereRef('invitation.user_id', '=', 'user.id')
              .where('invitation.expires_at', '>', sql<string>`now()`),
          ),
        ]),
      ]),
    )
    .orderBy('user.id')
    .forUpdate('user')
    .execute();
}

/** Lists the ids of a person's users in all organizations. */
export async function listUserIdsOfPerson(db: Db, personId: string): Promise<string[]> {
  const rows = await db.selectFrom('user').select('id').where('person_id', '=', personId).execute();
  return rows.map(({ id }) => id);
}

/** Counts the active users of an organization who have `user_access_manage`. */
export async function countManagers(db: ScopedDb, orgId: string): Promise<number> {
  const managing: PermissionName = 'user_access_manage';
  const { count } = await db
    .selectFrom('user_role')
    .select(sql<number>`count(distinct user_id)`.as('count'))
    .where('org_id', '=', orgId)
    .where(
      'role_id',
      'in',
      db
        .selectFrom('role_permission')
        .select('role_id')
        .where('org_id', '=', orgId)
        .where('permission', '=', managing),
    )
    .where(sql<boolean>`(select active from "user" where "user".id = user_role.user_id)`)
    .executeTakeFirstOrThrow();
  return count;
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

function usersOf(db: Db, { orgId, roleId }: UserGroup) {
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
