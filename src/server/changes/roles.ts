import type { PermissionName } from '../../contract/permissions/constants.ts';
import { type Actor, requirePermission } from '../../rules/access.ts';
import { permissionsOfNewRole, unknown } from '../../rules/directory.ts';
import { DomainError } from '../../rules/errors.ts';
import type { ScopedDb } from '../db/scope.ts';
import {
  deleteRole as deleteRoleRow,
  deleteRolePermission,
  deleteUserRole,
  findRole,
  insertRole,
  insertRolePermissions,
  insertUserRoles,
  lockRoles,
} from '../store/roles.ts';
import { requireUsers } from '../store/users.ts';
import type { Changed } from './change.ts';
import { ensureManagerRemains } from './managers.ts';

/**
 * Creates a role with the permissions that every new role has and the requested ones. Returns its id.
 *
 * @throws DomainError `conflict` if the name is taken
 */
export async function createRole(
  tx: ScopedDb,
  actor: Actor,
  name: string,
  requested: readonly PermissionName[],
): Promise<Changed<string>> {
  requirePermission(actor.permissions, 'user_access_manage');
  const permissions = permissionsOfNewRole(requested);
  const id = await insertRole(tx, actor, name);
  await insertRolePermissions(tx, actor, id, permissions);
  const after = { name, permissions };
  return { result: id, event: { action: 'created', resource: { type: 'roles', id }, after } };
}

/**
 * Deletes a role.
 *
 * @throws DomainError `not_found`, `refused` if no user would manage access any more
 */
export async function deleteRole(tx: ScopedDb, actor: Actor, id: string): Promise<Changed<void>> {
  requirePermission(actor.permissions, 'user_access_manage');
  const before = await ensureManagerRemains(tx, actor.orgId, async () => {
    const role = await findRole(tx, actor.orgId, id);
    if (!role || !(await deleteRoleRow(tx, actor.orgId, id))) throw unknown('role', id);
    return { name: role.name, permissions: role.permissions };
  });
  return { result: undefined, event: { action: 'deleted', resource: { type: 'roles', id }, before } };
}

/**
 * Gives a role a permission.
 *
 * @throws DomainError `not_found`
 */
export async function addPermissionToRole(
  tx: ScopedDb,
  actor: Actor,
  id: string,
  permission: PermissionName,
): Promise<Changed<void>> {
  requirePermission(actor.permissions, 'user_access_manage');
  await lockRoles(tx, actor.orgId, [id]);
  await insertRolePermissions(tx, actor, id, [permission]);
  const after = { permission };
  return { result: undefined, event: { action: 'modified', resource: { type: 'roles', id }, after } };
}

/**
 * Takes a permission from a role.
 *
 * @throws DomainError `not_found`, `refused` if no user would manage access any more
 */
export async function removePermissionFromRole(
  tx: ScopedDb,
  actor: Actor,
  id: string,
  permission: { id: string; name: PermissionName },
): Promise<Changed<void>> {
  requirePermission(actor.permissions, 'user_access_manage');
  await ensureManagerRemains(tx, actor.orgId, async () => {
    await lockRoles(tx, actor.orgId, [id]);
    if (await deleteRolePermission(tx, id, permission.name)) return;
    throw new DomainError('not_found', 'role_lacks_permission', { role: id, permission: permission.id });
  });
  const before = { permission: permission.name };
  return { result: undefined, event: { action: 'modified', resource: { type: 'roles', id }, before } };
}

/**
 * Gives a user a role.
 *
 * @throws DomainError `not_found`
 */
export async function addUserToRole(
  tx: ScopedDb,
  actor: Actor,
  id: string,
  userId: string,
): Promise<Changed<void>> {
  requirePermission(actor.permissions, 'user_access_manage');
  await lockRoles(tx, actor.orgId, [id]);
  await requireUsers(tx, actor.orgId, [userId]);
  await insertUserRoles(tx, actor, userId, [id]);
  const after = { user: userId };
  return { result: undefined, event: { action: 'modified', resource: { type: 'roles', id }, after } };
}

/**
 * Takes a role from a user.
 *
 * @throws DomainError `not_found`, `refused` if no user would manage access any more
 */
export async function removeUserFromRole(
  tx: ScopedDb,
  actor: Actor,
  id: string,
  userId: string,
): Promise<Changed<void>> {
  requirePermission(actor.permissions, 'user_access_manage');
  await ensureManagerRemains(tx, actor.orgId, async () => {
    await lockRoles(tx, actor.orgId, [id]);
    if (await deleteUserRole(tx, id, userId)) return;
    throw new DomainError('not_found', 'user_lacks_role', { user: userId, role: id });
  });
  const before = { user: userId };
  return { result: undefined, event: { action: 'modified', resource: { type: 'roles', id }, before } };
}
