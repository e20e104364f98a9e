import { type ConnectionType, DEFAULT_CONNECTION_TYPES } from '../contract/org-connections/constants.ts';
import type { PermissionName } from '../contract/permissions/constants.ts';
import {
  type Actor,
  permittedActions,
  type Permissions,
  type Policy,
  reasonNotShareable,
  requirePermission,
  type SharedConnection,
} from './access.ts';
import { detail, DomainError } from './errors.ts';
import { notAnEditor } from './restriction-policies.ts';
import {
  addedTypes,
  allTypes,
  checkTypes,
  namesTypeTwice,
  type SharedTypes,
  type WantedTypes,
} from './connection-types.ts';

/** Facts about an organization that decide whether it can be connected. */
export interface ConnectableOrg {
  id: string;
  site: string;
  cross_org_visibility: boolean;
}

/** Reason why a source cannot be connected to a sink. The console lists such organizations with it. */
export type Obstacle =
  | 'itself'
  | 'other_site'
  | 'source_feature_off'
  | 'sink_feature_off'
  | 'already_connected';

/** Returns the first obstacle between two organizations of one account, in the order of the POST table in docs/wire-format.md. */
export function obstacleBetween(
  source: ConnectableOrg,
  sink: ConnectableOrg,
  alreadyConnected: boolean,
): Obstacle | undefined {
  if (source.id === sink.id) return 'itself';
  if (source.site !== sink.site) return 'other_site';
  if (!source.cross_org_visibility) return 'source_feature_off';
  if (!sink.cross_org_visibility) return 'sink_feature_off';
  if (alreadyConnected) return 'already_connected';
  return undefined;
}

/** Returns whether a source with `used` destinations may add another one. `max` null: no limit. */
export function hasFreeDestination(used: number, max: number | null): boolean {
  return max === null || used < max;
}

export interface CreateFacts {
  source: ConnectableOrg;
  sink: ConnectableOrg | undefined;
  alreadyConnected: boolean;
  destinationsUsed: number;
  maxDestinations: number | null;
  wanted: WantedTypes;
  /** Permissions of the caller, who can only share data types that they may read. */
  permissions: Permissions;
}

/**
 * Decides whether a connection may be created, and returns the data types that it shares. Runs the checks in the order of
 * the table "POST, in this order" in docs/wire-format.md.
 *
 * @throws DomainError with the recorded text of the first check that fails; last, `forbidden` for types that the caller may
 *   not read
 */
export function decideCreate(facts: CreateFacts): SharedTypes {
  const { source, sink, wanted } = facts;
  if (!sink) throw unknownDestination();

  const obstacle = obstacleBetween(source, sink, facts.alreadyConnected);
  if ((obstacle && obstacle !== 'already_connected') || namesTypeTwice(wanted)) {
    throw new DomainError('refused', 'connection_not_allowed', { source: source.id, destination: sink.id });
  }
  if (obstacle === 'already_connected') throw duplicate(source.id, sink.id);
  const { destinationsUsed, maxDestinations: maximum } = facts;
  if (maximum !== null && !hasFreeDestination(destinationsUsed, maximum)) {
    throw new DomainError('refused', 'maximum_destinations_reached', { source: source.id, maximum });
  }
  const shared = checkTypes({
    connection_types: wanted.connection_types ?? DEFAULT_CONNECTION_TYPES,
    extension_types: wanted.extensions?.connection_types ?? [],
  });
  requireShareable(facts.permissions, allTypes(shared));
  return shared;
}

/** Returns the error for a destination id that is unknown or belongs to another account (recorded). */
export function unknownDestination(): DomainError {
  return new DomainError('not_found', 'destination_unknown');
}

/** Returns the error for an unknown connection id, or one of other organizations (recorded, with the doubled words). */
export function unknownConnection(id: string): DomainError {
  return new DomainError('not_found', 'connection_unknown', { id });
}

/** Returns the error for a pair of organizations that is already connected. */
export function duplicate(sourceId: string, sinkId: string): DomainError {
  return new DomainError('conflict', 'connection_exists', { source: sourceId, destination: sinkId });
}

/** Facts about a connection that decide who may use and change it. */
export interface ConnectionFacts extends SharedTypes {
  id: string;
  source_org_id: string;
  /** Whether cross-org visibility is enabled in the source. */
  on_in_source: boolean;
  /** Whether cross-org visibility is enabled in the destination. */
  on_in_sink: boolean;
  creator_active: boolean;
  creator_permissions: readonly PermissionName[];
}

/** Converts a connection to the input of the access rules. */
export function sharedConnection(connection: ConnectionFacts): SharedConnection {
  return {
    id: connection.id,
    types: allTypes(connection),
    isOnInSource: connection.on_in_source,
    isOnInDestination: connection.on_in_sink,
    creator: {
      isActive: connection.creator_active,
      permissions: new Set(connection.creator_permissions),
    },
  };
}

/**
 * Throws `forbidden` with the deciding rule, unless {@link permittedActions} allows the action.
 *
 * @param connection connection with the actor's organization as its source or sink
 * @param policy policy in force in the actor's organization, if any
 */
export function requirePermitted(
  action: 'update' | 'delete',
  actor: Actor,
  connection: ConnectionFacts,
  policy: Policy | undefined,
): void {
  const side = sideOf(actor.orgId, connection);
  if (permittedActions(actor, side, sharedConnection(connection), policy)[action]) return;
  requirePermission(actor.permissions, 'org_connections_write');
  if (action === 'update' && side === 'sink') {
    throw new DomainError('forbidden', 'only_source_can_update', { id: connection.id });
  }
  throw notAnEditor({ type: 'cross-org-connection', id: connection.id });
}

/**
 * Returns the data types that a connection shares after an update. `connection_types` replaces the old array; extensions
 * are only replaced if the body has them.
 *
 * @throws DomainError `invalid`, with the field, or without a message for a duplicate type (recorded); `forbidden` for
 *   added types that the caller may not read
 */
export function decideUpdate(
  current: SharedTypes,
  wanted: WantedTypes & { connection_types: readonly string[] },
  permissions: Permissions,
): SharedTypes {
  if (namesTypeTwice(wanted)) throw new DomainError('invalid', []);
  const shared = checkTypes({
    connection_types: wanted.connection_types,
    extension_types: wanted.extensions?.connection_types ?? current.extension_types,
  });
  requireShareable(permissions, addedTypes(current, shared));
  return shared;
}

/**
 * Throws `forbidden` if a user with restricted access to a type would add it to another user's connection: the
 * destination would see the creator's data, which is more than the user may see.
 */
export function requireUnrestricted(
  types: readonly ConnectionType[],
  isRestricted: (type: ConnectionType) => boolean,
): void {
  const restricted = types.filter(isRestricted);
  if (restricted.length === 0) return;
  throw new DomainError(
    'forbidden',
    restricted.map((type) => detail('type_restricted', { type })),
  );
}

function requireShareable(permissions: Permissions, types: readonly ConnectionType[]): void {
  const reasons = types.flatMap((type) => reasonNotShareable(permissions, type) ?? []);
  if (reasons.length > 0) throw new DomainError('forbidden', reasons);
}

/** Returns whether an organization is the source or the sink of its connection. */
export function sideOf(orgId: string, { source_org_id }: { source_org_id: string }): 'source' | 'sink' {
  return source_org_id === orgId ? 'source' : 'sink';
}
