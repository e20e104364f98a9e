import { type Context, Hono } from 'hono';
import {
  type RestrictionQueriesResponse,
  RestrictionQueryListQuery,
  RestrictionQueryRequest,
  type RestrictionQueryResponse,
  RestrictionQueryRoleRequest,
  type RestrictionQueryRolesResponse,
  type RestrictionQueryWithRolesResponse,
} from '../../contract/restriction-queries/schema.ts';
import { requirePermission } from '../../rules/access.ts';
import { unknown } from '../../rules/directory.ts';
import { requireSearch } from '../../rules/restriction-queries.ts';
import { change } from '../changes/change.ts';
import {
  addRestrictionQueryToRole,
  createRestrictionQuery,
  deleteRestrictionQuery,
  removeRestrictionQueryFromRole,
  updateRestrictionQuery,
} from '../changes/restriction-queries.ts';
import { type ScopedDb, snapshot } from '../db/scope.ts';
import { authenticate } from '../identity/authenticate.ts';
import type { AppEnv, Dependencies } from '../http/env.ts';
import { idOf, readBody, readQuery } from '../http/validate.ts';
import {
  findRestrictionQuery,
  listRestrictionQueries,
  listRestrictionQueriesOfRole,
  listRestrictionQueriesOfUser,
  listRolesOfRestrictionQuery,
  type RestrictionQueryRow,
} from '../store/restriction-queries.ts';
import { findRole } from '../store/roles.ts';
import { requireUsers } from '../store/users.ts';
import { presentRestrictedRole, presentRestrictionQuery } from '../present/restriction-queries.ts';

/**
 * `/api/v2/logs/config/restriction_queries`: which logs roles show. Users with a role see the logs that any of its
 * restriction queries matches, and the logs that their other roles show. All calls need `user_access_manage`.
 */
export function restrictionQueries(dependencies: Dependencies) {
  const { db } = dependencies;
  return (
    new Hono<AppEnv>({ strict: false })
      .use(authenticate(dependencies))
      .use(async (c, next) => {
        requirePermission(c.var.actor.permissions, 'user_access_manage');
        await next();
      })

      .get('/', async (c) => {
        const { actor } = c.var;
        const query = readQuery(c, RestrictionQueryListQuery);
        const rows = await snapshot(db, actor, (db) => listRestrictionQueries(db, actor.orgId, query));
        return c.json(presentAll(rows));
      })

      .post('/', async (c) => {
        const { actor } = c.var;
        const { data } = await readBody(c, RestrictionQueryRequest);
        const text = data.attributes.restriction_query;
        requireSearch(text);
        const row = await change(
          dependencies,
          actor,
          (tx, actor) => createRestrictionQuery(tx, actor, text),
          (tx, id) => queryOf(tx, actor.orgId, id),
        );
        return c.json({ data: presentRestrictionQuery(row) } satisfies RestrictionQueryResponse);
      })

      .get('/role/:role_id', async (c) => {
        const { actor } = c.var;
        const id = idOf('role', c.req.param('role_id'));
        const rows = await snapshot(db, actor, async (db) => {
          if (!(await findRole(db, actor.orgId, id))) throw unknown('role', id);
          return listRestrictionQueriesOfRole(db, actor.orgId, id);
        });
        return c.json(presentAll(rows));
      })

      .get('/user/:user_id', async (c) => {
        const { actor } = c.var;
        const id = idOf('user', c.req.param('user_id'));
        const rows = await snapshot(db, actor, async (db) => {
          await requireUsers(db, actor.orgId, [id]);
          return listRestrictionQueriesOfUser(db, actor.orgId, id);
        });
        return c.json(presentAll(rows));
      })

      .get('/:restriction_query_id', async (c) => {
        const { actor } = c.var;
        const id = queryId(c);
        const body = await snapshot(db, actor, async (db): Promise<RestrictionQueryWithRolesResponse> => {
          const row = await queryOf(db, actor.orgId, id);
          const roles = await listRolesOfRestrictionQuery(db, actor.orgId, id);
          return {
            data: {
              ...presentRestrictionQuery(row),
              relationships: { roles: { data: roles.map((role) => ({ type: 'roles', id: role.id })) } },
            },
            included: roles.map(presentRestrictedRole),
          };
        });
        return c.json(body);
      })

      // PUT equals PATCH, because the query is the only property.
      .on(['PUT', 'PATCH'], '/:restriction_query_id', async (c) => {
        const { actor } = c.var;
        const id = queryId(c);
        const { data } = await readBody(c, RestrictionQueryRequest);
        const text = data.attributes.restriction_query;
        requireSearch(text);
        const row = await change(
          dependencies,
          actor,
          (tx, actor) => updateRestrictionQuery(tx, actor, id, text),
          (tx) => queryOf(tx, actor.orgId, id),
        );
        return c.json({ data: presentRestrictionQuery(row) } satisfies RestrictionQueryResponse);
      })

      .delete('/:restriction_query_id', async (c) => {
        const { actor } = c.var;
        const id = queryId(c);
        await change(dependencies, actor, (tx, actor) => deleteRestrictionQuery(tx, actor, id));
        return c.body(null, 204);
      })

      .get('/:restriction_query_id/roles', async (c) => {
        const { actor } = c.var;
        const id = queryId(c);
        const query = readQuery(c, RestrictionQueryListQuery);
        const roles = await snapshot(db, actor, async (db) => {
          await queryOf(db, actor.orgId, id);
          return listRolesOfRestrictionQuery(db, actor.orgId, id, query);
        });
        return c.json({ data: roles.map(presentRestrictedRole) } satisfies RestrictionQueryRolesResponse);
      })

      .post('/:restriction_query_id/roles', async (c) => {
        const { actor } = c.var;
        const id = queryId(c);
        const { data } = await readBody(c, RestrictionQueryRoleRequest);
        const roleId = idOf('role', data.id);
        await change(dependencies, actor, (tx, actor) => addRestrictionQueryToRole(tx, actor, id, roleId));
        return c.body(null, 204);
      })

      .delete('/:restriction_query_id/roles', async (c) => {
        const { actor } = c.var;
        const id = queryId(c);
        const { data } = await readBody(c, RestrictionQueryRoleRequest);
        const roleId = idOf('role', data.id);
        await change(dependencies, actor, (tx, actor) =>
          removeRestrictionQueryFromRole(tx, actor, id, roleId),
        );
        return c.body(null, 204);
      })
  );
}

function queryId(c: Context<AppEnv, '/:restriction_query_id'>): string {
  return idOf('restriction query', c.req.param('restriction_query_id'));
}

async function queryOf(db: ScopedDb, orgId: string, id: string): Promise<RestrictionQueryRow> {
  const row = await findRestrictionQuery(db, orgId, id);
  if (!row) throw unknown('restriction query', id);
  return row;
}

function presentAll(rows: readonly RestrictionQueryRow[]): RestrictionQueriesResponse {
  return { data: rows.map(presentRestrictionQuery) };
}
