import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { call } from '../common/openapi.ts';
import { PATHS } from '../paths.ts';
import { RolePath } from '../roles/schema.ts';
import { UserPath } from '../users/schema.ts';
import {
  RestrictionQueriesResponse,
  RestrictionQueryListQuery,
  RestrictionQueryPath,
  RestrictionQueryRequest,
  RestrictionQueryResponse,
  RestrictionQueryRoleRequest,
  RestrictionQueryRolesResponse,
  RestrictionQueryWithRolesResponse,
} from './schema.ts';

/** Returns the OpenAPI paths of this resource. */
export function describeRestrictionQueries(): ZodOpenApiPathsObject {
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
        description: 'The new restriction query does not apply to any role. Needs `user_access_manage`.',
        body: RestrictionQueryRequest,
        answer: RestrictionQueryResponse,
        errors: [400, 401, 403, 413],
      }),
    },
    [`${PATHS.restrictionQueries}/{restriction_query_id}`]: {
      get: call(tag, 'Get a restriction query', {
        description: 'Includes the roles that have it. Needs `user_access_manage`.',
        requestParams: one,
        answer: RestrictionQueryWithRolesResponse,
        errors: [401, 403, 404],
      }),
      put: call(tag, 'Replace a restriction query', change),
      patch: call(tag, 'Change a restriction query', change),
      delete: call(tag, 'Delete a restriction query', {
        description:
          'Roles without another restriction query also lose `logs_read_index_data`. Grant it again to show them all logs. Needs `user_access_manage`.',
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
      post: call(tag, 'Add a restriction query to a role', {
        description:
          'Also grants the role `logs_read_index_data`. Users with the role see the logs that any of its restriction queries matches, and the logs that their other roles show. Needs `user_access_manage`.',
        requestParams: one,
        body: RestrictionQueryRoleRequest,
        status: 204,
        errors: [400, 401, 403, 404, 413],
      }),
      delete: call(tag, 'Remove a restriction query from a role', {
        description:
          'A role without another restriction query also loses `logs_read_index_data`. Grant it again to show it all logs. Needs `user_access_manage`.',
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
