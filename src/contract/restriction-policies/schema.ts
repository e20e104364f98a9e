import { z } from 'zod';
import { MAX_POLICY_PRINCIPALS, RELATIONS } from './constants.ts';

const tooManyPrincipals = `must name at most ${MAX_POLICY_PRINCIPALS} principals`;

/** Principals with a relation to a resource: `{"relation":"editor","principals":["role:UUID"]}`. */
const binding = z.object({
  relation: z.enum(RELATIONS, { error: 'must be "viewer" or "editor"' }),
  principals: z
    .array(z.string().meta({ example: 'role:11111111-1111-4111-8111-111111111111' }))
    .max(MAX_POLICY_PRINCIPALS, tooManyPrincipals)
    .meta({
      description:
        '`org:`, `role:`, `team:` or `user:`, followed by the UUID of such a principal of the organization.',
    }),
});

/** Requested bindings. `rules/restriction-policies.ts` validates the principals. */
export const Bindings = z
  .array(binding)
  .max(MAX_POLICY_PRINCIPALS, `must have at most ${MAX_POLICY_PRINCIPALS} entries`)
  .refine(
    (bindings) =>
      bindings.reduce((count, { principals }) => count + principals.length, 0) <= MAX_POLICY_PRINCIPALS,
    tooManyPrincipals,
  );

/** Restriction policy in the wire format. No bindings: the resource has no policy, and RBAC alone decides. */
const restrictionPolicy = z.object({
  type: z.literal('restriction_policy'),
  id: z.string().meta({ example: 'cross-org-connection:11111111-1111-4111-8111-111111111111' }),
  attributes: z.object({ bindings: Bindings }),
});

export const RestrictionPolicyResponse = z
  .object({ data: restrictionPolicy })
  .meta({ id: 'RestrictionPolicyResponse' });

/** Replaces the policy. An empty list of bindings removes it. */
export const RestrictionPolicyUpdateRequest = z
  .object({ data: restrictionPolicy })
  .meta({ id: 'RestrictionPolicyUpdateRequest' });

export const RestrictionPolicyPath = z.object({
  resource_id: z.string().meta({
    description:
      'Type and id of the resource: `cross-org-connection:{connection id}`, `dashboard:{id}` or `notebook:{id}`.',
    example: 'cross-org-connection:0b0ff6ba-8d2c-4a4e-9b0f-2f3f3b8b2c11',
  }),
});

export const RestrictionPolicyUpdateQuery = z.object({
  allow_self_lockout: z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .transform((text) => text === 'true')
    .default(false)
    .meta({
      description:
        'Saves a policy under which the caller is not an editor. Only for holders of `user_access_manage`.',
    }),
});

/** Expected version of the policy: the `ETag` of an earlier response. Without it, the last write wins. */
export const PolicyPrecondition = z.object({ 'If-Match': z.string().optional() });

export type RestrictionPolicyResponse = z.infer<typeof RestrictionPolicyResponse>;
export type RestrictionPolicyUpdateRequest = z.infer<typeof RestrictionPolicyUpdateRequest>;
