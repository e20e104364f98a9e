import type { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { ErrorBody } from './common.schema.ts';
import { ConsoleSession, DemoPeople, DemoSignInRequest, SignInRequest } from './console.schema.ts';
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
} from './keys.schema.ts';
import {
  OrgConnectionCreateRequest,
  OrgConnectionListQuery,
  OrgConnectionListResponse,
  OrgConnectionPath,
  OrgConnectionResponse,
  OrgConnectionUpdateRequest,
} from './org-connections.schema.ts';
import { ManagedOrgsResponse, OrganizationListResponse, ValidateResponse } from './orgs.schema.ts';
import { ORGANIZATION_HEADER, PATHS } from './paths.ts';
import { PermissionsResponse, UserResponse } from './users.schema.ts';

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
      { name: 'Organizations', description: "The account's organizations." },
      { name: 'Users', description: 'Who is asking, and what can be permitted.' },
      {
        name: 'Keys',
        description: 'What programs prove with who they are. A key is shown once, when it is created.',
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
          description: `A signed-in person; the header ${ORGANIZATION_HEADER} names the organization. Over https the name begins with __Secure-.`,
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
      get: call('Users', 'List permissions', { answer: PermissionsResponse, errors: [401, 403] }),
    },
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
      delete: call('Console', 'Sign out', { security: [{ session: [] }], status: 204, errors: [403] }),
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

interface Call {
  description?: string;
  security?: NonNullable<ZodOpenApiOperationObject['security']>;
  requestParams?: NonNullable<ZodOpenApiOperationObject['requestParams']>;
  body?: z.ZodType;
  status?: 200 | 201 | 204;
  answer?: z.ZodType;
  errors: readonly (keyof typeof ERRORS)[];
}

const ERRORS = {
  400: 'The request is wrong; each entry says how.',
  401: 'Missing or unknown credentials.',
  403: 'Known, but not permitted; the text names the missing permission or the deciding rule.',
  404: 'Not found.',
  409: 'It exists already.',
  413: 'The body is larger than 1 MB.',
  429: 'Too many attempts.',
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
        description: 'Success.',
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
