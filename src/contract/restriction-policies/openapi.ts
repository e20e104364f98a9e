import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { call } from '../common/openapi.ts';
import { PATHS } from '../paths.ts';
import {
  PolicyPrecondition,
  RestrictionPolicyPath,
  RestrictionPolicyResponse,
  RestrictionPolicyUpdateQuery,
  RestrictionPolicyUpdateRequest,
} from './schema.ts';

/** Returns the OpenAPI paths of this resource. */
export function describeRestrictionPolicies(): ZodOpenApiPathsObject {
  return {
    [`${PATHS.restrictionPolicies}/{resource_id}`]: {
      get: call('Restriction Policies', 'Get the restriction policy of a resource', {
        description:
          "Returns the policy of the caller's organization. No bindings: the resource has no policy. The `ETag` header identifies the current version. Needs `org_connections_read` (`dashboards_read`, `notebooks_read`).",
        requestParams: { path: RestrictionPolicyPath },
        answer: RestrictionPolicyResponse,
        errors: [400, 401, 403, 404],
      }),
      post: call('Restriction Policies', 'Replace the restriction policy of a resource', {
        description:
          'Needs `org_connections_write` (`dashboards_write`, `notebooks_write`) and the editor relation, or only `user_access_manage`. The caller must remain an editor.',
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
        description:
          'Restores access for every user with the permission. Needs the same access as replacing the policy.',
        requestParams: { path: RestrictionPolicyPath, header: PolicyPrecondition },
        status: 204,
        errors: [400, 401, 403, 404, 412],
      }),
    },
  };
}
