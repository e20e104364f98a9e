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

/** The OpenAPI paths of this resource. */
export function describeKeys(): ZodOpenApiPathsObject {
  return {
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
  };
}
