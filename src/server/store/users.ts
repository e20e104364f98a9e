import { type ExpressionBuilder, type SelectQueryBuilder, sql } from 'kysely';
import { isPermissionName, type PermissionName } from '../../contract/permissions/constants.ts';
import type { UserListQuery, UserStatus } from '../../contract/users/schema.ts';
import { unknown } from '../../rules/directory.ts';
import { DomainError } from '../../rules/errors.ts';
import { contains } from '../db/contains.ts';
import type { Scope, ScopedDb } from '../db/scope.ts';
import type { Tables } from '../db/tables.ts';
import { permissionsOf } from './actors.ts';
import { insertUserRoles } from './roles.ts';

/** Whose users: those of an organization, or of one of its roles. */
interface Whose {
  orgId: string;
  roleId?: string;
}

/** A page of users. */
export function listUsers(db: ScopedDb, whose: Whose, query: UserListQuery): Promise<UserRow[]> {
  const { by, descending } = query.sort;
  const size = query['page[size]'];
  return withRoles(usersOf(db, whose))
    .where((eb) => matches(eb, query))
    .orderBy(SORTED_BY[by], descending || query.sort_dir === 'desc' ? 'desc' : 'asc')
    .orderBy('user.id')
    .limit(size)
    .offset(size * query['page[number]'])
    .execute();
}

/** How many users there are, and how many of them a query matches. */
export function countUsers(db: ScopedDb, whose: Whose, query: UserListQuery) {
  return usersOf(db, whose)
    .select((eb) => [
      eb.fn.countAll<number>().as('total'),
      eb.fn.countAll<number>().filterWhere(matches(eb, query)).as('matching'),
    ])
    .executeTakeFirstOrThrow();
}

/** A user of an organization. */
export function findUser(db: ScopedDb, orgId: string, id: string): Promise<UserRow | undefined> {
  return withRoles(usersOf(db, { orgId })).where('user.id', '=', id).executeTakeFirst();
}

/** Throws `not_found` if one of the users is not of the organization. They are never deleted, so nothing needs a lock. */
export async function requireUsers(db: ScopedDb, orgId: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const rows = await usersOf(db, { orgId })
    .select('user.id')
    .where('user.id', 'in', [...ids])
    .execute();
  const missing = ids.find((id) => !rows.some((row) => row.id === id));
  if (missing !== undefined) throw unknown('user', missing);
}

/** Users of the account by id, with their roles. */
export async function listUsersById(db: ScopedDb, ids: readonly string[]): Promise<UserRow[]> {
  if (ids.length === 0) return [];
  return withRoles(db.selectFrom('user'))
    .where('user.id', 'in', [...ids])
    .orderBy('user.id')
    .execute();
}

export type UserRow = Awaited<ReturnType<ReturnType<typeof withRoles>['execute']>>[number];

/** What the roles of an organization's user permit; undefined if there is no such user. */
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

/** Whether a user's name or e-mail has a text in it. */
export function userContains<With extends 'user'>(eb: ExpressionBuilder<Tables, With>, part: string) {
  return eb.or([contains(sql.ref('user.name'), part), contains(sql.ref('user.email'), part)]);
}

/** Someone to invite. */
interface Invitee {
  /** In lower case. */
  email: string;
  title: string | null;
  /** Roles of the organization (`lockRoles`). */
  roleIds: readonly string[];
}

/**
 * Makes a person a pending user of an organization, with exactly the roles named: what somebody who was disabled, or
 * invited before, had does not come back. Whoever calls holds the organization's lock (`lockOrg`).
 *
 * @returns the user's id
 * @throws DomainError `conflict` if the user is active
 */
export async function savePendingUser(
  db: ScopedDb,
  { accountId, orgId }: Scope,
  { email, title, roleIds }: Invitee,
): Promise<string> {
  const earlier = await usersOf(db, { orgId })
    .select(['user.id', 'user.title', 'user.disabled', 'user.active'])
    .where('user.email', '=', email)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (earlier?.active) throw new DomainError('conflict', 'email_taken', { email });
  const id = earlier ? await update(earlier.id, title ?? earlier.title) : await insert();
  await db.deleteFrom('user_role').where('user_id', '=', id).execute();
  await insertUserRoles(db, { accountId, orgId }, id, roleIds);
  if (earlier?.disabled) await db.deleteFrom('team_membership').where('user_id', '=', id).execute();
  return id;

  async function update(earlierId: string, newTitle: string | null): Promise<string> {
    await db
      .updateTable('user')
      .set({ pending: true, disabled: false, title: newTitle, modified_at: sql<string>`now()` })
      .where('id', '=', earlierId)
      .execute();
    return earlierId;
  }

  async function insert(): Promise<string> {
    const person_id = sql<string>`invited_person(${email})`;
    const user = await db
      .insertInto('user')
      .values({ account_id: accountId, org_id: orgId, person_id, email, title, pending: true })
      .returning('id')
      .executeTakeFirstOrThrow();
    return user.id;
  }
}

/**
 * Opens a user's invitation, which ends an earlier one. Returns until when it is open.
 *
 * @param hash the digest of the secret in the link (`hashKey`)
 */
export async function openInvitation(
  db: ScopedDb,
  { accountId, orgId }: Scope,
  userId: string,
  hash: string,
): Promise<string> {
  await deleteInvitation(db, userId);
  const { expires_at } = await db
    .insertInto('invitation')
    .values({
      account_id: accountId,
      org_id: orgId,
      user_id: userId,
      hash,
      expires_at: sql<string>`now() + interval '7 days'`,
    })
    .returning('expires_at')
    .executeTakeFirstOrThrow();
  return expires_at;
}

/**
 * Disables a user; returns whether there was one who was not disabled. Their application keys, their invitation and
 * their place in restriction policies are gone for good, even if they are invited anew; a trigger ends their sessions if they are no user of anything else.
 */
export async function disableUser(db: ScopedDb, orgId: string, id: string): Promise<boolean> {
  const disabled = await db
    .updateTable('user')
    .set({ disabled: true, modified_at: sql<string>`now()` })
    .where('org_id', '=', orgId)
    .where('id', '=', id)
    .where('disabled', '=', false)
    .returning('id')
    .executeTakeFirst();
  if (!disabled) return false;
  await db.deleteFrom('application_key').where('user_id', '=', id).execute();
  await db.deleteFrom('restriction_policy_binding').where('user_id', '=', id).execute();
  await deleteInvitation(db, id);
  return true;
}

/** How many active users manage who may do what in an organization. */
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

async function deleteInvitation(db: ScopedDb, userId: string): Promise<void> {
  await db.deleteFrom('invitation').where('user_id', '=', userId).execute();
}

const STATUS = sql<UserStatus>`case when "user".disabled then 'Disabled' when "user".pending then 'Pending' else 'Active' end`;

/** What users are sorted by when they are sorted by name: those who have given none yet stand by their e-mail. */
export const USER_NAME = sql`lower(coalesce("user".name, "user".email))`;

const SORTED_BY = {
  name: USER_NAME,
  email: sql.ref('user.email'),
  status: STATUS,
  created_at: sql.ref('user.created_at'),
  modified_at: sql.ref('user.modified_at'),
};

function usersOf(db: ScopedDb, { orgId, roleId }: Whose) {
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
