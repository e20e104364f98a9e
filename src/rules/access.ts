import { CONNECTION_TYPES, type ConnectionType } from '../contract/connection-types.ts';
import type { PermittedActions } from '../contract/org-connections.schema.ts';
import type { PermissionName } from '../contract/permissions.ts';
import type { Principal } from '../contract/restriction-policies.ts';
import { DomainError } from './errors.ts';

export type Permissions = ReadonlySet<PermissionName>;

/** Who is asking: a user of one organization, with what they may do in it. */
export interface Actor {
  accountId: string;
  orgId: string;
  userId: string;
  permissions: Permissions;
  /** As what a policy may name them: their organization, their roles and teams, and themself. */
  principals: ReadonlySet<Principal>;
  /** To which permissions the application key narrows them that they ask with; undefined: it does not. */
  scopes?: readonly PermissionName[];
}

/** Throws `forbidden`, naming the permission, unless it is held. */
export function requirePermission(permissions: Permissions, permission: PermissionName): void {
  if (!permissions.has(permission)) throw new DomainError('forbidden', missingPermission(permission));
}

/** The sentence that a refusal for want of a permission carries, in the API and in the console. */
export function missingPermission(permission: PermissionName): string {
  return `The permission ${permission} is required`;
}

/**
 * What a user may do with a connection: the RBAC permission decides, and the side on which the user's organization stands.
 *
 * @param permissions what the user may do in their organization
 * @param side the side of the connection on which that organization stands
 * @param types the data types that the connection shares
 */
export function permittedActions(
  permissions: Permissions,
  side: 'source' | 'sink',
  types: readonly ConnectionType[],
): PermittedActions {
  const canWrite = permissions.has('org_connections_write');
  return {
    update: canWrite && side === 'source',
    delete: canWrite,
    set_policy: canWrite || permissions.has('user_access_manage'),
    query:
      side === 'sink' &&
      permissions.has('org_connections_read') &&
      types.some((type) => permissions.has(CONNECTION_TYPES[type].permission)),
  };
}
