import type { PermissionName } from '../../contract/permissions/constants.ts';
import {
  type Actor,
  isSystem,
  requireMayChange,
  requirePermission,
  type SystemActor,
} from '../../rules/access.ts';
import { permissionsOfNewRole, unknown } from '../../rules/directory.ts';
import { DomainError } from '../../rules/errors.ts';
import type { Db, ScopedDb } from '../db/scope.ts';
import {
  deleteRole as deleteRoleRow,
  deleteRolePermission,
  findRole,
  insertRole,
  insertRolePermissions,
  lockRoles,
  renameRole as renameRoleRow,
} from '../store/roles.ts';
import { deleteUserRole, insertUserRoles } from '../store/user-roles.ts';
import { requireUsers } from '../store/users.ts';
import type { Changed, ChangeEvent } from './change.ts';
import { ensureManagerRemains } from './managers.ts';

/**
 * Creates a role and returns its id. A user's role gets the permissions that every new role has and the requested ones; the
 * system's role gets the requested ones only.
 *
 * @throws DomainError `conflict` if the name is taken
 */
export async function createRole(
  tx: Db,
  actor: Actor | SystemActor,
  role: { id?: string | undefined; name: string },
  requested: readonly PermissionName[],
): Promise<Changed<string>> {
  requireMayChange(actor, 'user_access_manage');
  const permissions = isSystem(actor) ? requested : permissionsOfNewRole(requested);
  const { name } = role;
  const id = await insertRole(tx, actor, role);
  await insertRolePermissions(tx, actor, id, permissions);
  const after = { name, permissions };
  return { result: id, event: { action: 'created', resource: { type: 'roles', id }, after } };
}

/** Renames a role. */
export async function renameRole(
  tx: Db,
  actor: SystemActor,
  { id, name: before }: { id: string; name: string },
  name: string,
): Promise<Changed<void>> {
  await renameRoleRow(tx, actor.orgId, id, name);
  return {
    result: undefined,
    event: { action: 'modified', resource: { type: 'roles', id }, before: { name: before }, after: { name } },
  };
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
 * Gives a role permissions.
 *
 * @throws DomainError `not_found`
 */
export async function addPermissionsToRole(
  tx: Db,
  actor: Actor | SystemActor,
  id: string,
  permissions: readonly PermissionName[],
): Promise<Changed<void>> {
  requireMayChange(actor, 'user_access_manage');
  await lockRoles(tx, actor.orgId, [id]);
  const added = await insertRolePermissions(tx, actor, id, permissions);
  return { result: undefined, event: added.length > 0 ? modified(id, { permissions: added }) : undefined };
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
 * Gives users a role.
 *
 * @throws DomainError `not_found`
 */
export async function addUsersToRole(
  tx: Db,
  actor: Actor | SystemActor,
  id: string,
  userIds: readonly string[],
): Promise<Changed<void>> {
  requireMayChange(actor, 'user_access_manage');
  await lockRoles(tx, actor.orgId, [id]);
  await requireUsers(tx, actor.orgId, userIds);
  const added = await insertUserRoles(tx, actor, userIds, [id]);
  return { result: undefined, event: added.length > 0 ? modified(id, { users: added }) : undefined };
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

function modified(id: string, after: object): ChangeEvent {
  return { action: 'modified', resource: { type: 'roles', id }, after };
}
