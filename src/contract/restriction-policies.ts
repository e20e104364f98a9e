/** What a policy can make of a principal, the least first. An editor is a viewer as well. */
export const RELATIONS = ['viewer', 'editor'] as const;
export type Relation = (typeof RELATIONS)[number];

/** What a policy can name, in the order in which Datadog lists them. */
export const PRINCIPAL_TYPES = ['org', 'role', 'team', 'user'] as const;
export type PrincipalType = (typeof PRINCIPAL_TYPES)[number];

/** Someone or some group of the organization: `role:` and the UUID of a role. */
export type Principal = `${PrincipalType}:${string}`;

/** What can have a policy. */
export const RESOURCE_TYPES = ['cross-org-connection', 'dashboard', 'notebook'] as const;
export type ResourceType = (typeof RESOURCE_TYPES)[number];
