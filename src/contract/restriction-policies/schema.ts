import { z } from 'zod';
import { MAX_POLICY_PRINCIPALS, RELATIONS } from './constants.ts';

/** Who stands in a relation to a resource: `{"relation":"editor","principals":["role:UUID"]}`. */
const binding = z.object({
  relation: z.enum(RELATIONS, { error: 'must be "viewer" or "editor"' }),
  principals: z
    .array(z.string().meta({ example: 'role:11111111-1111-4111-8111-111111111111' }))
    .meta({ description: '`org:`, `role:`, `team:` or `user:` and a UUID of the organization itself.' }),
});

/** The bindings that a caller wants. Which principals count is decided by `rules/restriction-policies.ts`. */
export const Bindings = z
  .array(binding)
  .refine(
    (bindings) =>
      bindings.reduce((count, { principals }) => count + principals.length, 0) <= MAX_POLICY_PRINCIPALS,
    `must name at most ${MAX_POLICY_PRINCIPALS} principals`,
  );

/** A policy as it travels. No bindings: there is none, and everyone with the permission has access. */
const restrictionPolicy = z.object({
  type: z.literal('restriction_policy'),
  id: z.string().meta({ example: 'cross-org-connection:11111111-1111-4111-8111-111111111111' }),
  attributes: z.object({ bindings: Bindings }),
});

export const RestrictionPolicyResponse = z
  .object({ data: restrictionPolicy })
  .meta({ id: 'RestrictionPolicyResponse' });

/** Replaces the policy; no bindings remove it. */
export const RestrictionPolicyUpdateRequest = z
  .object({ data: restrictionPolicy })
  .meta({ id: 'RestrictionPolicyUpdateRequest' });

export const RestrictionPolicyPath = z.object({ resource_id: z.string() });

export const RestrictionPolicyUpdateQuery = z.object({
  allow_self_lockout: z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .transform((text) => text === 'true')
    .default(false)
    .meta({
      description:
        'Holders of `user_access_manage` may save a policy under which they are no editor. Nobody else may.',
    }),
});

/** The policy as it was when the caller read it, by the `ETag` of that answer. Without it, the last one to write wins. */
export const PolicyPrecondition = z.object({ 'If-Match': z.string().optional() });

export type RestrictionPolicyResponse = z.infer<typeof RestrictionPolicyResponse>;
export type RestrictionPolicyUpdateRequest = z.infer<typeof RestrictionPolicyUpdateRequest>;
