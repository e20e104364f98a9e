import type { PermissionName } from '../permissions/constants.ts';

/** Relations of a principal to a resource, weakest first. An editor is also a viewer. */
export const RELATIONS = ['viewer', 'editor'] as const;
export type Relation = (typeof RELATIONS)[number];

/** Types of principals, in Datadog's order. */
export const PRINCIPAL_TYPES = ['org', 'role', 'team', 'user'] as const;
export type PrincipalType = (typeof PRINCIPAL_TYPES)[number];

/** Principal of the organization: `role:` and the UUID of a role, and likewise for the other types. */
export type Principal = `${PrincipalType}:${string}`;

/** Type of resource that supports restriction policies. */
export type ResourceType = 'cross-org-connection' | 'dashboard' | 'notebook';

/** Permissions required to read and change the policy of a resource, by resource type. */
export const RESOURCE_TYPES: Record<ResourceType, { read: PermissionName; write: PermissionName }> = {
  'cross-org-connection': { read: 'org_connections_read', write: 'org_connections_write' },
  dashboard: { read: 'dashboards_read', write: 'dashboards_write' },
  notebook: { read: 'notebooks_read', write: 'notebooks_write' },
};

/** Maximum number of principals per policy, over all its bindings. */
export const MAX_POLICY_PRINCIPALS = 1000;

/** Returns the resource id of a connection in the path of its policy. */
export function connectionResource(connectionId: string): `cross-org-connection:${string}` {
  return `cross-org-connection:${connectionId}`;
}

export function isPrincipalType(text: string): text is PrincipalType {
  return PRINCIPAL_TYPES.some((type) => type === text);
}

export function isRelation(text: string): text is Relation {
  return RELATIONS.some((relation) => relation === text);
}

/** Returns whether a text has the form of a principal. Does not validate the UUID. */
export function isPrincipal(text: string): text is Principal {
  const [type = '', id] = text.split(':');
  return isPrincipalType(type) && id !== undefined;
}

/** Returns the type of a principal. */
export function principalType(principal: Principal): PrincipalType {
  return PRINCIPAL_TYPES.find((type) => principal.startsWith(`${type}:`)) ?? 'user';
}
