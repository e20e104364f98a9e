import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { call } from '../common/openapi.ts';
import { PATHS } from '../paths.ts';
import { UserListQuery, UsersResponse } from '../users/schema.ts';
import {
  PermissionsResponse,
  RoleCreateRequest,
  RoleListQuery,
  RolePath,
  RolePermissionRequest,
  RoleResponse,
  RolesResponse,
  RoleUserRequest,
} from './schema.ts';

/** Returns the OpenAPI paths of this resource. */
export function describeRoles(): ZodOpenApiPathsObject {
  const one = { path: RolePath };
  const users = { path: RolePath, query: UserListQuery };
  const change = { description: 'Needs `user_access_manage`.', errors: [400, 401, 403, 404, 413] } as const;
  return {
    [PATHS.permissions]: {
      get: call('Roles', 'List permissions', { answer: PermissionsResponse, errors: [401, 403] }),
    },
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
