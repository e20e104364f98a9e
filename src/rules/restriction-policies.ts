import {
  isPrincipalType,
  PRINCIPAL_TYPES,
  type Principal,
  RESOURCE_TYPES,
  type Relation,
  type ResourceType,
} from '../contract/restriction-policies/constants.ts';
import { maySetPolicy, missingPermission, type Policy, relationUnder, type AccessContext } from './access.ts';
import { DomainError } from './errors.ts';

/** What a policy is about. */
export interface Resource {
  type: ResourceType;
  /** Of a connection, its UUID in lower case. */
  id: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Reads a resource as a path names it: `cross-org-connection:` and a UUID.
 *
 * @throws DomainError with the recorded text
 */
export function parseResource(text: string): Resource {
  const [, type = '', id = ''] = /^([^:]+):([\w-]{1,200})$/.exec(text) ?? [];
  if (type === '') throw new DomainError('refused', `Invalid resource: '${text}' is not in a valid format`);
  if (!isResourceType(type)) {
    throw new DomainError(
      'refused',
      `Invalid resource type: '${type}' does not support restriction policies`,
    );
  }
  if (type !== 'cross-org-connection') return { type, id };
  const connectionId = id.toLowerCase();
  if (!UUID.test(connectionId)) {
    throw new DomainError('refused', `Invalid resource: '${text}' is not in a valid format`);
  }
  return { type, id: connectionId };
}

/** Bindings as a client wrote them, before any check. */
export type WantedBindings = readonly { relation: Relation; principals: readonly string[] }[];

/**
 * Reads the bindings that a client wants: ids in lower case, each relation once, each principal once in it. No
 * bindings are no policy.
 *
 * @throws DomainError with the recorded text for what is no principal at all
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
    throw new DomainError(
      'refused',
      `Invalid request: [PrincipalTypeInvalidForRelation] principal "${text}" is not supported by "${relation}" relation, ` +
        `supported types: "${PRINCIPAL_TYPES.join(', ')}"`,
    );
  }
  const uuid = id.join(':').toLowerCase();
  if (!UUID.test(uuid)) throw unknownPrincipals([text]);
  return `${type}:${uuid}`;
}

/** Principals belong to the caller's own organization; whether another has them is not told. */
export function unknownPrincipals(principals: readonly string[]): DomainError {
  const names = principals.map((principal) => `"${principal}"`).join(', ');
  return new DomainError('refused', `Invalid request: this organization has no principal ${names}`);
}

/** Throws `forbidden`, with what is missing, unless {@link maySetPolicy}. */
export function requireSetPolicy(actor: AccessContext, resource: Resource, policy: Policy | undefined): void {
  if (maySetPolicy(actor, resource.type, policy)) return;
  const { write } = RESOURCE_TYPES[resource.type];
  if (!actor.permissions.has(write)) throw new DomainError('forbidden', missingPermission(write));
  throw notAnEditor(resource);
}

/** The policy of the caller's organization does not let them edit. */
export function notAnEditor({ type, id }: Resource): DomainError {
  return new DomainError('forbidden', `you are not an editor of ${type}:${id} under its restriction policy`);
}

/** Whether a policy would leave whoever saves it without the right to edit. */
function locksOut(policy: Policy | undefined, principals: ReadonlySet<Principal>): boolean {
  return relationUnder(policy, principals) !== 'editor';
}

/**
 * Decides whether the caller may put a policy in the place of the current one.
 *
 * @param next undefined: none
 * @param allowSelfLockout what the caller asked for; it counts for holders of `user_access_manage` alone
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
    throw new DomainError(
      'refused',
      'Invalid request: the policy would lock you out; name yourself, the organization, or one of your roles or teams as "editor"',
    );
  }
}

function isResourceType(text: string): text is ResourceType {
  return Object.hasOwn(RESOURCE_TYPES, text);
}
