import { createHash } from 'node:crypto';
import { type Expression, sql } from 'kysely';
import { isPermissionName } from '../../contract/permissions/constants.ts';
import type { Principal } from '../../contract/restriction-policies/constants.ts';
import type { Actor } from '../../rules/access.ts';
import { DomainError } from '../../rules/errors.ts';
import type { Retention } from '../../rules/telemetry/retention.ts';
import type { Db, Scope, ScopedDb } from '../db/scope.ts';
import { RETENTION } from './retention.ts';

/** How a key is stored and looked up. Keys are long and random, so a plain digest cannot be guessed back. */
export function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** The keys that a request came with. */
export interface UsedKeys {
  apiKeyId: string;
  applicationKeyId?: string;
  /** Whether it is time to note that they are in use: once a minute is enough, and keeps reading cheap. */
  isNoteDue: boolean;
}

/** An API key that is used alone, with the organization that it names and what the account keeps for how long. */
export async function findUsedApiKey(
  db: Db,
  apiKey: string,
): Promise<{ usedKeys: UsedKeys; scope: Scope; retention: Retention } | undefined> {
  const row = await db
    .selectFrom('api_key')
    .innerJoin('account', 'account.id', 'api_key.account_id')
    .select(['api_key.id as apiKeyId', isNoteDue('api_key').as('isNoteDue')])
    .select(['api_key.account_id as accountId', 'api_key.org_id as orgId'])
    .select(RETENTION)
    .where('api_key.hash', '=', hashKey(apiKey))
    .executeTakeFirst();
  return row && { usedKeys: row, scope: row, retention: row };
}

/**
 * The user that a pair of keys speaks for: the API key names the organization, the application key a user of it.
 * The application key's scopes, if it has any, narrow what the user may do.
 */
export async function findActorByKeys(
  db: Db,
  keys: { apiKey: string; applicationKey: string },
): Promise<{ actor: Actor; usedKeys: UsedKeys } | undefined> {
  const row = await activeUsers(db)
    .innerJoin('application_key', 'application_key.user_id', 'user.id')
    .innerJoin('api_key', 'api_key.org_id', 'user.org_id')
    .select([
      'api_key.id as apiKeyId',
      'application_key.id as applicationKeyId',
      'application_key.scopes',
      sql<boolean>`${isNoteDue('api_key')} or ${isNoteDue('application_key')}`.as('isNoteDue'),
    ])
    .where('api_key.hash', '=', hashKey(keys.apiKey))
    .where('application_key.hash', '=', hashKey(keys.applicationKey))
    .executeTakeFirst();
  return row && { actor: toActor(row, row.scopes), usedKeys: row };
}

/** Notes that keys are in use now, unless that was noted within the last minute. */
export async function recordUse(db: Db, { apiKeyId, applicationKeyId }: UsedKeys): Promise<void> {
  await db
    .updateTable('api_key')
    .set({ last_used_at: sql<string>`now()` })
    .where('id', '=', apiKeyId)
    .where(isNoteDue('api_key'))
    .execute();
  if (applicationKeyId === undefined) return;
  await db
    .updateTable('application_key')
    .set({ last_used_at: sql<string>`now()` })
    .where('id', '=', applicationKeyId)
    .where(isNoteDue('application_key'))
    .execute();
}

function isNoteDue(table: 'api_key' | 'application_key') {
  return sql<boolean>`coalesce(${sql.ref(`${table}.last_used_at`)} < now() - interval '1 minute', true)`;
}

/** The user that a signed-in person is in an organization. */
export async function findActorByPerson(db: Db, personId: string, orgId: string): Promise<Actor | undefined> {
  const row = await activeUsers(db)
    .where('user.person_id', '=', personId)
    .where('user.org_id', '=', orgId)
    .executeTakeFirst();
  return row && toActor(row);
}

/**
 * Returns the actor with their current permissions, roles and teams, which may have changed since their credentials were
 * checked.
 *
 * @throws DomainError `forbidden` if they have been disabled
 */
export async function reloadActor(db: ScopedDb, { userId, scopes }: Actor): Promise<Actor> {
  const row = await activeUsers(db).where('user.id', '=', userId).executeTakeFirst();
  if (!row) throw new DomainError('forbidden', 'Your account in this organization is disabled.');
  return withScopes(toActor(row), scopes);
}

/** Every active user that a person is, with the organization's name and what the user may do in it. */
export async function listUsersOfPerson(db: Db, personId: string) {
  const rows = await activeUsers(db)
    .innerJoin('org', 'org.id', 'user.org_id')
    .select(['org.name as org_name', 'org.site', 'org.hipaa'])
    .select((eb) => [rolesOf(eb.ref('user.id')).as('roles'), teamsOf(eb.ref('user.id')).as('teams')])
    .where('user.person_id', '=', personId)
    .orderBy('org.name')
    .execute();
  return rows.map((row) => ({ ...row, permissions: row.permissions.filter(isPermissionName) }));
}

/** Notes that a person has signed in, on each of their active users. */
export async function recordSignIn(db: Db, personId: string): Promise<void> {
  await db
    .updateTable('user')
    .set({ last_login_at: sql<string>`now()` })
    .where('person_id', '=', personId)
    .where('active', '=', true)
    .execute();
}

/** Deletes sessions that have run out, whose cookies may never come back. */
export async function forgetExpiredSessions(db: Db): Promise<void> {
  await db
    .deleteFrom('session')
    .where('expires_at', '<', sql<string>`now()`)
    .execute();
}

/** Users who can do something, with the names of what their roles permit, and their roles and teams. */
function activeUsers(db: Db) {
  return db
    .selectFrom('user')
    .select(['user.id', 'user.account_id', 'user.org_id'])
    .select((eb) => [
      permissionsOf(eb.ref('user.id')).as('permissions'),
      principalsOf(eb.ref('user.id')).as('principals'),
    ])
    .where('user.active', '=', true);
}

type ActiveUser = Awaited<ReturnType<ReturnType<typeof activeUsers>['execute']>>[number];

/** @param keyScopes what an application key narrows the permissions to; none: it does not */
function toActor(user: ActiveUser, keyScopes: readonly string[] = []): Actor {
  const actor = {
    accountId: user.account_id,
    orgId: user.org_id,
    userId: user.id,
    permissions: new Set(user.permissions.filter(isPermissionName)),
    principals: new Set(user.principals),
  };
  return withScopes(actor, keyScopes.length > 0 ? keyScopes.filter(isPermissionName) : undefined);
}

/** @param scopes what is left of the actor's permissions at most, be it nothing; undefined: all of them */
function withScopes(actor: Actor, scopes: Actor['scopes']): Actor {
  if (scopes === undefined) return actor;
  const permissions = new Set(scopes.filter((permission) => actor.permissions.has(permission)));
  return { ...actor, permissions, scopes };
}

/** The names of what a user's roles permit. */
export function permissionsOf(userId: Expression<string>) {
  return sql<string[]>`array(
    select distinct permission from user_role join role_permission using (role_id)
    where user_role.user_id = ${userId} order by permission)`;
}

/** As what a policy may name a user: their organization, their roles and teams, and themself. */
export function principalsOf(userId: Expression<string>) {
  return sql<Principal[]>`array(
    select 'org:' || org_id from "user" as self where self.id = ${userId}
    union all select 'user:' || ${userId}
    union all select 'role:' || role_id from user_role where user_role.user_id = ${userId}
    union all select 'team:' || team_id from team_membership where team_membership.user_id = ${userId})`;
}

interface Named {
  id: string;
  name: string;
}

function rolesOf(userId: Expression<string>) {
  return sql<Named[]>`(
    select coalesce(json_agg(json_build_object('id', role.id, 'name', role.name) order by role.name), '[]')
    from user_role join role on role.id = user_role.role_id where user_role.user_id = ${userId})`;
}

function teamsOf(userId: Expression<string>) {
  return sql<Named[]>`(
    select coalesce(json_agg(json_build_object('id', team.id, 'name', team.name) order by team.name), '[]')
    from team_membership join team on team.id = team_membership.team_id where team_membership.user_id = ${userId})`;
}
