import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { call } from '../common/openapi.ts';
import { PATHS } from '../paths.ts';
import { PermissionsResponse } from '../roles/schema.ts';
import { MembershipsResponse } from '../teams/schema.ts';
import {
  UserCreateRequest,
  UserInvitedResponse,
  UserListQuery,
  UserPath,
  UserResponse,
  UsersResponse,
} from './schema.ts';

/** Returns the OpenAPI paths of this resource. */
export function describeUsers(): ZodOpenApiPathsObject {
  const one = { path: UserPath };
  return {
    [PATHS.currentUser]: {
      get: call('Users', 'Get the user who is asking', { answer: UserResponse, errors: [401, 403] }),
    },
    [PATHS.users]: {
      get: call('Users', 'List users', {
        requestParams: { query: UserListQuery },
        answer: UsersResponse,
        errors: [400, 401, 403],
      }),
      post: call('Users', 'Invite a user', {
        description:
          'The user is pending until they accept. Only this response contains the invitation link. A pending or disabled user gets a new invitation. Needs `user_access_manage`.',
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
          "Takes effect immediately, and deletes the user's application keys permanently. You cannot disable yourself. Needs `user_access_manage`.",
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
