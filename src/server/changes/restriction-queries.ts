import { type Actor, requirePermission } from '../../rules/access.ts';
import { unknown } from '../../rules/directory.ts';
import { DomainError } from '../../rules/errors.ts';
import { requireRoomForRestrictionQuery, requireRoomInRole } from '../../rules/restriction-queries.ts';
import type { ScopedDb } from '../db/scope.ts';
import { lockOrg } from '../store/orgs.ts';
import {
  countOtherQueriesOfRole,
  countRestrictionQueries,
  deleteRestrictionQuery as deleteRestrictionQueryRow,
  deleteRestrictionQueryRole,
  findRestrictionQuery,
  insertRestrictionQuery,
  insertRestrictionQueryRole,
  listRolesOfRestrictionQuery,
  lockRestrictionQuery,
  updateRestrictionQuery as updateRestrictionQueryRow,
} from '../store/restriction-queries.ts';
import {
  insertRolePermissions,
  lockExistingRoles,
  lockRoles,
  revokeUnrestrictedLogs,
} from '../store/roles.ts';
import type { Changed } from './change.ts';

const TYPE = 'logs_restriction_queries';

/**
 * Creates a restriction query that no role has yet, and returns its id.
 *
 * @param text a search that has been checked
 * @throws DomainError `refused` if there are too many
 */
export async function createRestrictionQuery(
  tx: ScopedDb,
  actor: Actor,
  text: string,
): Promise<Changed<string>> {
  requirePermission(actor.permissions, 'user_access_manage');
  await lockOrg(tx, actor.orgId);
  requireRoomForRestrictionQuery(actor.orgId, await countRestrictionQueries(tx, actor.orgId));
  const id = await insertRestrictionQuery(tx, actor, text);
  const after = { restriction_query: text };
  return { result: id, event: { action: 'created', resource: { type: TYPE, id }, after } };
}

/**
 * Changes the text of a restriction query.
 *
 * @throws DomainError `not_found`
 */
export async function updateRestrictionQuery(
  tx: ScopedDb,
  actor: Actor,
  id: string,
  text: string,
): Promise<Changed<void>> {
  requirePermission(actor.permissions, 'user_access_manage');
  await lockRestrictionQuery(tx, actor.orgId, id, { exclusive: true });
  const current = await findRestrictionQuery(tx, actor.orgId, id);
  if (!current || !(await updateRestrictionQueryRow(tx, actor, id, text))) {
    throw unknown('restriction query', id);
  }
  return {
    result: undefined,
    event: {
      action: 'modified',
      resource: { type: TYPE, id },
      before: { restriction_query: current.restriction_query },
      after: { restriction_query: text },
    },
  };
}

/**
 * Deletes a restriction query. Roles that have no other lose the permission to read logs.
 *
 * @throws DomainError `not_found`
 */
export async function deleteRestrictionQuery(tx: ScopedDb, actor: Actor, id: string): Promise<Changed<void>> {
  requirePermission(actor.permissions, 'user_access_manage');
  await lockRestrictionQuery(tx, actor.orgId, id, { exclusive: true });
  const current = await findRestrictionQuery(tx, actor.orgId, id);
  const roles = await listRolesOfRestrictionQuery(tx, actor.orgId, id);
  const roleIds = await lockExistingRoles(
    tx,
    actor.orgId,
    roles.map((role) => role.id),
    { exclusive: true },
  );
  await deleteRestrictionQueryRow(tx, actor.orgId, id);
  await revokeUnrestrictedLogs(tx, roleIds);
  const before = { restriction_query: current?.restriction_query, roles: roleIds };
  return { result: undefined, event: { action: 'deleted', resource: { type: TYPE, id }, before } };
}

/**
 * Gives a role a restriction query, and as in Datadog the permission to read logs.
 *
 * @throws DomainError `not_found`, `refused` if the role has too many
 */
export async function addRestrictionQueryToRole(
  tx: ScopedDb,
  actor: Actor,
  id: string,
  roleId: string,
): Promise<Changed<void>> {
  requirePermission(actor.permissions, 'user_access_manage');
  await lockRestrictionQuery(tx, actor.orgId, id);
  await lockRoles(tx, actor.orgId, [roleId], { exclusive: true });
  requireRoomInRole(roleId, await countOtherQueriesOfRole(tx, actor.orgId, roleId, id));
  await insertRestrictionQueryRole(tx, actor, id, roleId);
  await insertRolePermissions(tx, actor, roleId, ['logs_read_index_data']);
  const after = { role: roleId };
  return { result: undefined, event: { action: 'modified', resource: { type: TYPE, id }, after } };
}

/**
 * Takes a restriction query from a role. Without another one, the role loses the permission to read logs.
 *
 * @throws DomainError `not_found`
 */
export async function removeRestrictionQueryFromRole(
  tx: ScopedDb,
  actor: Actor,
  id: string,
  roleId: string,
): Promise<Changed<void>> {
  requirePermission(actor.permissions, 'user_access_manage');
  await lockRestrictionQuery(tx, actor.orgId, id);
  await lockRoles(tx, actor.orgId, [roleId], { exclusive: true });
  if (!(await deleteRestrictionQueryRole(tx, actor.orgId, id, roleId))) {
    throw new DomainError('not_found', 'role_lacks_restriction_query', { role: roleId, query: id });
  }
  await revokeUnrestrictedLogs(tx, [roleId]);
  const before = { role: roleId };
  return { result: undefined, event: { action: 'modified', resource: { type: TYPE, id }, before } };
}
