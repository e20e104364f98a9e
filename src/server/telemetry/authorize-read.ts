import { CONNECTION_TYPES, type ConnectionType } from '../../contract/org-connections/constants.ts';
import { type Actor, requirePermission, requireQueryable } from '../../rules/access.ts';
import type { DataAccess } from '../../rules/data-access.ts';
import { sharedConnection } from '../../rules/connections.ts';
import type { ScopedDb } from '../db/scope.ts';
import { reloadActor } from '../store/actors.ts';
import { findConnectionBetween } from '../store/connections.ts';
import { findDataAccess } from '../store/data-access.ts';
import { findPolicy } from '../store/restriction-policies.ts';
import { nameTelemetryOrg } from '../store/telemetry-org.ts';

/** An authorized read: the organization whose telemetry is read, and the data access of the user whose view it is. */
export interface AuthorizedRead {
  orgId: string;
  access: DataAccess;
}

/**
 * Authorizes the transaction to read the telemetry of one organization: the actor's own, with the actor's data access, or
 * that of a source connected to it, with the data access of the connection's creator. Nothing else authorizes a read of
 * telemetry. Loads the actor's permissions again, because they may have changed while the request waited for its turn.
 *
 * @param db a snapshot, so that the decision holds for everything read in the transaction
 * @param authenticated the actor that the request's credentials identify
 * @param sourceId id of the organization to read; undefined means the actor's own
 * @throws DomainError `forbidden` with the reason
 */
export async function authorizeTelemetryRead(
  db: ScopedDb,
  authenticated: Actor,
  type: ConnectionType,
  sourceId: string | undefined,
): Promise<AuthorizedRead> {
  const actor = await reloadActor(db, authenticated);
  const orgId = sourceId?.toLowerCase() ?? actor.orgId;
  const viewerId =
    orgId === actor.orgId ? ownViewer(actor, type) : await sourceViewer(db, actor, type, orgId);
  await nameTelemetryOrg(db, orgId);
  return { orgId, access: await findDataAccess(db, orgId, viewerId) };
}

/** Returns the id of the user whose data access applies in the actor's own organization: the actor. */
function ownViewer(actor: Actor, type: ConnectionType): string {
  requirePermission(actor.permissions, CONNECTION_TYPES[type].permission);
  return actor.userId;
}

/** Returns the id of the user whose data access applies in a source: the connection's creator. */
async function sourceViewer(
  db: ScopedDb,
  actor: Actor,
  type: ConnectionType,
  sourceId: string,
): Promise<string> {
  const connection = await findConnectionBetween(db, sourceId, actor.orgId);
  const resource = connection && ({ type: 'cross-org-connection', id: connection.id } as const);
  const policy = resource && (await findPolicy(db, actor.orgId, resource, actor.principals));
  const shared = connection && { ...sharedConnection(connection), creatorId: connection.created_by };
  return requireQueryable(actor, sourceId, shared, type, policy).creatorId;
}
