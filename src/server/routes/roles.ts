import { type Context, Hono } from 'hono';
import { type PermissionName, PERMISSIONS } from '../../contract/permissions/constants.ts';
import {
  type PermissionsResponse,
  RoleCreateRequest,
  RoleListQuery,
  RolePermissionRequest,
  type RoleResponse,
  type RolesResponse,
  RoleUserRequest,
} from '../../contract/roles/schema.ts';
import { UserListQuery } from '../../contract/users/schema.ts';
import { requirePermission } from '../../rules/access.ts';
import { unknown } from '../../rules/directory.ts';
import { change } from '../changes/change.ts';
import {
  addPermissionsToRole,
  addUsersToRole,
  createRole,
  deleteRole,
  removePermissionFromRole,
  removeUserFromRole,
} from '../changes/roles.ts';
import { type ScopedDb, snapshot } from '../db/scope.ts';
import { authenticate } from '../identity/authenticate.ts';
import type { AppEnv, Dependencies } from '../http/env.ts';
import { idOf, readBody, readQuery } from '../http/validate.ts';
import { countRoles, findRole, listRoles, type RoleRow } from '../store/roles.ts';
import { presentPermission, presentRole } from '../present/roles.ts';
import { presentUsers } from './users.ts';

/** `/api/v2/roles`: the roles of the caller's organization, their permissions and users. */
export function roles(dependencies: Dependencies) {
  const { db } = dependencies;
  return new Hono<AppEnv>({ strict: false })
    .use(authenticate(dependencies))

    .get('/', async (c) => {
      const { actor } = c.var;
      const query = readQuery(c, RoleListQuery);
      const body = await snapshot(db, actor, async (db): Promise<RolesResponse> => {
        const rows = await listRoles(db, actor.orgId, query);
        const { total, matching } = await countRoles(db, actor.orgId, query);
        return {
          data: rows.map(presentRole),
          meta: { page: { total_count: total, total_filtered_count: matching } },
        };
      });
      return c.json(body);
    })

    .post('/', async (c) => {
      const { actor } = c.var;
      requirePermission(actor.permissions, 'user_access_manage');
      const { data } = await readBody(c, RoleCreateRequest);
      const named = (data.relationships?.permissions?.data ?? []).map(({ id }) => permissionOf(id));
      const role = await change(
        dependencies,
        actor,
        (tx, actor) => createRole(tx, actor, { name: data.attributes.name }, named),
        (tx, id) => roleOf(tx, actor.orgId, id),
      );
      return c.json({ data: presentRole(role) } satisfies RoleResponse);
    })

    .get('/:role_id', async (c) => {
      const { actor } = c.var;
      const id = roleId(c);
      const role = await snapshot(db, actor, (db) => roleOf(db, actor.orgId, id));
      return c.json({ data: presentRole(role) } satisfies RoleResponse);
    })

    .delete('/:role_id', async (c) => {
      const { actor } = c.var;
      requirePermission(actor.permissions, 'user_access_manage');
      const id = roleId(c);
      await change(dependencies, actor, (tx, actor) => deleteRole(tx, actor, id));
      return c.body(null, 204);
    })

    .get('/:role_id/permissions', async (c) => {
      const { actor } = c.var;
      const id = roleId(c);
      const role = await snapshot(db, actor, (db) => roleOf(db, actor.orgId, id));
      return c.json(presentPermissions(role));
    })

    .post('/:role_id/permissions', async (c) => {
      const { actor } = c.var;
      requirePermission(actor.permissions, 'user_access_manage');
      const id = roleId(c);
      const { data } = await readBody(c, RolePermissionRequest);
      const permission = permissionOf(data.id);
      const role = await change(
        dependencies,
        actor,
        (tx, actor) => addPermissionsToRole(tx, actor, id, [permission]),
        (tx) => roleOf(tx, actor.orgId, id),
      );
      return c.json(presentPermissions(role));
    })

    .delete('/:role_id/permissions', async (c) => {
      const { actor } = c.var;
      requirePermission(actor.permissions, 'user_access_manage');
      const id = roleId(c);
      const { data } = await readBody(c, RolePermissionRequest);
      const permission = permissionOf(data.id);
      const role = await change(
        dependencies,
        actor,
        (tx, actor) => removePermissionFromRole(tx, actor, id, { id: data.id, name: permission }),
        (tx) => roleOf(tx, actor.orgId, id),
      );
      return c.json(presentPermissions(role));
    })

    .get('/:role_id/users', async (c) => {
      const { actor } = c.var;
      const group = { orgId: actor.orgId, roleId: roleId(c) };
      const query = readQuery(c, UserListQuery);
      const body = await snapshot(db, actor, async (db) => {
        await roleOf(db, group.orgId, group.roleId);
        return presentUsers(db, group, query);
      });
      return c.json(body);
    })

    .post('/:role_id/users', async (c) => {
      const { actor } = c.var;
      requirePermission(actor.permissions, 'user_access_manage');
      const group = { orgId: actor.orgId, roleId: roleId(c) };
      const query = readQuery(c, UserListQuery);
      const { data } = await readBody(c, RoleUserRequest);
      const userId = idOf('user', data.id);
      const body = await change(
        dependencies,
        actor,
        (tx, actor) => addUsersToRole(tx, actor, group.roleId, [userId]),
        (tx) => presentUsers(tx, group, query),
      );
      return c.json(body);
    })

    .delete('/:role_id/users', async (c) => {
      const { actor } = c.var;
      requirePermission(actor.permissions, 'user_access_manage');
      const group = { orgId: actor.orgId, roleId: roleId(c) };
      const query = readQuery(c, UserListQuery);
      const { data } = await readBody(c, RoleUserRequest);
      const userId = idOf('user', data.id);
      const body = await change(
        dependencies,
        actor,
        (tx, actor) => removeUserFromRole(tx, actor, group.roleId, userId),
        (tx) => presentUsers(tx, group, query),
      );
      return c.json(body);
    });
}

function roleId(c: Context<AppEnv, '/:role_id'>): string {
  return idOf('role', c.req.param('role_id'));
}

async function roleOf(db: ScopedDb, orgId: string, id: string): Promise<RoleRow> {
  const role = await findRole(db, orgId, id);
  if (!role) throw unknown('role', id);
  return role;
}

/** Returns the name of the permission with an id. */
function permissionOf(text: string): PermissionName {
  const id = idOf('permission', text);
  const permission = PERMISSIONS.find((known) => known.id === id);
  if (!permission) throw unknown('permission', id);
  return permission.name;
}

function presentPermissions({ permissions }: RoleRow): PermissionsResponse {
  return { data: PERMISSIONS.filter(({ name }) => permissions.includes(name)).map(presentPermission) };
}
