import type { PermissionName } from '../permissions/constants.ts';

/** What a policy can make of a principal, the least first. An editor is a viewer as well. */
export const RELATIONS = ['viewer', 'editor'] as const;
export type Relation = (typeof RELATIONS)[number];

/** What a policy can name, in the order in which Datadog lists them. */
export const PRINCIPAL_TYPES = ['org', 'role', 'team', 'user'] as const;
export type PrincipalType = (typeof PRINCIPAL_TYPES)[number];

/** Someone or some group of the organization: `role:` and the UUID of a role. */
export type Principal = `${PrincipalType}:${string}`;

/** What can have a policy. */
export type ResourceType = 'cross-org-connection' | 'dashboard' | 'notebook';

/** The permissions without which a policy of such a resource can be neither read nor changed. */
export const RESOURCE_TYPES: Record<ResourceType, { read: PermissionName; write: PermissionName }> = {
  'cross-org-connection': { read: 'org_connections_read', write: 'org_connections_write' },
  dashboard: { read: 'dashboards_read', write: 'dashboards_write' },
  notebook: { read: 'notebooks_read', write: 'notebooks_write' },
};

/** The most principals that a policy can name, all its bindings together. */
export const MAX_POLICY_PRINCIPALS = 1000;

/** A connection as a policy's path names it. */
export function connectionResource(connectionId: string): `cross-org-connection:${string}` {
  return `cross-org-connection:${connectionId}`;
}

export function isPrincipalType(text: string): text is PrincipalType {
  return PRINCIPAL_TYPES.some((type) => type === text);
}

export function isRelation(text: string): text is Relation {
  return RELATIONS.some((relation) => relation === text);
}

/** Whether a text has the form of a principal; its id is not looked at. */
export function isPrincipal(text: string): text is Principal {
  const [type = '', id] = text.split(':');
  return isPrincipalType(type) && id !== undefined;
}

/** The part of a principal that says what it is. */
export function principalType(principal: Principal): PrincipalType {
  return PRINCIPAL_TYPES.find((type) => principal.startsWith(`${type}:`)) ?? 'user';
}
