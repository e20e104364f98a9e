import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { call } from '../common/openapi.ts';
import { PATHS } from '../paths.ts';
import { AccessRequest, AccessResponse, PrincipalSearchQuery, PrincipalSearchResponse } from './schema.ts';

/** Returns the OpenAPI paths of this resource. */
export function describeAccess(): ZodOpenApiPathsObject {
  return {
    [PATHS.principals]: {
      get: call('Console', 'Search for roles, teams and users to name in a policy', {
        requestParams: { query: PrincipalSearchQuery },
        answer: PrincipalSearchResponse,
        errors: [400, 401, 403],
      }),
    },
    [PATHS.access]: {
      post: call('Console', 'Preview the access under unsaved bindings', {
        description: 'Needs `org_connections_read`. Does not change anything.',
        body: AccessRequest,
        answer: AccessResponse,
        errors: [400, 401, 403, 404, 413],
      }),
    },
  };
}
