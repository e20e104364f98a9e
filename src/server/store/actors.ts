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
  const row = await db
    .selectFrom('api_key')
    .innerJoin('application_key', 'application_key.org_id', 'api_key.org_id')
    .innerJoin('user', 'user.id', 'application_key.user_id')
    .select(['user.id', 'user.account_id', 'user.org_id', 'application_key.scopes'])
    .select((eb) => permissionsOf(eb.ref('user.id')).as('permissions'))
    .where('api_key.hash', '=', hashKey(keys.apiKey))
    .where('application_key.hash', '=', hashKey(keys.applicationKey))
    .where('user.disabled', '=', false)
    .executeTakeFirst();
  if (!row) return undefined;
  const inScopes = (permission: PermissionName) => row.scopes.length === 0 || row.scopes.includes(permission);
  return {
    accountId: row.account_id,
    orgId: row.org_id,
    userId: row.id,
    permissions: new Set(row.permissions.filter(isPermissionName).filter(inScopes)),
  };
}

/** The user that a signed-in person is in an organization. */
export async function findActorByPerson(db: Db, personId: string, orgId: string): Promise<Actor | undefined> {
  const row = await db
    .selectFrom('user')
    .select(['id', 'account_id', 'org_id'])
    .select((eb) => permissionsOf(eb.ref('user.id')).as('permissions'))
    .where('person_id', '=', personId)
    .where('org_id', '=', orgId)
    .where('disabled', '=', false)
    .executeTakeFirst();
  if (!row) return undefined;
  return {
    accountId: row.account_id,
    orgId: row.org_id,
    userId: row.id,
    permissions: new Set(row.permissions.filter(isPermissionName)),
  };
}

/** Every active user that a person is, with the organization's name and what the user may do in it. */
export async function listUsersOfPerson(db: Db, personId: string) {
  const rows = await db
    .selectFrom('user')
    .innerJoin('org', 'org.id', 'user.org_id')
    .select(['user.id', 'user.org_id', 'org.name as org_name', 'org.site', 'org.hipaa'])
    .select((eb) => [
      permissionsOf(eb.ref('user.id')).as('permissions'),
      roleNamesOf(eb.ref('user.id')).as('roles'),
    ])
    .where('user.person_id', '=', personId)
    .where('user.disabled', '=', false)
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
