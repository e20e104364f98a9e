import { CONNECTION_TYPES, type ConnectionType } from '../../contract/connection-types.ts';
import { type Actor, requirePermission, requireQueryable } from '../../rules/access.ts';
import type { DataAccess } from '../../rules/data-access.ts';
import { sharedConnection } from '../../rules/connections.ts';
import { DomainError } from '../../rules/errors.ts';
import type { ScopedDb } from '../db/scope.ts';
import { findActorAgain } from '../store/actors.ts';
import { findConnectionBetween } from '../store/connections.ts';
import { findDataAccess } from '../store/data-access.ts';
import { findPolicy } from '../store/restriction-policies.ts';
import { nameTelemetryOrg } from '../store/telemetry-org.ts';

/** Whose telemetry is read, and through whose eyes. */
export interface OpenDoor {
  orgId: string;
  access: DataAccess;
}

/**
 * The only way to telemetry. From here on the transaction reads that of one organization: the actor's own, seen with
 * the actor's eyes, or that of a source which is connected to it, seen with those of whoever created the connection.
 * The transaction is a snapshot, so that what is decided here holds for all that is read in it; what the actor may do is
 * looked up in it once more, because it may have waited for its turn.
 *
 * @param authenticated as their credentials say
 * @param sourceId the organization to ask; undefined, or the actor's own: the actor's own
 * @throws DomainError `forbidden` with the reason
 */
export async function openDoor(
  db: ScopedDb,
  authenticated: Actor,
  type: ConnectionType,
  sourceId: string | undefined,
): Promise<OpenDoor> {
  const actor = await findActorAgain(db, authenticated);
  if (actor === undefined) throw new DomainError('forbidden', 'You are disabled');
  const orgId = sourceId?.toLowerCase() ?? actor.orgId;
  const viewerId = orgId === actor.orgId ? viewOwn(actor, type) : await lookThrough(db, actor, type, orgId);
  await nameTelemetryOrg(db, orgId);
  return { orgId, access: await findDataAccess(db, orgId, viewerId) };
}

function viewOwn(actor: Actor, type: ConnectionType): string {
  requirePermission(actor.permissions, CONNECTION_TYPES[type].permission);
  return actor.userId;
}

/** The user with whose eyes a destination sees a source: whoever created the connection. */
async function lookThrough(
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
