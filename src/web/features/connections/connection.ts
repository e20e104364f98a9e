import {
  CONNECTION_TYPES,
  type ConnectionType,
  isConnectionType,
} from '../../../contract/org-connections/constants.ts';
import type { OrgConnection, PermittedActions } from '../../../contract/org-connections/schema.ts';
import type { OrgUser } from '../../api/session.ts';
import { messages as common } from '../../common/messages.ts';
import type { BadgeHue } from '../../ui/badge.tsx';
import { messages } from './messages.ts';

/** A connection as the console shows it. */
export interface Connection {
  id: string;
  source: NamedOrg;
  destination: NamedOrg;
  /** In display order. */
  types: readonly ConnectionType[];
  createdBy: string;
  /** Why queries of shared types are refused, for all users. */
  unavailable: readonly Unavailable[];
  createdAt: string;
  /** The side of the current organization. */
  side: 'source' | 'destination';
  /** The current organization has a restriction policy for it. */
  isRestricted: boolean;
  permitted: PermittedActions;
}

/** Shared types that no user can query, and why. */
export interface Unavailable {
  /** In display order; undefined: all types of the connection. */
  types: readonly ConnectionType[] | undefined;
  reason: string;
}

export interface NamedOrg {
  id: string;
  name: string;
}

/** Every data type, in display order. */
export const DATA_TYPES: readonly ConnectionType[] = Object.keys(CONNECTION_TYPES).filter(isConnectionType);

export const TYPE_HUES: Record<ConnectionType, BadgeHue> = {
  metrics: 'blue',
  logs: 'amber',
  ci_pipelines: 'violet',
  ci_tests: 'green',
  audit: 'rose',
};

/** @param orgId the current organization */
export function toConnection({ id, attributes, relationships }: OrgConnection, orgId: string): Connection {
  const shared = new Set<ConnectionType>([
    ...attributes.connection_types,
    ...attributes.extensions.connection_types,
  ]);
  const types = DATA_TYPES.filter((type) => shared.has(type));
  const { source_org, sink_org, created_by } = relationships;
  const source = { id: source_org.data.id, name: source_org.data.name };
  const destination = { id: sink_org.data.id, name: sink_org.data.name };
  const createdBy = created_by.data.name;
  const reasons = attributes.extensions.unavailable.map((entry) => ({
    type: entry.connection_type,
    reason: reasonUnavailable(entry, { source, destination, createdBy }),
  }));
  return {
    id,
    source,
    destination,
    types,
    createdBy,
    unavailable: byReason(reasons, types),
    createdAt: attributes.created_at,
    side: source_org.data.id === orgId ? 'source' : 'destination',
    isRestricted: attributes.extensions.restricted,
    permitted: attributes.extensions.permitted,
  };
}

type UnavailableType = OrgConnection['attributes']['extensions']['unavailable'][number];

/** Returns why no user can query a type, with the names of the connection's organizations and creator. */
function reasonUnavailable(
  { connection_type, code, reason }: UnavailableType,
  { source, destination, createdBy }: Pick<Connection, 'source' | 'destination' | 'createdBy'>,
): string {
  switch (code) {
    case 'source_feature_off':
      return messages.unavailableInOrg(source.name);
    case 'destination_feature_off':
      return messages.unavailableInOrg(destination.name);
    case 'creator_inactive':
      return messages.creatorInactive(createdBy, source.name);
    case 'creator_lacks_permission':
      return messages.creatorLacks(createdBy, CONNECTION_TYPES[connection_type].permission, source.name);
    default:
      return reason;
  }
}

function byReason(
  reasons: readonly { type: ConnectionType; reason: string }[],
  shared: readonly ConnectionType[],
): Unavailable[] {
  return [...new Set(reasons.map(({ reason }) => reason))].map((reason) => {
    const types = shared.filter((type) => reasons.some((one) => one.type === type && one.reason === reason));
    return { types: types.length === shared.length ? undefined : types, reason };
  });
}

/** Compares two lists in display order. */
export function sameTypes(a: readonly ConnectionType[], b: readonly ConnectionType[]): boolean {
  return a.join() === b.join();
}

/** Returns why the organization cannot add any connection for this user now, or undefined. */
export function obstacleToShare({ permissions, org }: OrgUser, isFeatureOff: boolean): string | undefined {
  if (!permissions.includes('org_connections_write')) {
    return common.needsPermission('org_connections_write', org.name);
  }
  return isFeatureOff ? messages.featureOff(org.name) : undefined;
}

/** Returns why a user may not share a data type of their organization, or undefined. */
export function obstacleToType({ permissions, org }: OrgUser, type: ConnectionType): string | undefined {
  const { permission } = CONNECTION_TYPES[type];
  return permissions.includes(permission)
    ? undefined
    : messages.typeNeedsPermission(type, permission, org.name);
}

/** Returns why a user may not change or delete a connection, or undefined. */
export function obstacleTo(
  action: 'update' | 'delete',
  connection: Connection,
  { permissions, org }: OrgUser,
): string | undefined {
  if (connection.permitted[action]) return undefined;
  if (!permissions.includes('org_connections_write')) {
    return common.needsPermission('org_connections_write', org.name);
  }
  return messages.onlyEditors;
}

/** Returns why a user of the destination cannot query a data type of a connection, or undefined. */
export function obstacleToQuery(
  { source, types, unavailable, permitted }: Connection,
  type: ConnectionType,
  { permissions, org }: OrgUser,
): string | undefined {
  if (!types.includes(type)) return messages.typeNotShared(source.name, type);
  const { permission } = CONNECTION_TYPES[type];
  if (!permissions.includes(permission)) return common.needsPermission(permission, org.name);
  const reason = unavailable.find((entry) => entry.types?.includes(type) ?? true)?.reason;
  return reason ?? (permitted.query ? undefined : messages.onlyViewers);
}
