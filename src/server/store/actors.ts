import { createHash } from 'node:crypto';
import { type Expression, sql } from 'kysely';
import { isPermissionName, type PermissionName } from '../../contract/permissions.ts';
import type { Actor } from '../../rules/access.ts';
import type { Db } from '../db/scope.ts';

/** How a key is stored and looked up. Keys are long and random, so a plain digest cannot be guessed back. */
export function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** Whether an API key is one of an organization. */
export async function isApiKeyKnown(db: Db, apiKey: string): Promise<boolean> {
  const row = await db
    .selectFrom('api_key')
    .select('id')
    .where('hash', '=', hashKey(apiKey))
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * The user that a pair of keys speaks for: the API key names the organization, the application key a user of it.
 * The application key's scopes, if it has any, narrow what the user may do.
 */
export async function findActorByKeys(
  db: Db,
  keys: { apiKey: string; applicationKey: string },
): Promise<Actor | undefined> {
  const row = await activeUsers(db)
    .innerJoin('application_key', 'application_key.user_id', 'user.id')
    .innerJoin('api_key', 'api_key.org_id', 'user.org_id')
    .select('application_key.scopes')
    .where('api_key.hash', '=', hashKey(keys.apiKey))
    .where('application_key.hash', '=', hashKey(keys.applicationKey))
    .executeTakeFirst();
  return row && toActor(row, row.scopes);
}

/** The user that a signed-in person is in an organization. */
export async function findActorByPerson(db: Db, personId: string, orgId: string): Promise<Actor | undefined> {
  const row = await activeUsers(db)
    .where('user.person_id', '=', personId)
    .where('user.org_id', '=', orgId)
    .executeTakeFirst();
  return row && toActor(row);
}

/** Every active user that a person is, with the organization's name and what the user may do in it. */
export async function listUsersOfPerson(db: Db, personId: string) {
  const rows = await activeUsers(db)
    .innerJoin('org', 'org.id', 'user.org_id')
    .select(['org.name as org_name', 'org.site', 'org.hipaa'])
    .select((eb) => roleNamesOf(eb.ref('user.id')).as('roles'))
    .where('user.person_id', '=', personId)
    .orderBy('org.name')
    .execute();
  return rows.map((row) => ({ ...row, permissions: row.permissions.filter(isPermissionName) }));
}

/** Notes that a person has signed in, on each of their users. */
export async function recordSignIn(db: Db, personId: string): Promise<void> {
  await db
    .updateTable('user')
    .set({ last_login_at: sql<string>`now()` })
    .where('person_id', '=', personId)
    .execute();
}

/** Deletes sessions that have run out, whose cookies may never come back. */
export async function forgetExpiredSessions(db: Db): Promise<void> {
  await db
    .deleteFrom('session')
    .where('expires_at', '<', sql<string>`now()`)
    .execute();
}

/** Users who are not disabled, with the names of what their roles permit. */
function activeUsers(db: Db) {
  return db
    .selectFrom('user')
    .select(['user.id', 'user.account_id', 'user.org_id'])
    .select((eb) => permissionsOf(eb.ref('user.id')).as('permissions'))
    .where('user.disabled', '=', false);
}

type ActiveUser = Awaited<ReturnType<ReturnType<typeof activeUsers>['execute']>>[number];

/** @param scopes what an application key narrows the permissions to; none: it does not */
function toActor(user: ActiveUser, scopes: readonly string[] = []): Actor {
  const inScopes = (permission: PermissionName) => scopes.length === 0 || scopes.includes(permission);
  return {
    accountId: user.account_id,
    orgId: user.org_id,
    userId: user.id,
    permissions: new Set(user.permissions.filter(isPermissionName).filter(inScopes)),
  };
}

function permissionsOf(userId: Expression<string>) {
  return sql<string[]>`array(
    select distinct permission from user_role join role_permission using (role_id)
    where user_role.user_id = ${userId} order by permission)`;
}

function roleNamesOf(userId: Expression<string>) {
  return sql<string[]>`array(
    select role.name from user_role join role on role.id = user_role.role_id
    where user_role.user_id = ${userId} order by role.name)`;
}
