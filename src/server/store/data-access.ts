import { sql } from 'kysely';
import { CONNECTION_TYPES } from '../../contract/org-connections/constants.ts';
import type { Principal } from '../../contract/restriction-policies/constants.ts';
import type { DataAccess } from '../../rules/data-access.ts';
import type { ScopedDb } from '../db/scope.ts';
import { principalsOf } from './actors.ts';
import { listDatasets } from './datasets.ts';

/**
 * Loads the restrictions of the data that a user may see. For an organization other than the caller's own, the transaction must
 * have named it first (`telemetry_org()` in the migrations).
 */
export async function findDataAccess(db: ScopedDb, orgId: string, userId: string): Promise<DataAccess> {
  const user = await db
    .selectFrom('user')
    .select((eb) => [
      principalsOf(eb.ref('user.id')).as('principals'),
      sql<string[][]>`(
        select coalesce(json_agg(array(
          select restriction_query from restriction_query as q join restriction_query_role on restriction_query_id = q.id
          where restriction_query_role.role_id = role_permission.role_id
          order by q.created_at, q.id) order by role_id), '[]')
        from user_role join role_permission using (role_id)
        where user_role.user_id = "user".id and permission = ${CONNECTION_TYPES.logs.permission})`.as(
        'log_roles',
      ),
    ])
    .where('user.org_id', '=', orgId)
    .where('user.id', '=', userId)
    // Otherwise row-level security would hide the restrictions, and the user would seem unrestricted.
    .where(sql<boolean>`telemetry_org() = ${orgId}`)
    .executeTakeFirstOrThrow();
  const datasets = await listDatasets(db, orgId);
  return {
    logRoles: user.log_roles,
    datasets: datasets.map(({ principals, product_filters }) => ({
      principals,
      productFilters: product_filters,
    })),
    principals: new Set<Principal>(user.principals),
  };
}
