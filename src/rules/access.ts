import { CONNECTION_TYPES, type ConnectionType } from '../contract/org-connections/constants.ts';
import type { PermittedActions } from '../contract/org-connections/schema.ts';
import type { PermissionName } from '../contract/permissions/constants.ts';
import {
  type Principal,
  type Relation,
  RESOURCE_TYPES,
  type ResourceType,
} from '../contract/restriction-policies/constants.ts';
import { detail, DomainError, type ErrorDetail } from './errors.ts';

export type Permissions = ReadonlySet<PermissionName>;

/** A user's permissions and principals in their organization. */
export interface AccessContext {
  /** Permissions of the user's roles. */
  permissions: Permissions;
  /** Principals that a policy can name the user by: the organization, the user's roles and teams, and the user. */
  principals: ReadonlySet<Principal>;
}

/** The user who makes a request, with their access in the organization. */
export interface Actor extends AccessContext {
  accountId: string;
  orgId: string;
  userId: string;
  /** Scopes of the application key, which limit the permissions; undefined without scopes. */
  scopes?: readonly PermissionName[];
}

/** The server itself, changing an organization without a user: it may make every change. */
export interface SystemActor {
  kind: 'system';
  /** What the change is part of. */
  origin: SystemOrigin;
  accountId: string;
  orgId: string;
}

export type SystemOrigin = 'directory file' | 'invitation' | 'sign-in' | 'demo';

export function isSystem(actor: Actor | SystemActor): actor is SystemActor {
  return 'kind' in actor;
}

/** Bindings of a restriction policy in force. Without principals, it admits no user. */
export type Policy = readonly Binding[];

interface Binding {
  relation: Relation;
  principals: readonly Principal[];
}

/** Throws `forbidden` with the name of the permission, unless the user has it. */
export function requirePermission(permissions: Permissions, permission: PermissionName): void {
  if (!permissions.has(permission)) throw permissionRequired(permission);
}

/** Throws `forbidden` unless the actor may make a change that needs a permission. The system may make every change. */
export function requireMayChange(actor: Actor | SystemActor, permission: PermissionName): void {
  if (!isSystem(actor)) requirePermission(actor.permissions, permission);
}

/** Returns the error for a caller without a permission. */
function permissionRequired(permission: PermissionName): DomainError {
  return new DomainError('forbidden', 'permission_required', { permission });
}

/**
 * Returns the strongest relation that a policy gives to one of the principals, or undefined. Without a policy every user is an
 * editor, so that RBAC alone decides (docs/wire-format.md, "What a policy means").
 */
export function relationUnder(
  policy: Policy | undefined,
  principals: ReadonlySet<Principal>,
): Relation | undefined {
  if (policy === undefined) return 'editor';
  const has = (wanted: Relation) =>
    policy.some(
      ({ relation, principals: named }) =>
        relation === wanted && named.some((principal) => principals.has(principal)),
    );
  if (has('editor')) return 'editor';
  return has('viewer') ? 'viewer' : undefined;
}

/** Returns whether a user may change or remove a policy: its editors, and users who manage access. */
export function maySetPolicy(
  { permissions, principals }: AccessContext,
  type: ResourceType,
  policy: Policy | undefined,
): boolean {
  return (
    permissions.has('user_access_manage') ||
    (permissions.has(RESOURCE_TYPES[type].write) && relationUnder(policy, principals) === 'editor')
  );
}

/** A connection, as far as access rules need it. */
export interface SharedConnection {
  id: string;
  types: readonly ConnectionType[];
  /** Whether cross-org visibility is turned on in the source and in the destination. */
  isOnInSource: boolean;
  isOnInDestination: boolean;
  /** The user who created the connection, with their current permissions in the source. */
  creator: { isActive: boolean; permissions: Permissions };
}

/**
 * Returns the actions that a user may take on a connection. Both RBAC and the policy of their own side must allow an action;
 * users who manage access can always change the policy.
 *
 * @param side the side of the connection that the user's organization is on
 * @param policy of that organization, if one is in force
 */
export function permittedActions(
  access: AccessContext,
  side: 'source' | 'sink',
  connection: SharedConnection,
  policy: Policy | undefined,
): PermittedActions {
  const { permissions, principals } = access;
  const relation = relationUnder(policy, principals);
  const canEdit = permissions.has('org_connections_write') && relation === 'editor';
  return {
    update: canEdit && side === 'source',
    delete: canEdit,
    set_policy: maySetPolicy(access, 'cross-org-connection', policy),
    query:
      side === 'sink' &&
      connection.types.some((type) => queryObstacle(access, connection, type, policy) === undefined),
  };
}

/**
 * Returns why a user of the destination may not query one type of the source's data, or undefined if they may. Checks, in
 * this order: the shared types, the user's permissions, the destination's policy, the connection itself.
 *
 * @param policy of the user's own organization for the connection, if one is in force
 */
function queryObstacle(
  { permissions, principals }: AccessContext,
  connection: SharedConnection,
  type: ConnectionType,
  policy: Policy | undefined,
): ErrorDetail | undefined {
  const { id, types } = connection;
  if (!types.includes(type)) return detail('type_not_shared', { connection: id, type });
  const missing = (['org_connections_read', CONNECTION_TYPES[type].permission] as const).find(
    (permission) => !permissions.has(permission),
  );
  if (missing !== undefined) return detail('permission_required', { permission: missing });
  if (relationUnder(policy, principals) === undefined) {
    return detail('not_a_viewer', { connection: id });
  }
  return reasonUnavailable(connection, type);
}

/**
 * Returns why no user can query one of the types that a connection shares, or undefined if its data are available. A
 * connection shows what its creator could query now, while the feature is on at both ends (SECURITY.md, "Telemetry").
 */
export function reasonUnavailable(
  { isOnInSource, isOnInDestination, creator }: SharedConnection,
  type: ConnectionType,
): ErrorDetail | undefined {
  if (!isOnInSource) return detail('source_feature_off');
  if (!isOnInDestination) return detail('destination_feature_off');
  if (!creator.isActive) return detail('creator_inactive');
  const { permission } = CONNECTION_TYPES[type];
  return creator.permissions.has(permission) ? undefined : detail('creator_lacks_permission', { permission });
}

/** Returns why a user may not share a type of data from their organization, or undefined if they may. */
export function reasonNotShareable(permissions: Permissions, type: ConnectionType): ErrorDetail | undefined {
  const { permission } = CONNECTION_TYPES[type];
  return permissions.has(permission) ? undefined : detail('type_not_shareable', { type, permission });
}

/**
 * Returns the connection, if the user may query one type of the source's data through it.
 *
 * @param connection from the source to the user's own organization, if there is one
 * @param policy of the user's own organization for the connection, if one is in force
 * @throws DomainError `forbidden` with the first reason why not
 */
export function requireQueryable<Connection extends SharedConnection>(
  access: AccessContext,
  sourceOrgId: string,
  connection: Connection | undefined,
  type: ConnectionType,
  policy: Policy | undefined,
): Connection {
  if (connection === undefined) {
    throw new DomainError('forbidden', 'nothing_shared', { source: sourceOrgId });
  }
  const obstacle = queryObstacle(access, connection, type, policy);
  if (obstacle !== undefined) throw new DomainError('forbidden', [obstacle]);
  return connection;
}
