import type { ConnectionRow } from '../store/connections.ts';
import { PERMISSIONS } from '../../contract/permissions/constants.ts';
import { type Actor, requirePermission, type Permissions, type SystemActor } from '../../rules/access.ts';
import {
  decideCreate,
  decideUpdate,
  requireUnrestricted,
  requirePermitted,
  unknownConnection,
} from '../../rules/connections.ts';
import { addedTypes, allTypes, type WantedTypes } from '../../rules/connection-types.ts';
import { isRestricted } from '../../rules/data-access.ts';
import { DomainError } from '../../rules/errors.ts';
import type { Db, Scope, ScopedDb } from '../db/scope.ts';
import {
  deleteConnection as deleteConnectionRow,
  findConnection,
  insertConnection,
  isConnected,
  lockConnection,
  updateSharedTypes,
} from '../store/connections.ts';
import { findDataAccess } from '../store/data-access.ts';
import { countDestinations, findOrg, lockOrg } from '../store/orgs.ts';
import { findPolicy } from '../store/restriction-policies.ts';
import type { Changed } from './change.ts';

/**
 * Creates a connection from the actor's organization to a destination.
 *
 * @returns the connection's id
 * @throws DomainError as {@link decideCreate}
 */
export async function createConnection(
  tx: ScopedDb,
  actor: Actor,
  sinkId: string,
  wanted: WantedTypes,
): Promise<Changed<string>> {
  requirePermission(actor.permissions, 'org_connections_write');
  return create(tx, actor, actor.permissions, sinkId, wanted, { created_by: actor.userId });
}

/** Creates a connection for the system, on behalf of a user and as of a time. As {@link createConnection} otherwise. */
export function createConnectionAsSystem(
  tx: Db,
  actor: SystemActor,
  sinkId: string,
  wanted: WantedTypes,
  creation: { created_by: string; created_at: Date },
): Promise<Changed<string>> {
  return create(tx, actor, new Set(PERMISSIONS.map(({ name }) => name)), sinkId, wanted, creation);
}

async function create(
  tx: Db,
  { accountId, orgId }: Scope,
  permissions: Permissions,
  sinkId: string,
  wanted: WantedTypes,
  creation: { created_by: string; created_at?: Date },
): Promise<Changed<string>> {
  const source = await lockOrg(tx, orgId);
  const found = await findOrg(tx, sinkId);
  const sink = found?.account_id === accountId ? found : undefined;
  const destinations = await countDestinations(tx, source.id);
  const shared = decideCreate({
    source,
    sink,
    alreadyConnected: sink !== undefined && (await isConnected(tx, source.id, sink.id)),
    destinationsUsed: destinations.used,
    maxDestinations: destinations.max,
    wanted,
    permissions,
  });
  const id = await insertConnection(tx, {
    ...shared,
    ...creation,
    account_id: accountId,
    site: source.site,
    source_org_id: source.id,
    sink_org_id: sinkId,
  });
  const after = { sink_org_id: sinkId, connection_types: allTypes(shared) };
  return { result: id, event: { action: 'created', resource: { type: 'org_connection', id }, after } };
}

/**
 * Replaces the types that a connection shares.
 *
 * @throws DomainError `not_found`, or as {@link requirePermitted}, {@link decideUpdate} and {@link requireUnrestricted}
 */
export async function updateConnection(
  tx: ScopedDb,
  actor: Actor,
  id: string,
  wanted: WantedTypes & { connection_types: readonly string[] },
): Promise<Changed<string>> {
  requirePermission(actor.permissions, 'org_connections_write');
  const current = await lockForChange(tx, id, unknownConnection(id));
  await requireAllowed('update', tx, actor, current);
  const shared = decideUpdate(current, wanted, actor.permissions);
  if (current.created_by !== actor.userId) {
    const access = await findDataAccess(tx, actor.orgId, actor.userId);
    requireUnrestricted(addedTypes(current, shared), (type) => isRestricted(type, access));
  }
  if (!(await updateSharedTypes(tx, id, shared))) throw unknownConnection(id);
  return {
    result: id,
    event: {
      action: 'modified',
      resource: { type: 'org_connection', id },
      before: { connection_types: allTypes(current) },
      after: { connection_types: allTypes(shared) },
    },
  };
}

/**
 * Deletes a connection, from either side.
 *
 * @throws DomainError `not_found`, or as {@link requirePermitted}
 */
export async function deleteConnection(tx: ScopedDb, actor: Actor, id: string): Promise<Changed<void>> {
  requirePermission(actor.permissions, 'org_connections_write');
  const unknown = new DomainError('not_found', 'connection_already_deleted', { id });
  const current = await lockForChange(tx, id, unknown);
  await requireAllowed('delete', tx, actor, current);
  await deleteConnectionRow(tx, id);
  const { source_org_id, sink_org_id } = current;
  const before = { source_org_id, sink_org_id, connection_types: allTypes(current) };
  return {
    result: undefined,
    event: { action: 'deleted', resource: { type: 'org_connection', id }, before },
  };
}

async function lockForChange(tx: ScopedDb, id: string, unknown: DomainError): Promise<ConnectionRow> {
  await lockConnection(tx, id);
  const current = await findConnection(tx, id);
  if (!current) throw unknown;
  return current;
}

/**
 * Throws `forbidden` unless RBAC and the policy of the actor's organization allow the action. Loads only the bindings that name
 * the actor.
 */
async function requireAllowed(
  action: 'update' | 'delete',
  tx: ScopedDb,
  actor: Actor,
  connection: ConnectionRow,
): Promise<void> {
  const resource = { type: 'cross-org-connection', id: connection.id } as const;
  requirePermitted(action, actor, connection, await findPolicy(tx, actor.orgId, resource, actor.principals));
}
