import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { call } from '../common/openapi.ts';
import { PATHS } from '../paths.ts';
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
} from './schema.ts';

/** Returns the OpenAPI paths of this resource. */
export function describeKeys(): ZodOpenApiPathsObject {
  return {
    [PATHS.apiKeys]: {
      get: call('Keys', 'List API keys', {
        description: 'Returns the API keys of the organization. Needs `api_keys_write`.',
        requestParams: { query: ApiKeyListQuery },
        answer: ApiKeysResponse,
        errors: [400, 401, 403],
      }),
      post: call('Keys', 'Create an API key', {
        description: 'Only this response contains the key. Needs `api_keys_write`.',
        body: ApiKeyCreateRequest,
        status: 201,
        answer: CreatedApiKeyResponse,
        errors: [400, 401, 403, 413],
      }),
    },
    [`${PATHS.apiKeys}/{api_key_id}`]: {
      get: call('Keys', 'Get an API key', {
        description: 'The response does not contain the key. Needs `api_keys_write`.',
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
          'Requests with this key fail from now on, with any application key. Needs `api_keys_write`.',
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
          'Creates a key for the caller. Only this response contains the key. An application key with scopes can only grant its own scopes. Needs `user_app_keys`.',
        body: ApplicationKeyCreateRequest,
        status: 201,
        answer: CreatedApplicationKeyResponse,
        errors: [400, 401, 403, 413],
      }),
    },
    [`${PATHS.applicationKeys}/{app_key_id}`]: {
      get: call('Keys', "Get one of the caller's application keys", {
        description: 'The response does not contain the key. Needs `user_app_keys`.',
        requestParams: { path: ApplicationKeyPath, query: ApplicationKeyQuery },
        answer: ApplicationKeyResponse,
        errors: [400, 401, 403, 404],
      }),
      patch: call('Keys', 'Change an application key', {
        description:
          'Changes the name or the scopes. An application key with scopes can only grant its own scopes. Needs `user_app_keys`.',
        requestParams: { path: ApplicationKeyPath },
        body: ApplicationKeyUpdateRequest,
        answer: ApplicationKeyResponse,
        errors: [400, 401, 403, 404, 413],
      }),
      delete: call('Keys', 'Revoke an application key', {
        description: 'Requests with this key fail from now on. Needs `user_app_keys`.',
        requestParams: { path: ApplicationKeyPath },
        status: 204,
        errors: [401, 403, 404],
      }),
    },
  };
}
