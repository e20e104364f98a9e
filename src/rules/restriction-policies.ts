import {
  isPrincipalType,
  PRINCIPAL_TYPES,
  type Principal,
  RESOURCE_TYPES,
  type Relation,
  type ResourceType,
} from '../contract/restriction-policies/constants.ts';
import { maySetPolicy, type Policy, relationUnder, requirePermission, type AccessContext } from './access.ts';
import { DomainError } from './errors.ts';

/** Resource that a restriction policy applies to. */
export interface Resource {
  type: ResourceType;
  /** For connections, the UUID in lower case. */
  id: string;
}

/** Returns whether a text is a UUID in lower case. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

/**
 * Parses the resource in a path: `cross-org-connection:` and a UUID.
 *
 * @throws DomainError `refused` with the recorded text
 */
export function parseResource(text: string): Resource {
  const [, type = '', id = ''] = /^([^:]+):([\w-]{1,200})$/.exec(text) ?? [];
  if (type === '') throw new DomainError('refused', 'resource_malformed', { resource: text });
  if (!isResourceType(type)) {
    throw new DomainError('refused', 'resource_type_unsupported', { type });
  }
  if (type !== 'cross-org-connection') return { type, id };
  const connectionId = id.toLowerCase();
  if (!isUuid(connectionId)) {
    throw new DomainError('refused', 'resource_malformed', { resource: text });
  }
  return { type, id: connectionId };
}

/** Bindings of a request body, not validated. */
export type WantedBindings = readonly { relation: Relation; principals: readonly string[] }[];

/**
 * Parses the bindings of a request. Ids become lower case; bindings of the same relation are merged and duplicate
 * principals removed. Returns undefined, which means no policy, for an empty list.
 *
 * @throws DomainError `refused` with the recorded text for a malformed principal
 */
export function parseBindings(wanted: WantedBindings): Policy | undefined {
  if (wanted.length === 0) return undefined;
  const named = new Map<Relation, Set<Principal>>();
  for (const { relation, principals } of wanted) {
    const all = named.get(relation) ?? new Set();
    for (const principal of principals) all.add(parsePrincipal(principal, relation));
    named.set(relation, all);
  }
  return [...named].map(([relation, principals]) => ({ relation, principals: [...principals] }));
}

function parsePrincipal(text: string, relation: Relation): Principal {
  const [type = '', ...id] = text.split(':');
  if (!isPrincipalType(type)) {
    throw new DomainError('refused', 'principal_type_unsupported', {
      principal: text,
      relation,
      supported: PRINCIPAL_TYPES,
    });
  }
  const uuid = id.join(':').toLowerCase();
  if (!isUuid(uuid)) throw unknownPrincipals([text]);
  return `${type}:${uuid}`;
}

/** Returns the error for principals that are unknown in the caller's organization. */
export function unknownPrincipals(principals: readonly string[]): DomainError {
  return new DomainError('refused', 'principals_unknown', { principals });
}

/** Throws `forbidden` with the missing permission or relation, unless {@link maySetPolicy} allows it. */
export function requireSetPolicy(actor: AccessContext, resource: Resource, policy: Policy | undefined): void {
  if (maySetPolicy(actor, resource.type, policy)) return;
  const { write } = RESOURCE_TYPES[resource.type];
  requirePermission(actor.permissions, write);
  throw notAnEditor(resource);
}

/** Returns the error for a caller who is not an editor under their organization's policy. */
export function notAnEditor({ type, id }: Resource): DomainError {
  return new DomainError('forbidden', 'not_an_editor', { type, id });
}

/** Returns whether a policy would leave the caller without the editor relation. */
function locksOut(policy: Policy | undefined, principals: ReadonlySet<Principal>): boolean {
  return relationUnder(policy, principals) !== 'editor';
}

/**
 * Decides whether the caller may replace the current policy.
 *
 * @param next new policy; undefined removes the current one
 * @param allowSelfLockout the request's parameter, which only counts for holders of `user_access_manage`
 * @throws DomainError `forbidden`, or `refused` for a policy under which the caller would no longer be an editor
 */
export function decidePolicy(
  actor: AccessContext,
  resource: Resource,
  current: Policy | undefined,
  next: Policy | undefined,
  allowSelfLockout: boolean,
): void {
  requireSetPolicy(actor, resource, current);
  const mayLockThemselfOut = allowSelfLockout && actor.permissions.has('user_access_manage');
  if (locksOut(next, actor.principals) && !mayLockThemselfOut) {
    throw new DomainError('refused', 'self_lockout');
  }
}

function isResourceType(text: string): text is ResourceType {
  return Object.hasOwn(RESOURCE_TYPES, text);
}
