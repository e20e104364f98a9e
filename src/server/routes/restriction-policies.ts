import { createHash } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { RESOURCE_TYPES } from '../../contract/restriction-policies/constants.ts';
import {
  type RestrictionPolicyResponse,
  RestrictionPolicyUpdateQuery,
  RestrictionPolicyUpdateRequest,
} from '../../contract/restriction-policies/schema.ts';
import { type Policy, requirePermission } from '../../rules/access.ts';
import { DomainError } from '../../rules/errors.ts';
import {
  parseBindings,
  parseResource,
  requireSetPolicy,
  type Resource,
} from '../../rules/restriction-policies.ts';
import { change } from '../changes/change.ts';
import { deletePolicy, replacePolicy, requireResource } from '../changes/restriction-policies.ts';
import { snapshot } from '../db/scope.ts';
import { authenticate } from '../identity/authenticate.ts';
import type { AppEnv, Dependencies } from '../http/env.ts';
import { readBody, readQuery, requireSameId } from '../http/validate.ts';
import { findPolicy } from '../store/restriction-policies.ts';

/**
 * `/api/v2/restriction_policy/{resource_id}`: docs/wire-format.md, "Granular access". The response's `ETag` identifies the
 * state of the policy; a write with `If-Match` is refused with 412 if the policy has changed since.
 */
export function restrictionPolicies(dependencies: Dependencies) {
  const { db } = dependencies;
  return new Hono<AppEnv>({ strict: false })
    .use(authenticate(dependencies))

    .get('/:resource_id', async (c) => {
      const { actor } = c.var;
      const resource = parseResource(c.req.param('resource_id'));
      requirePermission(actor.permissions, RESOURCE_TYPES[resource.type].read);
      const policy = await snapshot(db, actor, async (db) => {
        await requireResource(db, resource);
        return findPolicy(db, actor.orgId, resource);
      });
      return answer(c, resource, policy);
    })

    .post('/:resource_id', async (c) => {
      const { actor } = c.var;
      const resource = parseResource(c.req.param('resource_id'));
      requireSetPolicy(actor, resource, undefined);
      const { allow_self_lockout } = readQuery(c, RestrictionPolicyUpdateQuery);
      const { data } = await readBody(c, RestrictionPolicyUpdateRequest);
      requireSameId(data.id, c.req.param('resource_id'));
      const next = parseBindings(data.attributes.bindings);
      const saved = await change(dependencies, actor, (tx, actor) =>
        replacePolicy(tx, actor, resource, next, {
          requireExpected: requireExpected(c),
          allowSelfLockout: allow_self_lockout,
        }),
      );
      return answer(c, resource, saved);
    })

    .delete('/:resource_id', async (c) => {
      const { actor } = c.var;
      const resource = parseResource(c.req.param('resource_id'));
      requireSetPolicy(actor, resource, undefined);
      await change(dependencies, actor, (tx, actor) => deletePolicy(tx, actor, resource, requireExpected(c)));
      return c.body(null, 204);
    });
}

/** Returns a check that throws `outdated` unless `If-Match`, if sent, names the current policy. */
function requireExpected(c: Context<AppEnv>): (current: Policy | undefined) => void {
  const expected = c.req.header('If-Match');
  return (current) => {
    if (expected === undefined || matches(expected, tagOf(current))) return;
    throw new DomainError('outdated', 'policy_changed');
  };
}

function answer(c: Context, { type, id }: Resource, policy: Policy | undefined): Response {
  c.header('ETag', tagOf(policy));
  return c.json({
    data: {
      type: 'restriction_policy',
      id: `${type}:${id}`,
      attributes: { bindings: toBindings(policy) },
    },
  } satisfies RestrictionPolicyResponse);
}

/** Adds an empty binding to a policy without principals: an empty list would mean that there is no policy. */
function toBindings(policy: Policy | undefined) {
  if (policy?.length === 0) return [{ relation: 'editor' as const, principals: [] }];
  return (policy ?? []).map(({ relation, principals }) => ({ relation, principals: [...principals] }));
}

/** Returns the entity tag of a policy: a digest of its bindings, so that it also changes when a role is deleted. */
function tagOf(policy: Policy | undefined): string {
  const text = JSON.stringify(toBindings(policy));
  return `"${createHash('sha256').update(text).digest('base64url')}"`;
}

/** Returns whether `If-Match` names the tag. Ignores `W/`, the mark of a weak tag, which compression adds. */
function matches(expected: string, tag: string): boolean {
  return expected
    .split(',')
    .map((text) => text.trim().replace(/^W\//, ''))
    .some((text) => text === '*' || text === tag);
}
