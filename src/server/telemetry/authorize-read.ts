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

/** Authorizes reads of a transaction, as {@link authorizeTelemetryRead} does. */
export type AuthorizeRead = (type: ConnectionType, sourceId: string | undefined) => Promise<AuthorizedRead>;

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
  return authorizeTelemetryReads(db, authenticated)(type, sourceId);
}

/**
 * Returns a function that authorizes several reads of a transaction, one after another. Decides once for each type and
 * organization, because a snapshot does not change. Each call names the organization that the next queries may read.
 */
export function authorizeTelemetryReads(db: ScopedDb, authenticated: Actor): AuthorizeRead {
  let reloaded: Actor | undefined;
  let named: string | undefined;
  const viewers = new Map<string, string>();
  const reads = new Map<string, AuthorizedRead>();

  return async function authorize(type, sourceId) {
    const actor = (reloaded ??= await reloadActor(db, authenticated));
    const orgId = sourceId?.toLowerCase() ?? actor.orgId;
    const decision = `${type} ${orgId}`;
    const viewerId =
      viewers.get(decision) ??
      (orgId === actor.orgId ? ownViewer(actor, type) : await sourceViewer(db, actor, type, orgId));
    viewers.set(decision, viewerId);
    if (named !== orgId) await nameTelemetryOrg(db, orgId);
    named = orgId;
    const view = `${orgId} ${viewerId}`;
    const read = reads.get(view) ?? { orgId, access: await findDataAccess(db, orgId, viewerId) };
    reads.set(view, read);
    return read;
  };
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
