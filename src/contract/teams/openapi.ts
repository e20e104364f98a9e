import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { call } from '../common/openapi.ts';
import { PATHS } from '../paths.ts';
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
} from './schema.ts';

/** Returns the OpenAPI paths of this resource. */
export function describeTeams(): ZodOpenApiPathsObject {
  const one = { path: TeamPath };
  return {
    [PATHS.teams]: {
      get: call('Teams', 'List teams', {
        requestParams: { query: TeamListQuery },
        answer: TeamsResponse,
        errors: [400, 401, 403],
      }),
      post: call('Teams', 'Create a team', {
        description: 'The name and the handle must be unique in the organization. Needs `teams_manage`.',
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
