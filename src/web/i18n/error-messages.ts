import type { ERROR_MESSAGES, LimitedObjects } from '../../rules/error-messages.ts';
import type { ErrorCode, ErrorDetail } from '../../rules/errors.ts';
import { formatList, formatNumber, plural } from './format.ts';
import { dataTypeLabels, permissionLabel } from './labels.ts';

/**
 * Codes that no request of today's console shows: malformed requests, intake, queries, the directory, and keys that are gone. The
 * API's text stands for them. Move a code out when a page can cause it.
 */
type ProgramErrorCode =
  | 'api_key_invalid'
  | 'body_not_encoded'
  | 'body_not_json'
  | 'body_too_deep'
  | 'cannot_disable_yourself'
  | 'connection_id_malformed'
  | 'connection_type_unknown'
  | 'dataset_filter_taken'
  | 'dataset_principal_unsupported'
  | 'email_taken'
  | 'field_invalid'
  | 'header_required'
  | 'key_unknown'
  | 'last_access_manager'
  | 'name_taken'
  | 'object_unknown'
  | 'page_of_other_site'
  | 'path_unknown'
  | 'principal_type_unsupported'
  | 'query_invalid'
  | 'range_outside_retention'
  | 'request_type_invalid'
  | 'resource_malformed'
  | 'resource_type_unsupported'
  | 'role_lacks_permission'
  | 'role_lacks_restriction_query'
  | 'scope_unknown'
  | 'scopes_exceeded'
  | 'scopes_required'
  | 'server_starting'
  | 'server_stopping'
  | 'team_handle_taken'
  | 'too_many_entries'
  | 'unauthorized'
  | 'user_already_in_team'
  | 'user_lacks_role'
  | 'user_not_in_team'
  | 'validation_failed';

/** Sentences of the console for error codes. */
type ConsoleErrorMessages = {
  [Code in Exclude<ErrorCode, ProgramErrorCode>]: (
    ...parameters: Parameters<(typeof ERROR_MESSAGES)[Code]>
  ) => string;
};

const maximumReached: Record<LimitedObjects, (maximum: string) => string> = {
  'API keys': (maximum) =>
    `This organization already has the maximum of ${maximum} API keys. Revoke one that is no longer needed, then try again.`,
  'application keys': (maximum) =>
    `You already have the maximum of ${maximum} application keys. Revoke one that you no longer need, then try again.`,
  datasets: (maximum) => `This organization already has the maximum of ${maximum} datasets.`,
  'restriction queries': (maximum) =>
    `This organization already has the maximum of ${maximum} restriction queries.`,
};

const english: ConsoleErrorMessages = {
  rate_limit_reached: ({ seconds }) =>
    plural(seconds, {
      one: (count) => `There were too many requests. Try again in ${count} second.`,
      other: (count) => `There were too many requests. Try again in ${count} seconds.`,
    }),
  body_too_large: ({ megabytes }) => `The request is larger than ${formatNumber(megabytes)} MB.`,
  too_many_attempts: ({ minutes }) =>
    plural(minutes, {
      one: (n) => `Too many attempts. Try again in ${n} minute.`,
      other: (n) => `Too many attempts. Try again in ${n} minutes.`,
    }),
  database_timeout: () => 'The database took too long. Try again.',
  database_busy: () => 'The database is busy. Try again.',
  database_unreachable: () => 'The database can’t be reached. Try again.',
  database_full: () =>
    'The disk of the database is full. Ask the operator of this server to free space, then try again.',
  database_read_only: () => 'The database is read-only at the moment. Try again.',
  query_waited_too_long: () => 'Too many queries are running. Try again in a moment.',
  queries_cut_off: ({ seconds }) =>
    plural(seconds, {
      one: (n) => `Queries took too long and were stopped. Try again in ${n} second.`,
      other: (n) => `Queries took too long and were stopped. Try again in ${n} seconds.`,
    }),
  server_busy: () => 'The server is busy. Try again.',
  internal_error: () => 'Something went wrong on the server. Try again.',

  credentials_incorrect: () => 'Email or password is incorrect.',
  passwords_disabled: () => 'Password sign-in is disabled here. Use single sign-on.',
  page_of_other_person: () => 'You are signed in as another person in this browser. Reload the page.',
  no_user_in_org: () => 'You don’t have access to this organization, or it doesn’t exist.',
  user_disabled: () => 'Your account in this organization is disabled.',
  permission_required: ({ permission }) => `You need the ${permissionLabel(permission)} permission.`,
  demo_person_unknown: () => 'The demo account has no person with this email.',

  invitation_invalid: () =>
    'This invitation has expired, was revoked, or has already been used. Ask for a new one.',
  invitation_for_other_person: ({ email }) => `Sign in as ${email} to accept this invitation.`,
  invitation_accepted_sign_in: () => 'You have joined the organization. Sign in to continue.',

  maximum_reached: ({ objects, maximum }) => maximumReached[objects](formatNumber(maximum)),

  connection_unknown: () => 'The connection no longer exists. Close this dialog to see the current list.',
  connection_already_deleted: () =>
    'The connection no longer exists. Close this dialog to see the current list.',
  destination_unknown: () => 'The destination no longer exists. Choose another one.',
  connection_not_allowed: () => 'These organizations can’t be connected. Choose another destination.',
  connection_exists: () =>
    'Your organization already shares with this destination. Edit that connection instead.',
  maximum_destinations_reached: ({ maximum }) =>
    plural(maximum, {
      one: (n) => `Your organization already shares with the maximum of ${n} destination.`,
      other: (n) => `Your organization already shares with the maximum of ${n} destinations.`,
    }),
  connection_type_required: () => 'Select at least one data type.',
  only_source_can_update: () => 'Only the source organization can change this connection.',
  not_an_editor: () => 'Only editors of this connection can do this. Open Permissions to see who they are.',
  type_not_shareable: ({ type, permission }) =>
    `To share ${dataTypeLabels[type]}, you need the ${permissionLabel(permission)} permission.`,
  type_restricted: ({ type }) =>
    `Your access to ${dataTypeLabels[type]} is restricted, so you can’t add it to another user’s connection. Ask the connection’s creator to add it.`,

  nothing_shared: () => 'The source organization no longer shares with this organization.',
  type_not_shared: ({ type }) => `The connection doesn’t share ${dataTypeLabels[type]}.`,
  not_a_viewer: () => 'Only viewers and editors of this connection can query its data.',
  source_feature_off: () =>
    'Cross-Org Visibility is off in the source organization. Ask its operator to turn it on.',
  destination_feature_off: () =>
    'Cross-Org Visibility is off in the destination organization. Ask its operator to turn it on.',
  creator_inactive: () =>
    'The connection’s creator is no longer active in the source organization. Delete the connection and create it again there.',
  creator_lacks_permission: ({ permission }) =>
    `The connection’s creator doesn’t have the ${permissionLabel(permission)} permission in the source organization. Grant it there, or delete the connection and create it again.`,

  principals_unknown: ({ principals }) =>
    `The organization no longer has ${formatList(principals)}. Reload the page to see who is there.`,
  principal_deleted: () => 'A role, team, or user in this list has just been deleted. Try again.',
  self_lockout: () =>
    'You’d lose access. Add yourself, or a role, team, or organization that includes you, as an editor.',
  policy_changed: () => 'These permissions changed while you were editing.',
};

/** Error as the API sends it: a newer server may know codes that this console does not. */
interface SentError {
  code: string;
  params?: unknown;
}

/** Returns the console's sentence for an error, or `otherwise` for a code without one. */
export function errorText({ code, params }: ErrorDetail | SentError, otherwise: string): string {
  if (!Object.hasOwn(english, code)) return otherwise;
  // oxlint-disable-next-line no-unsafe-type-assertion -- the server sends the parameters of the code
  const render = english[code as keyof ConsoleErrorMessages] as (parameters: unknown) => string;
  return render(params);
}
