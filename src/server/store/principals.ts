import { type RawBuilder, sql } from 'kysely';
import { isPermissionName } from '../../contract/permissions/constants.ts';
import type { Principal } from '../../contract/restriction-policies/constants.ts';
import type { AccessContext } from '../../rules/access.ts';
import { contains } from '../db/contains.ts';
import type { ScopedDb } from '../db/scope.ts';

/** A role, team or user with its names. */
export interface PrincipalRow {
  principal: Principal;
  name: string;
  /** Handle of a team, email of a user. */
  detail: string | null;
  /** For users: whether they are disabled or pending. */
  inactive: 'Disabled' | 'Pending' | null;
}

/**
 * Lists roles, teams and users of an organization with a text in their name, handle or email, by kind and name.
 *
 * @param limit maximum number of each kind
 */
export async function searchPrincipals(
  db: ScopedDb,
  orgId: string,
  text: string,
  limit: number,
): Promise<PrincipalRow[]> {
  const { rows } = await principalsWhere(
    db,
    orgId,
    sql`(${contains(sql.ref('name'), text)} or ${contains(sql.ref('detail'), text)}) and not disabled`,
    limit,
  );
  return rows;
}

/** Lists the named principals that exist in the organization. The organization itself is one of them. */
export async function namePrincipals(
  db: ScopedDb,
  orgId: string,
  principals: readonly string[],
): Promise<PrincipalRow[]> {
  const { rows } = await principalsWhere(db, orgId, sql`principal = any(${[...principals]})`);
  return rows;
}

function principalsWhere(db: ScopedDb, orgId: string, condition: RawBuilder<unknown>, limit?: number) {
  const first = limit === undefined ? sql`` : sql`limit ${limit}`;
  const kind = (rows: RawBuilder<unknown>) =>
    sql`(select * from (${rows}) as named where ${condition} order by lower(name), principal ${first})`;
  return sql<PrincipalRow>`
    select principal, name, detail,
      case when disabled then 'Disabled' when pending then 'Pending' end as inactive
    from (
      ${kind(sql`select 'role:' || id as principal, name, null as detail, false as disabled, false as pending
        from role where org_id = ${orgId}`)}
      union all
      ${kind(sql`select 'team:' || id as principal, name, handle as detail, false as disabled, false as pending
        from team where org_id = ${orgId}`)}
      union all
      ${kind(sql`select 'user:' || id as principal, coalesce(name, email) as name, email as detail, disabled, pending
        from "user" where org_id = ${orgId}`)}
    ) as found
    order by split_part(principal, ':', 1), lower(name), principal`.execute(db);
}

/**
 * Lists the active users of an organization with their permissions and principals. Reads each table once, without joins: with
 * thousands of users, the database could choose a slow plan.
 */
export async function listAccessContexts(db: ScopedDb, orgId: string) {
  const users = await db
    .selectFrom('user')
    .select(['id', 'name', 'email'])
    .where('org_id', '=', orgId)
    .where('active', '=', true)
    .orderBy((eb) => sql`lower(coalesce(${eb.ref('name')}, ${eb.ref('email')}))`)
    .orderBy('email')
    .execute();
  const rolesOf = toMap(
    await db
      .selectFrom('user_role')
      .select(['user_id as of', (eb) => eb.fn.agg<string[]>('array_agg', ['role_id']).as('all')])
      .where('org_id', '=', orgId)
      .groupBy('user_id')
      .execute(),
  );
  const teamsOf = toMap(
    await db
      .selectFrom('team_membership')
      .select(['user_id as of', (eb) => eb.fn.agg<string[]>('array_agg', ['team_id']).as('all')])
      .where('org_id', '=', orgId)
      .groupBy('user_id')
      .execute(),
  );
  const permissionsOf = toMap(
    await db
      .selectFrom('role_permission')
      .select(['role_id as of', (eb) => eb.fn.agg<string[]>('array_agg', ['permission']).as('all')])
      .where('org_id', '=', orgId)
      .groupBy('role_id')
      .execute(),
  );

  return users.map(({ id, name, email }) => {
    const roles = rolesOf.get(id) ?? [];
    const teams = teamsOf.get(id) ?? [];
    const access: AccessContext = {
      permissions: new Set(roles.flatMap((role) => permissionsOf.get(role) ?? []).filter(isPermissionName)),
      principals: new Set<Principal>([
        `org:${orgId}`,
        `user:${id}`,
        ...roles.map((role): Principal => `role:${role}`),
        ...teams.map((team): Principal => `team:${team}`),
      ]),
    };
    return { name: name ?? email, email, access };
  });
}

function toMap(rows: readonly { of: string; all: string[] }[]): Map<string, string[]> {
  return new Map(rows.map((row) => [row.of, row.all]));
}
