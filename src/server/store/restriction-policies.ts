import { sql } from 'kysely';
import {
  isPrincipalType,
  isRelation,
  type Principal,
  type Relation,
  type ResourceType,
} from '../../contract/restriction-policies/constants.ts';
import type { Policy } from '../../rules/access.ts';
import { DomainError } from '../../rules/errors.ts';
import { type Resource, unknownPrincipals } from '../../rules/restriction-policies.ts';
import type { Db, Scope } from '../db/scope.ts';
import { violates } from '../db/violates.ts';

/** Finds the organization's policy for a resource, as {@link listPolicies}; undefined if no policy is in force. */
export async function findPolicy(
  db: Db,
  orgId: string,
  { type, id }: Resource,
  principals?: ReadonlySet<Principal>,
): Promise<Policy | undefined> {
  const policies = await listPolicies(db, orgId, type, [id], principals);
  return policies.get(id);
}

/**
 * Lists the organization's policies, by the id of their resource.
 *
 * @param principals keeps only these principals in the bindings, which suffices to decide about one user
 */
export async function listPolicies(
  db: Db,
  orgId: string,
  type: ResourceType,
  ids: readonly string[],
  principals?: ReadonlySet<Principal>,
): Promise<Map<string, Policy>> {
  const rows = await db
    .selectFrom('restriction_policy as p')
    .leftJoin('restriction_policy_binding as b', (join) =>
      join
        .onRef('b.org_id', '=', 'p.org_id')
        .onRef('b.resource_type', '=', 'p.resource_type')
        .onRef('b.resource_id', '=', 'p.resource_id')
        .on((eb) =>
          principals
            ? sql<boolean>`${eb.ref('b.principal_type')} || ':' || ${eb.ref('b.principal_id')} = any(${[...principals]})`
            : eb.lit(true),
        ),
    )
    .select(['p.resource_id', 'b.relation', 'b.principal_type', 'b.principal_id'])
    .where('p.org_id', '=', orgId)
    .where('p.resource_type', '=', type)
    .where((eb) => sql<boolean>`${eb.ref('p.resource_id')} = any(${[...ids]})`)
    .orderBy('b.relation')
    .orderBy('b.principal_type')
    .orderBy('b.principal_id')
    .execute();

  const policies = new Map<string, { relation: Relation; principals: Principal[] }[]>();
  for (const { resource_id, relation, principal_type, principal_id } of rows) {
    const policy = policies.get(resource_id) ?? [];
    policies.set(resource_id, policy);
    if (relation === null || principal_type === null || principal_id === null) continue;
    if (!isRelation(relation) || !isPrincipalType(principal_type)) continue;
    const principal: Principal = `${principal_type}:${principal_id}`;
    const binding = policy.find((known) => known.relation === relation);
    if (binding) binding.principals.push(principal);
    else policy.push({ relation, principals: [principal] });
  }
  return policies;
}

/**
 * Replaces a policy; undefined removes it. The caller holds the organization's lock ({@link lockOrg}), so that the policy cannot
 * change between its read and its write.
 *
 * @throws DomainError `refused` if it names an unknown principal
 */
export async function replacePolicy(
  db: Db,
  { accountId, orgId }: Scope,
  { type, id }: Resource,
  policy: Policy | undefined,
): Promise<void> {
  const key = { account_id: accountId, org_id: orgId, resource_type: type, resource_id: id };
  await db
    .deleteFrom('restriction_policy')
    .where('org_id', '=', orgId)
    .where('resource_type', '=', type)
    .where('resource_id', '=', id)
    .execute();
  if (policy === undefined) return;

  await db.insertInto('restriction_policy').values(key).execute();
  const bindings = policy.flatMap(({ relation, principals }) =>
    principals.map((principal) => ({ ...key, relation, ...toColumns(principal) })),
  );
  if (bindings.length === 0) return;
  const unknown = await listUnknownPrincipals(
    db,
    orgId,
    policy.flatMap(({ principals }) => principals),
  );
  if (unknown.length > 0) throw unknownPrincipals(unknown);
  try {
    await db.insertInto('restriction_policy_binding').values(bindings).execute();
  } catch (error) {
    if (!PRINCIPAL_KEYS.some((constraint) => violates(error, constraint))) throw error;
    throw new DomainError('refused', 'principal_deleted');
  }
}

const PRINCIPAL_KEYS = ['role', 'team', 'user'].map((type) => `restriction_policy_binding_${type}`);

/** Removes a user from all policies. */
export async function deleteBindingsOfUser(db: Db, userId: string): Promise<void> {
  await db.deleteFrom('restriction_policy_binding').where('user_id', '=', userId).execute();
}

/** Lists the principals that the organization does not have. */
export async function listUnknownPrincipals(
  db: Db,
  orgId: string,
  principals: readonly Principal[],
): Promise<Principal[]> {
  const { rows } = await sql<{ principal: Principal }>`
    select principal from unnest(${[...new Set(principals)]}::text[]) as principal
    except (
      select 'org:' || ${orgId}::uuid
      union all select 'role:' || id from role where org_id = ${orgId}
      union all select 'team:' || id from team where org_id = ${orgId}
      union all select 'user:' || id from "user" where org_id = ${orgId}
    )
    order by principal`.execute(db);
  return rows.map(({ principal }) => principal);
}

function toColumns(principal: Principal) {
  const [principal_type = '', principal_id = ''] = principal.split(':');
  return { principal_type, principal_id };
}
