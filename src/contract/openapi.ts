import type { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import {
  AccessRequest,
  AccessResponse,
  PrincipalSearchQuery,
  PrincipalSearchResponse,
} from './access/schema.ts';
import { CiPipelineEventRequest, CiTestEventRequest } from './ci/schema.ts';
import { ErrorBody } from './common/schema.ts';
import {
  FacetListQuery,
  FacetListResponse,
  MetricListQuery,
  MetricListResponse,
  MetricPath,
  MetricTagsQuery,
  MetricTagsResponse,
} from './completion/schema.ts';
import {
  ConsoleSession,
  DemoPeople,
  DemoSignInRequest,
  Invitation,
  InvitationAcceptance,
  InvitationRequest,
  SignInMethods,
  SignInRequest,
  SingleSignOnQuery,
} from './console/schema.ts';
import { DatasetPath, DatasetRequest, DatasetResponse, DatasetsResponse } from './datasets/schema.ts';
import {
  ApiKeyCreateRequest,
  ApiKeyListQuery,
  ApiKeyPath,
  ApiKeyQuery,
  ApiKeyResponse,
  ApiKeysResponse,
  ApiKeyUpdateRequest,
  ApplicationKeyCreateRequest,
  ApplicationKeyListQuery,
  ApplicationKeyPath,
  ApplicationKeyQuery,
  ApplicationKeyResponse,
  ApplicationKeysResponse,
  ApplicationKeyUpdateRequest,
  CreatedApiKeyResponse,
  CreatedApplicationKeyResponse,
} from './keys/schema.ts';
import { HttpLog, LogIntakeQuery } from './logs/schema.ts';
import {
  OrgConnectionCreateRequest,
  OrgConnectionListQuery,
  OrgConnectionListResponse,
  OrgConnectionPath,
  OrgConnectionResponse,
  OrgConnectionUpdateRequest,
} from './org-connections/schema.ts';
import { ManagedOrgsResponse, OrganizationListResponse, ValidateResponse } from './orgs/schema.ts';
import { ORGANIZATION_HEADER, PATHS, PERSON_HEADER } from './paths.ts';
import {
  ScalarQueryRequest,
  ScalarQueryResponse,
  TimeseriesQueryRequest,
  TimeseriesQueryResponse,
} from './queries/schema.ts';
import {
  PolicyPrecondition,
  RestrictionPolicyPath,
  RestrictionPolicyResponse,
  RestrictionPolicyUpdateQuery,
  RestrictionPolicyUpdateRequest,
} from './restriction-policies/schema.ts';
import {
  RestrictionQueriesResponse,
  RestrictionQueryListQuery,
  RestrictionQueryPath,
  RestrictionQueryRequest,
  RestrictionQueryResponse,
  RestrictionQueryRoleRequest,
  RestrictionQueryRolesResponse,
  RestrictionQueryWithRolesResponse,
} from './restriction-queries/schema.ts';
import {
  PermissionsResponse,
  RoleCreateRequest,
  RoleListQuery,
  RolePath,
  RolePermissionRequest,
  RoleResponse,
  RolesResponse,
  RoleUserRequest,
} from './roles/schema.ts';
import { IntakePayloadAccepted, MetricPayload } from './series/schema.ts';
import {
  MembershipCreateRequest,
  MembershipListQuery,
  MembershipPath,
  MembershipResponse,
  MembershipsResponse,
  TeamCreateRequest,
  TeamListQuery,
  TeamPath,
  TeamResponse,
  TeamsResponse,
} from './teams/schema.ts';
import {
  UserCreateRequest,
  UserInvitedResponse,
  UserListQuery,
  UserPath,
  UserResponse,
  UsersResponse,
} from './users/schema.ts';

/** The OpenAPI document of the whole API. */
export function createOpenApiDocument() {
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Cross-Org Visibility API',
      version: '2.0.0',
      description:
        'Connections through which a source organization shares observability data with a destination (sink) organization of the same account. ' +
        "The calls under /api/v1 and /api/v2 speak Datadog's public wire format, so that official clients work unchanged; what goes beyond it lives in `extensions`.",
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [
      {
        name: 'Org Connections',
        description: 'Share data with another organization, and see what is shared.',
      },
      {
        name: 'Restriction Policies',
        description: 'Which roles, teams and users may query the data of a connection, and change it.',
      },
      {
        name: 'Logs Restriction Queries',
        description: 'Which logs the holders of a role may see.',
      },
      { name: 'Datasets', description: 'Data that only some roles and teams may see.' },
      {
        name: 'Queries',
        description:
          'Metrics and events of the organization, or of one that is connected to it, in formulas. See docs/queries.md.',
      },
      { name: 'Organizations', description: "The account's organizations." },
      { name: 'Users', description: "Who is asking, and the organization's users." },
      { name: 'Roles', description: 'What users are permitted.' },
      { name: 'Teams', description: 'Groups of users.' },
      {
        name: 'Keys',
        description: 'What programs prove with who they are. A key is shown once, when it is created.',
      },
      {
        name: 'Intake',
        description:
          'Where telemetry comes in: of a request all is kept, or nothing. An API key alone names the organization whose it is. ' +
          'Bodies may be packed (`Content-Encoding: gzip` or `deflate`), and have at most 5 MB unpacked.',
      },
      {
        name: 'Console',
        description: 'What the console needs besides: sessions of people. Not for programs.',
      },
    ],
    components: {
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'DD-API-KEY', description: 'Names the organization.' },
        applicationKey: {
          type: 'apiKey',
          in: 'header',
          name: 'DD-APPLICATION-KEY',
          description: 'Names a user of that organization; its scopes may narrow what the user may do.',
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'cross-org-visibility.session_token',
          description:
            `A signed-in person; the header ${ORGANIZATION_HEADER} names the organization. ` +
            `The header ${PERSON_HEADER} has the \`person.id\` that the page has read: required unless the method is GET, ` +
            '403 if another person is signed in by now. Over https the name of the cookie begins with __Secure-.',
        },
      },
    },
    paths: describePaths(),
  });
}

const keysOrSession = [{ apiKey: [], applicationKey: [] }, { session: [] }];

function describePaths(): ZodOpenApiPathsObject {
  return {
    [PATHS.orgConnections]: {
      get: call('Org Connections', 'List connections', {
        description:
          'All connections of which the organization is the source or the destination: first those that it shares, newest first. Needs `org_connections_read`.',
        requestParams: { query: OrgConnectionListQuery },
        answer: OrgConnectionListResponse,
        errors: [400, 401, 403],
      }),
      post: call('Org Connections', 'Create a connection', {
        description:
          "From the caller's organization to another of the same account and site. Needs `org_connections_write`.",
        body: OrgConnectionCreateRequest,
        answer: OrgConnectionResponse,
        errors: [400, 401, 403, 404, 409, 413],
      }),
    },
    [`${PATHS.orgConnections}/{connection_id}`]: {
      get: call('Org Connections', 'Get a connection', {
        description: 'Needs `org_connections_read`.',
        requestParams: { path: OrgConnectionPath },
        answer: OrgConnectionResponse,
        errors: [400, 401, 403, 404],
      }),
      patch: call('Org Connections', 'Change the data types of a connection', {
        description: 'From the source organization only. Needs `org_connections_write`.',
        requestParams: { path: OrgConnectionPath },
        body: OrgConnectionUpdateRequest,
        answer: OrgConnectionResponse,
        errors: [400, 401, 403, 404, 413],
      }),
      delete: call('Org Connections', 'Delete a connection', {
        description: 'From either side. Needs `org_connections_write`. Answers an empty object.',
        requestParams: { path: OrgConnectionPath },
        errors: [400, 401, 403, 404],
      }),
    },
    [`${PATHS.restrictionPolicies}/{resource_id}`]: {
      get: call('Restriction Policies', 'Get the restriction policy of a resource', {
        description:
          "The policy of the caller's organization; without bindings there is none. The answer's `ETag` names it as it is now. Needs `org_connections_read` (`dashboards_read`, `notebooks_read`).",
        requestParams: { path: RestrictionPolicyPath },
        answer: RestrictionPolicyResponse,
        errors: [400, 401, 403, 404],
      }),
      post: call('Restriction Policies', 'Replace the restriction policy of a resource', {
        description:
          'Needs `org_connections_write` (`dashboards_write`, `notebooks_write`) and being an editor, or `user_access_manage` alone. The caller must remain an editor.',
        requestParams: {
          path: RestrictionPolicyPath,
          query: RestrictionPolicyUpdateQuery,
          header: PolicyPrecondition,
        },
        body: RestrictionPolicyUpdateRequest,
        answer: RestrictionPolicyResponse,
        errors: [400, 401, 403, 404, 412, 413],
      }),
      delete: call('Restriction Policies', 'Remove the restriction policy of a resource', {
        description: 'Gives back access to everyone with the permission. Needs what replacing it needs.',
        requestParams: { path: RestrictionPolicyPath, header: PolicyPrecondition },
        status: 204,
        errors: [400, 401, 403, 404, 412],
      }),
    },
    ...describeRestrictionQueries(),
    ...describeDatasets(),
    ...describeQueries(),
    [PATHS.managedOrgs]: {
      get: call('Organizations', 'List your managed organizations', {
        answer: ManagedOrgsResponse,
        errors: [401, 403],
      }),
    },
    [PATHS.organizations]: {
      get: call('Organizations', 'List your organizations (version 1)', {
        answer: OrganizationListResponse,
        errors: [401, 403],
      }),
    },
    [PATHS.validate]: {
      get: call('Organizations', 'Validate an API key', {
        security: [{ apiKey: [] }],
        answer: ValidateResponse,
        errors: [401],
      }),
    },
    [PATHS.currentUser]: {
      get: call('Users', 'Get the user who is asking', { answer: UserResponse, errors: [401, 403] }),
    },
    [PATHS.permissions]: {
      get: call('Roles', 'List permissions', { answer: PermissionsResponse, errors: [401, 403] }),
    },
    ...describeUsers(),
    ...describeRoles(),
    ...describeTeams(),
    ...describeIntake(),
    [PATHS.apiKeys]: {
      get: call('Keys', 'List API keys', {
        description: "The organization's. Needs `api_keys_write`.",
        requestParams: { query: ApiKeyListQuery },
        answer: ApiKeysResponse,
        errors: [400, 401, 403],
      }),
      post: call('Keys', 'Create an API key', {
        description: 'The answer is the only one that shows the key. Needs `api_keys_write`.',
        body: ApiKeyCreateRequest,
        status: 201,
        answer: CreatedApiKeyResponse,
        errors: [400, 401, 403, 413],
      }),
    },
    [`${PATHS.apiKeys}/{api_key_id}`]: {
      get: call('Keys', 'Get an API key', {
        description: 'Without the key itself. Needs `api_keys_write`.',
        requestParams: { path: ApiKeyPath, query: ApiKeyQuery },
        answer: ApiKeyResponse,
        errors: [400, 401, 403, 404],
      }),
      patch: call('Keys', 'Rename an API key', {
        description: 'Needs `api_keys_write`.',
        requestParams: { path: ApiKeyPath },
        body: ApiKeyUpdateRequest,
        answer: ApiKeyResponse,
        errors: [400, 401, 403, 404, 413],
      }),
      delete: call('Keys', 'Revoke an API key', {
        description:
          'It is refused from now on, whatever application key it comes with. Needs `api_keys_write`.',
        requestParams: { path: ApiKeyPath },
        status: 204,
        errors: [401, 403, 404],
      }),
    },
    [PATHS.applicationKeys]: {
      get: call('Keys', "List the caller's application keys", {
        description: 'Needs `user_app_keys`.',
        requestParams: { query: ApplicationKeyListQuery },
        answer: ApplicationKeysResponse,
        errors: [400, 401, 403],
      }),
      post: call('Keys', 'Create an application key', {
        description:
          'For the caller. The answer is the only one that shows the key. Needs `user_app_keys`. An application key that has scopes can only give scopes of its own.',
        body: ApplicationKeyCreateRequest,
        status: 201,
        answer: CreatedApplicationKeyResponse,
        errors: [400, 401, 403, 413],
      }),
    },
    [`${PATHS.applicationKeys}/{app_key_id}`]: {
      get: call('Keys', "Get one of the caller's application keys", {
        description: 'Without the key itself. Needs `user_app_keys`.',
        requestParams: { path: ApplicationKeyPath, query: ApplicationKeyQuery },
        answer: ApplicationKeyResponse,
        errors: [400, 401, 403, 404],
      }),
      patch: call('Keys', 'Change an application key', {
        description:
          'Its name, its scopes. Needs `user_app_keys`. An application key that has scopes can only give scopes of its own.',
        requestParams: { path: ApplicationKeyPath },
        body: ApplicationKeyUpdateRequest,
        answer: ApplicationKeyResponse,
        errors: [400, 401, 403, 404, 413],
      }),
      delete: call('Keys', 'Revoke an application key', {
        description: 'It is refused from now on. Needs `user_app_keys`.',
        requestParams: { path: ApplicationKeyPath },
        status: 204,
        errors: [401, 403, 404],
      }),
    },
    [PATHS.session]: {
      get: call('Console', 'Get the signed-in person', {
        security: [{ session: [] }],
        answer: ConsoleSession,
        errors: [401],
      }),
      post: call('Console', 'Sign in', {
        security: [],
        body: SignInRequest,
        answer: ConsoleSession,
        errors: [400, 401, 403, 429],
      }),
      delete: call('Console', 'Sign out', {
        description: `Needs ${PERSON_HEADER}: 400 without it, 403 if another person is signed in.`,
        security: [{ session: [] }],
        status: 204,
        errors: [400, 403],
      }),
    },
    [PATHS.facets]: {
      get: call('Console', 'List facets of events, or the values of one', {
        description:
          "Needs the permission to read the data; of another organization's also what querying it needs.",
        requestParams: { query: FacetListQuery },
        answer: FacetListResponse,
        errors: [400, 401, 403, 503],
      }),
    },
    [PATHS.principals]: {
      get: call('Console', 'Search for roles, teams and users to name in a policy', {
        security: [{ session: [] }],
        requestParams: { query: PrincipalSearchQuery },
        answer: PrincipalSearchResponse,
        errors: [400, 401, 403],
      }),
    },
    [PATHS.access]: {
      post: call('Console', 'Say who could do what under bindings that are not saved yet', {
        description: 'Needs `org_connections_read`. Changes nothing.',
        security: [{ session: [] }],
        body: AccessRequest,
        answer: AccessResponse,
        errors: [400, 401, 403, 404, 413],
      }),
    },
    [PATHS.signInMethods]: {
      get: call('Console', 'How people can sign in', { security: [], answer: SignInMethods, errors: [] }),
    },
    [PATHS.singleSignOn]: {
      get: call('Console', 'Begin single sign-on', {
        description: 'Leads to the provider. 404 where there is none.',
        security: [],
        requestParams: { query: SingleSignOnQuery },
        status: 302,
        errors: [404],
      }),
    },
    [PATHS.singleSignOnCallback]: {
      get: call('Console', 'Finish single sign-on', {
        description:
          'Where the provider leads back to: on to the page that was asked for, or to sign in again.',
        security: [],
        status: 302,
        errors: [404],
      }),
    },
    [PATHS.invitation]: {
      post: call('Console', 'Read an invitation', {
        description:
          'By the secret at the end of its link. 404 once it was used, has run out, or was taken back.',
        security: [],
        body: InvitationRequest,
        answer: Invitation,
        errors: [400, 403, 404, 429],
      }),
    },
    [PATHS.invitationAcceptance]: {
      post: call('Console', 'Accept an invitation', {
        description: `With a name and a password for a new person, who is then signed in; for anybody who can sign in already, signed in, with ${PERSON_HEADER}.`,
        security: [],
        body: InvitationAcceptance,
        answer: ConsoleSession,
        errors: [400, 403, 404, 409, 429],
      }),
    },
    [PATHS.demoPeople]: {
      get: call('Console', 'List the people of the demo account', {
        security: [],
        answer: DemoPeople,
        errors: [],
      }),
    },
    [PATHS.demoSession]: {
      post: call('Console', 'Sign in as one of the demo account', {
        security: [],
        body: DemoSignInRequest,
        answer: ConsoleSession,
        errors: [400, 403, 404],
      }),
    },
  };
}

function describeQueries(): ZodOpenApiPathsObject {
  const ofAnother =
    "With `cross_org_uuids`, of an organization that is connected to one's own: then `org_connections_read` is needed as well, the connection must share the data, and no restriction policy may stand against it.";
  return {
    [`${PATHS.queries}/timeseries`]: {
      post: call('Queries', 'Query series over time', {
        description: `Each query needs the permission to read its data. ${ofAnother}`,
        body: TimeseriesQueryRequest,
        answer: TimeseriesQueryResponse,
        errors: [400, 401, 403, 413, 503],
      }),
    },
    [`${PATHS.queries}/scalar`]: {
      post: call('Queries', 'Query one value for each group', {
        description: `Each query needs the permission to read its data. ${ofAnother}`,
        body: ScalarQueryRequest,
        answer: ScalarQueryResponse,
        errors: [400, 401, 403, 413, 503],
      }),
    },
    [PATHS.metrics]: {
      get: call('Queries', 'List active metrics', {
        description: `Needs \`timeseries_query\`. ${ofAnother}`,
        requestParams: { query: MetricListQuery },
        answer: MetricListResponse,
        errors: [400, 401, 403, 503],
      }),
    },
    [`${PATHS.metricTags}/{metric_name}/all-tags`]: {
      get: call('Queries', 'List the tags of a metric', {
        description: `Needs \`timeseries_query\`. ${ofAnother}`,
        requestParams: { path: MetricPath, query: MetricTagsQuery },
        answer: MetricTagsResponse,
        errors: [400, 401, 403, 503],
      }),
    },
  };
}

function describeRestrictionQueries(): ZodOpenApiPathsObject {
  const one = { path: RestrictionQueryPath };
  const description = 'Needs `user_access_manage`.';
  const change = {
    description,
    requestParams: one,
    body: RestrictionQueryRequest,
    answer: RestrictionQueryResponse,
    errors: [400, 401, 403, 404, 413],
  } as const;
  const tag = 'Logs Restriction Queries';
  return {
    [PATHS.restrictionQueries]: {
      get: call(tag, 'List restriction queries', {
        description,
        requestParams: { query: RestrictionQueryListQuery },
        answer: RestrictionQueriesResponse,
        errors: [400, 401, 403],
      }),
      post: call(tag, 'Create a restriction query', {
        description: 'No role has it yet. Needs `user_access_manage`.',
        body: RestrictionQueryRequest,
        answer: RestrictionQueryResponse,
        errors: [400, 401, 403, 413],
      }),
    },
    [`${PATHS.restrictionQueries}/{restriction_query_id}`]: {
      get: call(tag, 'Get a restriction query', {
        description: 'With the roles that have it. Needs `user_access_manage`.',
        requestParams: one,
        answer: RestrictionQueryWithRolesResponse,
        errors: [401, 403, 404],
      }),
      put: call(tag, 'Replace a restriction query', change),
      patch: call(tag, 'Change a restriction query', change),
      delete: call(tag, 'Delete a restriction query', {
        description:
          'Roles that have no other lose the permission `logs_read_index_data` with it; give it back for them to see all logs. Needs `user_access_manage`.',
        requestParams: one,
        status: 204,
        errors: [401, 403, 404],
      }),
    },
    [`${PATHS.restrictionQueries}/{restriction_query_id}/roles`]: {
      get: call(tag, 'List the roles that have a restriction query', {
        description,
        requestParams: { path: RestrictionQueryPath, query: RestrictionQueryListQuery },
        answer: RestrictionQueryRolesResponse,
        errors: [400, 401, 403, 404],
      }),
      post: call(tag, 'Give a role a restriction query', {
        description:
          'Also gives it the permission `logs_read_index_data`. A role may have several restriction queries: its holders see what any of them matches, besides what their other roles show. Needs `user_access_manage`.',
        requestParams: one,
        body: RestrictionQueryRoleRequest,
        status: 204,
        errors: [400, 401, 403, 404, 413],
      }),
      delete: call(tag, 'Take a restriction query from a role', {
        description:
          'With its last one, a role loses the permission `logs_read_index_data`; give it back for the role to show all logs. Needs `user_access_manage`.',
        requestParams: one,
        body: RestrictionQueryRoleRequest,
        status: 204,
        errors: [400, 401, 403, 404, 413],
      }),
    },
    [`${PATHS.restrictionQueries}/role/{role_id}`]: {
      get: call(tag, 'List the restriction queries of a role', {
        description,
        requestParams: { path: RolePath },
        answer: RestrictionQueriesResponse,
        errors: [401, 403, 404],
      }),
    },
    [`${PATHS.restrictionQueries}/user/{user_id}`]: {
      get: call(tag, "List the restriction queries of a user's roles", {
        description,
        requestParams: { path: UserPath },
        answer: RestrictionQueriesResponse,
        errors: [401, 403, 404],
      }),
    },
  };
}

function describeDatasets(): ZodOpenApiPathsObject {
  const one = { path: DatasetPath };
  const description = 'Needs `user_access_manage`.';
  return {
    [PATHS.datasets]: {
      get: call('Datasets', 'List datasets', {
        description: 'All of the organization. Needs `user_access_manage`.',
        answer: DatasetsResponse,
        errors: [401, 403],
      }),
      post: call('Datasets', 'Create a dataset', {
        description:
          'Its name is unique in the organization, and so is each of its filters for a product. Needs `user_access_manage`.',
        body: DatasetRequest,
        answer: DatasetResponse,
        errors: [400, 401, 403, 409, 413],
      }),
    },
    [`${PATHS.datasets}/{dataset_id}`]: {
      get: call('Datasets', 'Get a dataset', {
        description,
        requestParams: one,
        answer: DatasetResponse,
        errors: [401, 403, 404],
      }),
      put: call('Datasets', 'Replace a dataset', {
        description,
        requestParams: one,
        body: DatasetRequest,
        answer: DatasetResponse,
        errors: [400, 401, 403, 404, 409, 413],
      }),
      delete: call('Datasets', 'Delete a dataset', {
        description: 'Everyone with the permission sees its data then. Needs `user_access_manage`.',
        requestParams: one,
        status: 204,
        errors: [401, 403, 404],
      }),
    },
  };
}

function describeIntake(): ZodOpenApiPathsObject {
  const intake: Pick<Call, 'security' | 'status' | 'errors'> = {
    security: [{ apiKey: [] }],
    status: 202,
    errors: [400, 401, 413],
  };
  return {
    [PATHS.series]: {
      post: call('Intake', 'Submit metrics', {
        ...intake,
        body: MetricPayload,
        answer: IntakePayloadAccepted,
      }),
    },
    [PATHS.logs]: {
      post: call('Intake', 'Send logs', {
        ...intake,
        requestParams: { query: LogIntakeQuery },
        body: HttpLog,
      }),
    },
    [PATHS.ciPipelines]: {
      post: call('Intake', 'Send pipeline events', { ...intake, body: CiPipelineEventRequest }),
    },
    [PATHS.ciTests]: {
      post: call('Intake', 'Send test events', { ...intake, body: CiTestEventRequest }),
    },
  };
}

function describeUsers(): ZodOpenApiPathsObject {
  const one = { path: UserPath };
  return {
    [PATHS.users]: {
      get: call('Users', 'List users', {
        requestParams: { query: UserListQuery },
        answer: UsersResponse,
        errors: [400, 401, 403],
      }),
      post: call('Users', 'Invite a user', {
        description:
          'The user is pending until they accept: the link for that is in this answer alone. Somebody pending or disabled is invited anew. Needs `user_access_manage`.',
        body: UserCreateRequest,
        status: 201,
        answer: UserInvitedResponse,
        errors: [400, 401, 403, 404, 409, 413],
      }),
    },
    [`${PATHS.users}/{user_id}`]: {
      get: call('Users', 'Get a user', {
        requestParams: one,
        answer: UserResponse,
        errors: [401, 403, 404],
      }),
      delete: call('Users', 'Disable a user', {
        description:
          'At once; their application keys are deleted for good. Nobody can disable themself. Needs `user_access_manage`.',
        requestParams: one,
        status: 204,
        errors: [401, 403, 404],
      }),
    },
    [`${PATHS.users}/{user_id}/permissions`]: {
      get: call('Users', "List a user's permissions", {
        requestParams: one,
        answer: PermissionsResponse,
        errors: [401, 403, 404],
      }),
    },
    [`${PATHS.users}/{user_id}/memberships`]: {
      get: call('Users', "List a user's memberships of teams", {
        requestParams: one,
        answer: MembershipsResponse,
        errors: [401, 403, 404],
      }),
    },
  };
}

function describeRoles(): ZodOpenApiPathsObject {
  const one = { path: RolePath };
  const users = { path: RolePath, query: UserListQuery };
  const change = { description: 'Needs `user_access_manage`.', errors: [400, 401, 403, 404, 413] } as const;
  return {
    [PATHS.roles]: {
      get: call('Roles', 'List roles', {
        requestParams: { query: RoleListQuery },
        answer: RolesResponse,
        errors: [400, 401, 403],
      }),
      post: call('Roles', 'Create a role', {
        description:
          'A new role has the permissions marked `restricted` and those in the body. Needs `user_access_manage`.',
        body: RoleCreateRequest,
        answer: RoleResponse,
        errors: [400, 401, 403, 404, 409, 413],
      }),
    },
    [`${PATHS.roles}/{role_id}`]: {
      get: call('Roles', 'Get a role', {
        requestParams: one,
        answer: RoleResponse,
        errors: [401, 403, 404],
      }),
      delete: call('Roles', 'Delete a role', {
        description: 'Needs `user_access_manage`.',
        requestParams: one,
        status: 204,
        errors: [401, 403, 404],
      }),
    },
    [`${PATHS.roles}/{role_id}/permissions`]: {
      get: call('Roles', "List a role's permissions", {
        requestParams: one,
        answer: PermissionsResponse,
        errors: [401, 403, 404],
      }),
      post: call('Roles', 'Give a role a permission', {
        ...change,
        requestParams: one,
        body: RolePermissionRequest,
        answer: PermissionsResponse,
      }),
      delete: call('Roles', 'Take a permission from a role', {
        ...change,
        requestParams: one,
        body: RolePermissionRequest,
        answer: PermissionsResponse,
      }),
    },
    [`${PATHS.roles}/{role_id}/users`]: {
      get: call('Roles', 'List the users who have a role', {
        requestParams: users,
        answer: UsersResponse,
        errors: [400, 401, 403, 404],
      }),
      post: call('Roles', 'Give a user a role', {
        ...change,
        requestParams: users,
        body: RoleUserRequest,
        answer: UsersResponse,
      }),
      delete: call('Roles', 'Take a role from a user', {
        ...change,
        requestParams: users,
        body: RoleUserRequest,
        answer: UsersResponse,
      }),
    },
  };
}

function describeTeams(): ZodOpenApiPathsObject {
  const one = { path: TeamPath };
  return {
    [PATHS.teams]: {
      get: call('Teams', 'List teams', {
        requestParams: { query: TeamListQuery },
        answer: TeamsResponse,
        errors: [400, 401, 403],
      }),
      post: call('Teams', 'Create a team', {
        description: 'Its name and its handle are unique in the organization. Needs `teams_manage`.',
        body: TeamCreateRequest,
        status: 201,
        answer: TeamResponse,
        errors: [400, 401, 403, 404, 409, 413],
      }),
    },
    [`${PATHS.teams}/{team_id}`]: {
      get: call('Teams', 'Get a team', {
        requestParams: one,
        answer: TeamResponse,
        errors: [401, 403, 404],
      }),
      delete: call('Teams', 'Delete a team', {
        description: 'Needs `teams_manage`.',
        requestParams: one,
        status: 204,
        errors: [401, 403, 404],
      }),
    },
    [`${PATHS.teams}/{team_id}/memberships`]: {
      get: call('Teams', 'List the members of a team', {
        requestParams: { path: TeamPath, query: MembershipListQuery },
        answer: MembershipsResponse,
        errors: [400, 401, 403, 404],
      }),
      post: call('Teams', 'Add a user to a team', {
        description: 'Needs `teams_manage`.',
        requestParams: one,
        body: MembershipCreateRequest,
        answer: MembershipResponse,
        errors: [400, 401, 403, 404, 409, 413],
      }),
    },
    [`${PATHS.teams}/{team_id}/memberships/{user_id}`]: {
      delete: call('Teams', 'Remove a user from a team', {
        description: 'Needs `teams_manage`.',
        requestParams: { path: MembershipPath },
        status: 204,
        errors: [401, 403, 404],
      }),
    },
  };
}

interface Call {
  description?: string;
  security?: NonNullable<ZodOpenApiOperationObject['security']>;
  requestParams?: NonNullable<ZodOpenApiOperationObject['requestParams']>;
  body?: z.ZodType;
  status?: 200 | 201 | 202 | 204 | 302;
  answer?: z.ZodType;
  errors: readonly (keyof typeof ERRORS)[];
}

const ERRORS = {
  400: 'The request is wrong; each entry says how.',
  401: 'Missing or unknown credentials.',
  403: 'Known, but not permitted; the text names the missing permission or the deciding rule.',
  404: 'Not found.',
  409: 'It exists already.',
  412: 'It has changed since it was read.',
  413: 'The body is larger than 1 MB; at the intake, than 5 MB.',
  429: 'Too many attempts.',
  503: 'The database took too long, or cannot be reached.',
};

function call(
  tag: string,
  summary: string,
  { body, answer, errors, ...rest }: Call,
): ZodOpenApiOperationObject {
  const { status = 200, security = keysOrSession, ...operation } = rest;
  return {
    tags: [tag],
    summary,
    security,
    ...operation,
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      [status]: {
        description: status === 302 ? 'Leads on.' : 'Success.',
        ...(answer && { content: { 'application/json': { schema: answer } } }),
      },
      ...Object.fromEntries(
        errors.map((code) => [
          code,
          { description: ERRORS[code], content: { 'application/json': { schema: ErrorBody } } },
        ]),
      ),
    },
  };
}
