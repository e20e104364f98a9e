import { createHash } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { RESOURCE_TYPES } from '../../contract/restriction-policies/constants.ts';
import {
  type RestrictionPolicyResponse,
  RestrictionPolicyUpdateQuery,
  RestrictionPolicyUpdateRequest,
} from '../../contract/restriction-policies/schema.ts';
import { type Actor, type Policy, requirePermission } from '../../rules/access.ts';
import { unknownConnection } from '../../rules/connections.ts';
import { DomainError } from '../../rules/errors.ts';
import {
  decidePolicy,
  parseBindings,
  parseResource,
  requireSetPolicy,
  type Resource,
} from '../../rules/restriction-policies.ts';
import { type ScopedDb, scoped, snapshot } from '../db/scope.ts';
import { authenticate } from '../identity/authenticate.ts';
import type { AppEnv, Dependencies } from '../http/env.ts';
import { readBody, readQuery, requireSameId } from '../http/validate.ts';
import { findConnection, lockConnection } from '../store/connections.ts';
import { lockOrg } from '../store/orgs.ts';
import { findPolicy, replacePolicy } from '../store/restriction-policies.ts';

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
        await requireExisting(db, resource);
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
      const saved = await scoped(db, actor, async (db) => {
        const current = await readForChange(db, c, actor, resource);
        decidePolicy(actor, resource, current, next, allow_self_lockout);
        await replacePolicy(db, actor, resource, next);
        return findPolicy(db, actor.orgId, resource);
      });
      return answer(c, resource, saved);
    })

    .delete('/:resource_id', async (c) => {
      const { actor } = c.var;
      const resource = parseResource(c.req.param('resource_id'));
      requireSetPolicy(actor, resource, undefined);
      await scoped(db, actor, async (db) => {
        requireSetPolicy(actor, resource, await readForChange(db, c, actor, resource));
        await replacePolicy(db, actor, resource, undefined);
      });
      return c.body(null, 204);
    });
}

/** The current policy, which nobody changes until the transaction ends. Throws `outdated` if it is not the caller's. */
async function readForChange(
  db: ScopedDb,
  c: Context<AppEnv>,
  actor: Actor,
  resource: Resource,
): Promise<Policy | undefined> {
  await lockOrg(db, actor.orgId);
  if (resource.type === 'cross-org-connection') await lockConnection(db, resource.id);
  await requireExisting(db, resource);
  const current = await findPolicy(db, actor.orgId, resource);
  const expected = c.req.header('If-Match');
  if (expected !== undefined && !matches(expected, tagOf(current))) {
    throw new DomainError('outdated', 'The restriction policy has changed since it was read');
  }
  return current;
}

/** A connection of which the caller's organization is no side is unknown. Dashboards and notebooks are not kept here. */
async function requireExisting(db: ScopedDb, { type, id }: Resource): Promise<void> {
  if (type === 'cross-org-connection' && !(await findConnection(db, id))) throw unknownConnection(id);
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

/** A policy whose principals have all vanished is in force still, which an empty list would not say. */
function toBindings(policy: Policy | undefined) {
  if (policy?.length === 0) return [{ relation: 'editor' as const, principals: [] }];
  return (policy ?? []).map(({ relation, principals }) => ({ relation, principals: [...principals] }));
}

/** Names a policy by what it says, so that it also changes with a role that is deleted. */
function tagOf(policy: Policy | undefined): string {
  const text = JSON.stringify(toBindings(policy));
  return `"${createHash('sha256').update(text).digest('base64url')}"`;
}

/** Compression on the way makes a tag a weak one (`W/"..."`). */
function matches(expected: string, tag: string): boolean {
  return expected
    .split(',')
    .map((text) => text.trim().replace(/^W\//, ''))
    .some((text) => text === '*' || text === tag);
}
