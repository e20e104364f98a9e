import {
  CONNECTION_TYPES,
  type ConnectionType,
  isConnectionType,
} from '../../../contract/org-connections/constants.ts';
import type { OrgConnection, PermittedActions } from '../../../contract/org-connections/schema.ts';
import { type Permissions, reasonNotShareable } from '../../../rules/access.ts';
import type { PermissionName } from '../../../contract/permissions/constants.ts';
import { errorText, notShareable, permissionRequired } from '../../i18n/error-messages.ts';
import type { OrgUser } from '../../api/session.ts';
import type { BadgeHue } from '../../ui/badge.tsx';
import { formatList } from '../../ui/format.ts';

/** A connection as the console shows it. */
export interface Connection {
  id: string;
  source: NamedOrg;
  destination: NamedOrg;
  /** In display order. */
  types: readonly ConnectionType[];
  createdBy: string;
  /** Why queries of shared types are refused, whoever asks. */
  unavailable: readonly Unavailable[];
  createdAt: string;
  /** The side of the organization that looks at it. */
  side: 'source' | 'destination';
  /** A policy of that organization is in force. */
  isRestricted: boolean;
  permitted: PermittedActions;
}

/** Shared types that nobody can query, and why. */
export interface Unavailable {
  /** In display order; undefined: all types that the connection shares. */
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

/** @param orgId the organization that looks at it */
export function toConnection({ id, attributes, relationships }: OrgConnection, orgId: string): Connection {
  const shared = new Set<ConnectionType>([
    ...attributes.connection_types,
    ...attributes.extensions.connection_types,
  ]);
  const types = DATA_TYPES.filter((type) => shared.has(type));
  const { source_org, sink_org, created_by } = relationships;
  return {
    id,
    source: { id: source_org.data.id, name: source_org.data.name },
    destination: { id: sink_org.data.id, name: sink_org.data.name },
    types,
    createdBy: created_by.data.name,
    unavailable: byReason(attributes.extensions.unavailable, types),
    createdAt: attributes.created_at,
    side: source_org.data.id === orgId ? 'source' : 'destination',
    isRestricted: attributes.extensions.restricted,
    permitted: attributes.extensions.permitted,
  };
}

/** "to Acme Staging", "from Acme Health": the other end, seen from this organization. */
export function towardsOtherEnd(connection: Connection): string {
  return connection.side === 'source'
    ? `to ${connection.destination.name}`
    : `from ${connection.source.name}`;
}

/** "Metrics and Logs" */
export function typeNames(types: readonly ConnectionType[]): string {
  return formatList(types.map((type) => CONNECTION_TYPES[type].label));
}

function byReason(
  unavailable: OrgConnection['attributes']['extensions']['unavailable'],
  shared: readonly ConnectionType[],
): Unavailable[] {
  const texts = new Map(unavailable.map((entry) => [entry.connection_type, errorText(entry, entry.reason)]));
  return [...new Set(texts.values())].map((reason) => {
    const types = shared.filter((type) => texts.get(type) === reason);
    return { types: types.length === shared.length ? undefined : types, reason };
  });
}

/** Both are in display order. */
export function sameTypes(a: readonly ConnectionType[], b: readonly ConnectionType[]): boolean {
  return a.join() === b.join();
}

/** Returns why the person cannot share a data type, or undefined if they can. */
export function obstacleToSharing(permissions: Permissions, type: ConnectionType): string | undefined {
  return reasonNotShareable(permissions, type) && notShareable(type);
}

/** Why the person's organization can share with no other now, however many it shares with; undefined: it can. */
export function obstacleToShare({ permissions, org }: OrgUser, isFeatureOff: boolean): string | undefined {
  if (!permissions.includes('org_connections_write')) return permissionRequired('org_connections_write');
  return isFeatureOff ? `Cross-org visibility is off in ${org.name}.` : undefined;
}

/** Why the person may not do something with a connection; undefined: they may. */
export function obstacleTo(
  action: 'update' | 'delete',
  connection: Connection,
  permissions: readonly PermissionName[],
): string | undefined {
  if (connection.permitted[action]) return undefined;
  if (!permissions.includes('org_connections_write')) return permissionRequired('org_connections_write');
  return 'Only editors of this connection can do this. Open Permissions to see who they are.';
}
