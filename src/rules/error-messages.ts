import type { ConnectionType } from '../contract/org-connections/constants.ts';
import type { PermissionName } from '../contract/permissions/constants.ts';
import type { Relation, ResourceType } from '../contract/restriction-policies/constants.ts';

/** Objects of which an organization or a user has a maximum number. */
export type LimitedObjects = 'API keys' | 'application keys' | 'datasets' | 'restriction queries';

/** Entries of which a request body has a maximum number. */
export type BodyEntries = 'points' | 'logs' | 'events' | 'values' | 'members in one object';

/** Objects in an organization's directory, including those that restrict access to data. */
export type DirectoryNoun = 'user' | 'role' | 'team' | 'permission' | 'restriction query' | 'dataset';

/**
 * English text of every error code, for programs. The keys are the codes; the argument of a function has the parameters of its
 * code. Texts marked as recorded in docs/wire-format.md stay to the letter.
 */
export const ERROR_MESSAGES = {
  // Requests
  validation_failed: () => 'Validation failed for input.',
  field_invalid: ({ field, problem }: { field: string; problem: string }) => `${field}: ${problem}`,
  body_not_json: () => 'The body is not valid JSON',
  body_not_encoded: ({ encoding }: { encoding: string }) => `The body is not valid ${encoding}`,
  body_too_large: ({ megabytes }: { megabytes: number }) => `The body is larger than ${megabytes} MB`,
  body_too_deep: ({ levels }: { levels: number }) =>
    `The body is nested deeper than ${levels} levels; nest it less`,
  too_many_entries: ({ entries, maximum }: { entries: BodyEntries; maximum: number }) =>
    `The body has more than ${maximum} ${entries}; send fewer at a time`,
  header_required: ({ header }: { header: string }) => `The header ${header} is required`,
  path_unknown: () => 'Not found',
  too_many_attempts: ({ minutes }: { minutes: number }) =>
    `Too many attempts; try again in ${minutes} minutes`,
  rate_limit_reached: ({ limit, period, seconds }: { limit: number; period: number; seconds: number }) =>
    `More than ${limit} requests in ${period} seconds; try again in ${seconds} seconds`,
  database_timeout: () => 'The database took too long; try again',
  database_busy: () => 'The database is busy; try again',
  database_unreachable: () => 'The database cannot be reached; try again',
  database_full: () => 'The disk of the database is full; free space on it, then try again',
  database_read_only: () => 'The database is read-only at the moment; try again',
  server_starting: () => 'The server is starting; try again',
  server_stopping: () => 'The server is stopping; try again',
  server_busy: () => 'The server is busy; try again',
  internal_error: () => 'Internal server error',

  // Credentials
  unauthorized: () => 'Unauthorized',
  // As Datadog's intake answers; agents do not retry it.
  api_key_invalid: () => 'Forbidden',
  credentials_incorrect: () => 'Email or password is incorrect.',
  passwords_disabled: () => 'Password sign-in is disabled here; use single sign-on',
  page_of_other_site: () => 'This request does not come from the console',
  page_of_other_person: () => 'You are signed in as another person in this browser. Reload the page.',
  no_user_in_org: () => 'You are not a user of this organization',
  user_disabled: () => 'Your account in this organization is disabled.',
  permission_required: ({ permission }: { permission: PermissionName }) =>
    `The permission ${permission} is required`,
  demo_person_unknown: () => 'The demo account has no person with this email',

  // Invitations
  invitation_invalid: () =>
    'This invitation has expired, was revoked, or has already been used. Ask for a new one.',
  invitation_for_other_person: ({ email }: { email: string }) =>
    `Sign in as ${email} to accept this invitation`,
  invitation_accepted_sign_in: () => 'You have joined the organization; sign in to continue',

  // Directory
  object_unknown: ({ noun, id }: { noun: DirectoryNoun; id: string }) => `${noun} ${id} not found`,
  role_lacks_permission: ({ role, permission }: { role: string; permission: string }) =>
    `role ${role} does not have the permission ${permission}`,
  role_lacks_restriction_query: ({ role, query }: { role: string; query: string }) =>
    `role ${role} does not have the restriction query ${query}`,
  user_lacks_role: ({ user, role }: { user: string; role: string }) =>
    `user ${user} does not have the role ${role}`,
  user_not_in_team: ({ user, team }: { user: string; team: string }) =>
    `user ${user} is not a member of team ${team}`,
  user_already_in_team: () => 'the user is already a member of the team',
  name_taken: ({ noun, name }: { noun: DirectoryNoun; name: string }) =>
    `a ${noun} with the name ${name} already exists`,
  email_taken: ({ email }: { email: string }) => `a user with the email ${email} already exists`,
  team_handle_taken: ({ handle }: { handle: string }) => `a team with the handle ${handle} already exists`,
  cannot_disable_yourself: () => 'You cannot disable yourself',
  last_access_manager: () =>
    'This would leave the organization without an active user who has the permission user_access_manage',
  maximum_reached: ({
    holder,
    maximum,
    objects,
  }: {
    holder: string;
    maximum: number;
    objects: LimitedObjects;
  }) => `${holder} already has the maximum of ${maximum} ${objects}`,

  // Keys
  key_unknown: () => 'Not found',
  scope_unknown: ({ scope }: { scope: string }) => `data.attributes.scopes: unknown permission "${scope}"`,
  scopes_required: () =>
    'an application key with scopes can only make keys with scopes, each of them one of its own',
  scopes_exceeded: ({ scopes }: { scopes: readonly string[] }) =>
    `an application key can only give scopes of its own, not ${scopes.join(', ')}`,

  // Connections
  connection_id_malformed: () => 'connection id must be a valid uuid',
  connection_unknown: ({ id }: { id: string }) => `Org connection with id:${id} not found not found`,
  connection_already_deleted: ({ id }: { id: string }) => `org connection with id:${id} not found not found`,
  destination_unknown: () => 'Not found',
  connection_not_allowed: ({ source, destination }: { source: string; destination: string }) =>
    `connection between orgs ${source} and ${destination} is not allowed`,
  connection_exists: ({ source, destination }: { source: string; destination: string }) =>
    `connection between orgs ${source} and ${destination} already exists`,
  maximum_destinations_reached: ({ source, maximum }: { source: string; maximum: number }) =>
    `org ${source} already shares with the maximum of ${maximum} organizations`,
  connection_type_required: () =>
    'data.attributes.connection_types: at least one connection type is required',
  connection_type_unknown: ({ field, type }: { field: string; type: string }) =>
    `${field}: unknown connection type "${type}"`,
  only_source_can_update: ({ id }: { id: string }) =>
    `only the source organization can update connection ${id}`,
  not_an_editor: ({ type, id }: { type: ResourceType; id: string }) =>
    `you are not an editor of ${type}:${id} under its restriction policy`,
  type_not_shareable: ({ type, permission }: { type: ConnectionType; permission: PermissionName }) =>
    `To share ${type}, you need the permission ${permission}.`,
  type_restricted: ({ type }: { type: ConnectionType }) =>
    `Your access to ${type} is restricted, so you cannot add them to a connection that another user created. Ask its creator to add them.`,

  // Shared data
  nothing_shared: ({ source }: { source: string }) =>
    `Organization ${source} shares nothing with this organization: there is no connection from it`,
  type_not_shared: ({ connection, type }: { connection: string; type: ConnectionType }) =>
    `Connection ${connection} does not share ${type}`,
  not_a_viewer: ({ connection }: { connection: string }) =>
    `The restriction policy of this organization for connection ${connection} does not make you a viewer`,
  source_feature_off: () =>
    'Cross-org visibility is turned off in the source organization. Ask its operator to turn it on.',
  destination_feature_off: () =>
    'Cross-org visibility is turned off in the destination organization. Ask its operator to turn it on.',
  creator_inactive: () =>
    "The connection's creator is not active in the source organization. Delete the connection and create it again there.",
  creator_lacks_permission: ({ permission }: { permission: PermissionName }) =>
    `The connection's creator does not have the permission ${permission} in the source organization. Grant it there, or delete the connection and create it again.`,

  // Queries
  request_type_invalid: ({ type }: { type: string }) =>
    `API input validation failed: Invalid type. Expected "${type}".`,
  range_outside_retention: () => 'Queries ending outside the retention date are invalid',
  query_waited_too_long: () => 'Too many queries are running, so this one did not start; try again later',
  queries_cut_off: ({ seconds }: { seconds: number }) =>
    `Queries of yours, or of your organization, took too long and were stopped. Try again in ${seconds} seconds, with smaller queries.`,
  query_invalid: ({ problem }: { problem: string }) => problem,

  // Restriction policies and datasets
  resource_malformed: ({ resource }: { resource: string }) =>
    `Invalid resource: '${resource}' is not in a valid format`,
  resource_type_unsupported: ({ type }: { type: string }) =>
    `Invalid resource type: '${type}' does not support restriction policies`,
  principal_type_unsupported: (parameters: {
    principal: string;
    relation: Relation;
    supported: readonly string[];
  }) =>
    `Invalid request: [PrincipalTypeInvalidForRelation] principal "${parameters.principal}" is not supported by ` +
    `"${parameters.relation}" relation, supported types: "${parameters.supported.join(', ')}"`,
  dataset_principal_unsupported: (parameters: { principal: string; supported: readonly string[] }) =>
    `Invalid request: principal "${parameters.principal}" is not supported by datasets, ` +
    `supported types: "${parameters.supported.join(', ')}"`,
  principals_unknown: ({ principals }: { principals: readonly string[] }) =>
    `Invalid request: this organization has no principal ${principals.map((principal) => `"${principal}"`).join(', ')}`,
  principal_deleted: () => 'Invalid request: one of the principals has just been deleted',
  self_lockout: () =>
    'Invalid request: the policy would lock you out; name yourself, the organization, or one of your roles or teams as "editor"',
  policy_changed: () => 'The restriction policy has changed since it was read',
  dataset_filter_taken: (parameters: { filter: string; product: string; dataset: string }) =>
    `the filter ${parameters.filter} for ${parameters.product} is already used by the dataset ${parameters.dataset}`,
} as const satisfies Record<string, (parameters: never) => string>;
