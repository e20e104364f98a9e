import { type Expression, sql } from 'kysely';
import { isPermissionName } from '../../contract/permissions/constants.ts';
import type { Principal } from '../../contract/restriction-policies/constants.ts';
import type { Actor } from '../../rules/access.ts';
import { DomainError } from '../../rules/errors.ts';
import type { Retention } from '../../rules/telemetry/retention.ts';
import type { Db, Scope, ScopedDb } from '../db/scope.ts';
import { hashSecret } from './hash-secret.ts';
import { isUseDue, type UsedKeys } from './keys.ts';
import { RETENTION } from './retention.ts';

/** Finds an API key that authenticates a request alone, with its organization and the account's retention. */
export async function findUsedApiKey(
  db: Db,
  apiKey: string,
): Promise<{ usedKeys: UsedKeys; scope: Scope; retention: Retention } | undefined> {
  const row = await db
    .selectFrom('api_key')
    .innerJoin('account', 'account.id', 'api_key.account_id')
    .select(['api_key.id as apiKeyId', isUseDue('api_key').as('isUseDue')])
    .select(['api_key.account_id as accountId', 'api_key.org_id as orgId'])
    .select(RETENTION)
    .where('api_key.hash', '=', hashSecret(apiKey))
    .executeTakeFirst();
  return row && { usedKeys: row, scope: row, retention: row };
}

/**
 * Finds the active user that a pair of keys identifies: the API key identifies the organization, the application key a user of
 * it. The application key's scopes limit the user's permissions.
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
      sql<boolean>`${isUseDue('api_key')} or ${isUseDue('application_key')}`.as('isUseDue'),
    ])
    .where('api_key.hash', '=', hashSecret(keys.apiKey))
    .where('application_key.hash', '=', hashSecret(keys.applicationKey))
    .executeTakeFirst();
  return row && { actor: toActor(row, row.scopes), usedKeys: row };
}

/** Finds the active user of an organization that belongs to a person. */
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
  if (!row) throw new DomainError('forbidden', 'user_disabled');
  return withScopes(toActor(row), scopes);
}

/** Lists a person's active users, with their organization, roles, teams and permissions. */
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

/** Selects active users with the names of their permissions and their principals. */
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

/** @param keyScopes scopes of the application key; an empty list means no limit */
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

/** @param scopes the permissions to keep, possibly none; undefined keeps all */
function withScopes(actor: Actor, scopes: Actor['scopes']): Actor {
  if (scopes === undefined) return actor;
  const permissions = new Set(scopes.filter((permission) => actor.permissions.has(permission)));
  return { ...actor, permissions, scopes };
}

/** Selects the names of a user's permissions. */
export function permissionsOf(userId: Expression<string>) {
  return sql<string[]>`array(
    select distinct permission from user_role join role_permission using (role_id)
    where user_role.user_id = ${userId} order by permission)`;
}

/** Selects the principals that a policy can name a user by: organization, user, roles, teams. */
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
