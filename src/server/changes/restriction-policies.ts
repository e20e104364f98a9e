import type { Actor, Policy, SystemActor } from '../../rules/access.ts';
import { unknownConnection } from '../../rules/connections.ts';
import { decidePolicy, requireSetPolicy, type Resource } from '../../rules/restriction-policies.ts';
import type { Db, ScopedDb } from '../db/scope.ts';
import { findConnection, lockConnection } from '../store/connections.ts';
import { lockOrg } from '../store/orgs.ts';
import { findPolicy, replacePolicy as replacePolicyRows } from '../store/restriction-policies.ts';
import type { Changed, ChangeEvent } from './change.ts';

/**
 * Replaces the policy of the actor's organization for a resource; an undefined policy removes it.
 *
 * @param requireExpected throws if the current policy is not the one that the caller has read
 * @returns the policy as it stands now
 * @throws DomainError `not_found`, or as {@link decidePolicy}
 */
export async function replacePolicy(
  tx: ScopedDb,
  actor: Actor,
  resource: Resource,
  next: Policy | undefined,
  {
    requireExpected,
    allowSelfLockout,
  }: { requireExpected: (current: Policy | undefined) => void; allowSelfLockout: boolean },
): Promise<Changed<Policy | undefined>> {
  const before = await lockPolicy(tx, actor, resource);
  requireExpected(before);
  decidePolicy(actor, resource, before, next, allowSelfLockout);
  await replacePolicyRows(tx, actor, resource, next);
  const after = await findPolicy(tx, actor.orgId, resource);
  return { result: after, event: policyEvent(resource, before, after) };
}

/** Sets the first policy of an organization for a resource, as the system. Does not check permissions. */
export async function setPolicyAsSystem(
  tx: Db,
  actor: SystemActor,
  resource: Resource,
  policy: Policy,
): Promise<Changed<void>> {
  await lockOrg(tx, actor.orgId);
  await replacePolicyRows(tx, actor, resource, policy);
  return { result: undefined, event: policyEvent(resource, undefined, policy) };
}

/**
 * Removes the policy of the actor's organization for a resource.
 *
 * @param requireExpected throws if the current policy is not the one that the caller has read
 * @throws DomainError `not_found`, or as {@link requireSetPolicy}
 */
export async function deletePolicy(
  tx: ScopedDb,
  actor: Actor,
  resource: Resource,
  requireExpected: (current: Policy | undefined) => void,
): Promise<Changed<void>> {
  const before = await lockPolicy(tx, actor, resource);
  requireExpected(before);
  requireSetPolicy(actor, resource, before);
  await replacePolicyRows(tx, actor, resource, undefined);
  return { result: undefined, event: policyEvent(resource, before, undefined) };
}

/** Throws `not_found` for a connection of other organizations. Dashboards and notebooks are not stored here. */
export async function requireResource(tx: ScopedDb, { type, id }: Resource): Promise<void> {
  if (type === 'cross-org-connection' && !(await findConnection(tx, id))) throw unknownConnection(id);
}

/** Returns the current policy and locks it until the transaction ends. */
async function lockPolicy(tx: ScopedDb, actor: Actor, resource: Resource): Promise<Policy | undefined> {
  await lockOrg(tx, actor.orgId);
  if (resource.type === 'cross-org-connection') await lockConnection(tx, resource.id);
  await requireResource(tx, resource);
  return findPolicy(tx, actor.orgId, resource);
}

/** Returns the event of a change, or undefined if there was no policy before and is none now. */
function policyEvent(
  { type, id }: Resource,
  before: Policy | undefined,
  after: Policy | undefined,
): ChangeEvent | undefined {
  if (before === undefined && after === undefined) return undefined;
  const action = before === undefined ? 'created' : after === undefined ? 'deleted' : 'modified';
  return { action, resource: { type: 'restriction_policy', id: `${type}:${id}` }, before, after };
}
