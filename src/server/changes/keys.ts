import type { PermissionName } from '../../contract/permissions/constants.ts';
import {
  type Actor,
  isSystem,
  requireMayChange,
  requirePermission,
  type SystemActor,
} from '../../rules/access.ts';
import {
  decideScopes,
  requireRoomForApiKey,
  requireRoomForApplicationKey,
  unknownKey,
} from '../../rules/keys.ts';
import type { Db, ScopedDb } from '../db/scope.ts';
import {
  countApplicationKeys,
  deleteApplicationKey,
  findApplicationKey,
  insertApplicationKey,
  updateApplicationKey as updateApplicationKeyRow,
} from '../store/application-keys.ts';
import {
  countApiKeys,
  deleteApiKey,
  findApiKey,
  insertApiKey,
  renameApiKey as renameApiKeyRow,
} from '../store/api-keys.ts';
import { lockOrg } from '../store/orgs.ts';
import type { Changed } from './change.ts';

/**
 * Creates an API key of the organization, and returns its id. The maximum number of keys limits users, not the system.
 *
 * @param key the secret, of which only a digest is stored
 * @throws DomainError `refused` if the organization has too many
 */
export async function createApiKey(
  tx: Db,
  actor: Actor | SystemActor,
  name: string,
  key: string,
): Promise<Changed<string>> {
  requireMayChange(actor, 'api_keys_write');
  const columns = { account_id: actor.accountId, org_id: actor.orgId, name, key };
  if (!isSystem(actor)) {
    await lockOrg(tx, actor.orgId);
    requireRoomForApiKey(actor.orgId, await countApiKeys(tx, actor.orgId));
  }
  const author = isSystem(actor) ? {} : { created_by: actor.userId, modified_by: actor.userId };
  const id = await insertApiKey(tx, { ...columns, ...author });
  return { result: id, event: { action: 'created', resource: { type: 'api_keys', id }, after: { name } } };
}

/**
 * Renames an API key.
 *
 * @throws DomainError `not_found`
 */
export async function renameApiKey(
  tx: ScopedDb,
  actor: Actor,
  id: string,
  name: string,
): Promise<Changed<void>> {
  requirePermission(actor.permissions, 'api_keys_write');
  const before = await findApiKey(tx, actor.orgId, id);
  if (!before || !(await renameApiKeyRow(tx, actor.orgId, id, { name, modified_by: actor.userId }))) {
    throw unknownKey();
  }
  if (before.name === name) return { result: undefined, event: undefined };
  return {
    result: undefined,
    event: {
      action: 'modified',
      resource: { type: 'api_keys', id },
      before: { name: before.name },
      after: { name },
    },
  };
}

/**
 * Revokes an API key.
 *
 * @throws DomainError `not_found`
 */
export async function revokeApiKey(tx: ScopedDb, actor: Actor, id: string): Promise<Changed<void>> {
  requirePermission(actor.permissions, 'api_keys_write');
  const key = await findApiKey(tx, actor.orgId, id);
  if (!key || !(await deleteApiKey(tx, actor.orgId, id))) throw unknownKey();
  const before = { name: key.name };
  return { result: undefined, event: { action: 'deleted', resource: { type: 'api_keys', id }, before } };
}

/**
 * Creates an application key of the actor's own, and returns its id.
 *
 * @param key the secret, of which only a digest is stored
 * @param scopes the requested scopes; none means all permissions of the user
 * @throws DomainError `forbidden` for scopes beyond those of the actor's own key, `refused` if the user has too many keys
 */
export async function createApplicationKey(
  tx: ScopedDb,
  actor: Actor,
  { name, key, scopes: requested }: { name: string; key: string; scopes: RequestedScopes },
): Promise<Changed<string>> {
  requirePermission(actor.permissions, 'user_app_keys');
  const scopes = decideScopes(actor.scopes, requested);
  await lockOrg(tx, actor.orgId);
  requireRoomForApplicationKey(actor.userId, await countApplicationKeys(tx, actor.userId));
  const id = await insertApplicationKey(tx, {
    account_id: actor.accountId,
    org_id: actor.orgId,
    user_id: actor.userId,
    name,
    key,
    scopes,
  });
  const after = { name, scopes };
  return { result: id, event: { action: 'created', resource: { type: 'application_keys', id }, after } };
}

/** Creates an application key of a user for the system, and returns its id. */
export async function createApplicationKeyAsSystem(
  tx: Db,
  actor: SystemActor,
  userId: string,
  { name, key, scopes }: { name: string; key: string; scopes: PermissionName[] },
): Promise<Changed<string>> {
  const columns = { account_id: actor.accountId, org_id: actor.orgId, user_id: userId };
  const id = await insertApplicationKey(tx, { ...columns, name, key, scopes });
  const after = { user: userId, name, scopes };
  return { result: id, event: { action: 'created', resource: { type: 'application_keys', id }, after } };
}

type RequestedScopes = readonly string[] | null | undefined;

/**
 * Changes the name or the scopes of one of the actor's application keys. Undefined leaves a value as it is.
 *
 * @throws DomainError `not_found`, `forbidden` for scopes beyond those of the actor's own key
 */
export async function updateApplicationKey(
  tx: ScopedDb,
  actor: Actor,
  id: string,
  { name, scopes }: { name?: string | undefined; scopes?: RequestedScopes },
): Promise<Changed<void>> {
  requirePermission(actor.permissions, 'user_app_keys');
  const before = await findApplicationKey(tx, actor.userId, id);
  const after = {
    ...(name !== undefined && { name }),
    ...(scopes !== undefined && { scopes: decideScopes(actor.scopes, scopes) }),
  };
  if (!before || !(await updateApplicationKeyRow(tx, actor.userId, id, after))) throw unknownKey();
  return {
    result: undefined,
    event: {
      action: 'modified',
      resource: { type: 'application_keys', id },
      before: { name: before.name, scopes: before.scopes },
      after,
    },
  };
}

/**
 * Revokes one of the actor's application keys.
 *
 * @throws DomainError `not_found`
 */
export async function revokeApplicationKey(tx: ScopedDb, actor: Actor, id: string): Promise<Changed<void>> {
  requirePermission(actor.permissions, 'user_app_keys');
  const key = await findApplicationKey(tx, actor.userId, id);
  if (!key || !(await deleteApplicationKey(tx, actor.userId, id))) throw unknownKey();
  const before = { name: key.name, scopes: key.scopes };
  return {
    result: undefined,
    event: { action: 'deleted', resource: { type: 'application_keys', id }, before },
  };
}
