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

/** The OpenAPI paths of this resource. */
export function describeRestrictionPolicies(): ZodOpenApiPathsObject {
  return {
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
  };
}
