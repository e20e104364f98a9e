import {
  CONNECTION_TYPES,
  type ConnectionType,
  isConnectionType,
} from '../../../contract/connection-types.ts';
import type { OrgConnection, PermittedActions } from '../../../contract/org-connections.schema.ts';
import type { PermissionName } from '../../../contract/permissions.ts';
import { missingPermission } from '../../../rules/access.ts';
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
  /** Queries are refused, because they see the source's data with the creator's eyes. */
  isCreatorDisabled: boolean;
  createdAt: string;
  /** The side of the organization that looks at it. */
  side: 'source' | 'destination';
  /** A policy of that organization is in force. */
  isRestricted: boolean;
  permitted: PermittedActions;
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
  const { source_org, sink_org, created_by } = relationships;
  return {
    id,
    source: { id: source_org.data.id, name: source_org.data.name },
    destination: { id: sink_org.data.id, name: sink_org.data.name },
    types: DATA_TYPES.filter((type) => shared.has(type)),
    createdBy: created_by.data.name,
    isCreatorDisabled: attributes.extensions.creator_disabled,
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

/** Why nobody can query what a connection shares, and what helps, seen from this organization; undefined: they can. */
export function obstacleToAllQueries(connection: Connection): string | undefined {
  const { side, source, createdBy, isCreatorDisabled } = connection;
  if (!isCreatorDisabled) return undefined;
  const remedy =
    side === 'source' ? 'Delete the connection and create it anew.' : `${source.name} has to connect again.`;
  return `${createdBy} is disabled. ${remedy}`;
}

/** Both are in display order. */
export function sameTypes(a: readonly ConnectionType[], b: readonly ConnectionType[]): boolean {
  return a.join() === b.join();
}

/** Why the person's organization can share with no other now, however many it shares with; undefined: it can. */
export function obstacleToShare({ permissions, org }: OrgUser, isFeatureOff: boolean): string | undefined {
  if (!permissions.includes('org_connections_write')) return missingPermission('org_connections_write');
  return isFeatureOff ? `Cross-org visibility is off in ${org.name}.` : undefined;
}

/** Why the person may not do something with a connection; undefined: they may. */
export function obstacleTo(
  action: 'update' | 'delete',
  connection: Connection,
  permissions: readonly PermissionName[],
): string | undefined {
  if (connection.permitted[action]) return undefined;
  if (!permissions.includes('org_connections_write')) return missingPermission('org_connections_write');
  return 'Only editors of this connection can. Permissions shows who they are';
}
