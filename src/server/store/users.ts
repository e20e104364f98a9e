import { sql } from 'kysely';
import { type PermissionName } from '../../contract/permissions/constants.ts';

import { unknown } from '../../rules/directory.ts';

import type { Db, Scope, ScopedDb } from '../db/scope.ts';

import { invitedPerson } from './persons.ts';
import { usersOf } from './user-rows.ts';

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
