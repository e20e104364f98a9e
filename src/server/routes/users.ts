import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { DEFAULT_PAGE_SIZE } from '../../contract/paths.ts';
import { PERMISSIONS } from '../../contract/permissions/constants.ts';
import type { PermissionsResponse } from '../../contract/roles/schema.ts';
import type { MembershipsResponse } from '../../contract/teams/schema.ts';
import {
  UserCreateRequest,
  type UserInvitedResponse,
  UserListQuery,
  type UserResponse,
  type UsersResponse,
} from '../../contract/users/schema.ts';
import { requirePermission } from '../../rules/access.ts';
import { unknown } from '../../rules/directory.ts';
import { change } from '../changes/change.ts';
import { disableUser, inviteUser } from '../changes/users.ts';
import { type ScopedDb, snapshot } from '../db/scope.ts';
import { authenticate } from '../identity/authenticate.ts';
import type { AppEnv, Dependencies } from '../http/env.ts';
import { type Page, paginate, publicAddress } from '../http/paging.ts';
import { idOf, readBody, readQuery } from '../http/validate.ts';
import { listOrgsById } from '../store/orgs.ts';
import { listRolesById } from '../store/roles.ts';
import { listMembershipsOfUser } from '../store/team-memberships.ts';
import { requireUsers } from '../store/users.ts';
import { countUsers, findPermissionsOfUser, findUser, listUsers } from '../store/user-rows.ts';
import { presentOrg } from '../present/orgs.ts';
import { presentPermission, presentRole } from '../present/roles.ts';
import { presentUser } from '../present/users.ts';
import { presentMemberships } from './teams.ts';

/** `/api/v2/users`: the users of the caller's organization. */
export function users(dependencies: Dependencies) {
  const { db, publicUrl } = dependencies;
  return new Hono<AppEnv>({ strict: false })
    .use(authenticate(dependencies))

    .get('/', async (c) => {
      const { actor } = c.var;
      const query = readQuery(c, UserListQuery);
      return c.json(await snapshot(db, actor, (db) => presentUsers(db, { orgId: actor.orgId }, query)));
    })

    .post('/', async (c) => {
      const { actor } = c.var;
      requirePermission(actor.permissions, 'user_access_manage');
      const { data } = await readBody(c, UserCreateRequest);
      const { email, title = null } = data.attributes;
      const roleIds = (data.relationships?.roles?.data ?? []).map(({ id }) => idOf('role', id));
      const secret = randomBytes(32).toString('base64url');
      const body = await change(
        dependencies,
        actor,
        (tx, actor) => inviteUser(tx, actor, { email, title, roleIds }, secret),
        async (tx, { id, expiresAt }): Promise<UserInvitedResponse> => {
          const user = await presentFoundUser(tx, actor.orgId, id);
          const extensions = {
            invitation_url: `${publicUrl}/invitations/${secret}`,
            invitation_expires_at: expiresAt,
          };
          const attributes = { ...user.data.attributes, extensions };
          return { ...user, data: { ...user.data, attributes } };
        },
      );
      return c.json(body, 201);
    })

    .get('/:user_id', async (c) => {
      const { actor } = c.var;
      const id = idOf('user', c.req.param('user_id'));
      return c.json(await snapshot(db, actor, (db) => presentFoundUser(db, actor.orgId, id)));
    })

    .delete('/:user_id', async (c) => {
      const { actor } = c.var;
      requirePermission(actor.permissions, 'user_access_manage');
      const id = idOf('user', c.req.param('user_id'));
      await change(dependencies, actor, (tx, actor) => disableUser(tx, actor, id));
      return c.body(null, 204);
    })

    .get('/:user_id/permissions', async (c) => {
      const { actor } = c.var;
      const id = idOf('user', c.req.param('user_id'));
      const held = await snapshot(db, actor, (db) => findPermissionsOfUser(db, actor.orgId, id));
      if (!held) throw unknown('user', id);
      const permissions = PERMISSIONS.filter(({ name }) => held.includes(name));
      return c.json({ data: permissions.map(presentPermission) } satisfies PermissionsResponse);
    })

    .get('/:user_id/memberships', async (c) => {
      const { actor } = c.var;
      const id = idOf('user', c.req.param('user_id'));
      const body = await snapshot(db, actor, async (db): Promise<MembershipsResponse> => {
        await requireUsers(db, actor.orgId, [id]);
        const memberships = await listMembershipsOfUser(db, id);
        const { length } = memberships;
        const all: Page = { form: 'offset', offset: 0, limit: Math.max(length, DEFAULT_PAGE_SIZE) };
        return {
          ...(await presentMemberships(db, actor.orgId, memberships)),
          ...paginate(publicAddress(c, publicUrl), all, length),
        };
      });
      return c.json(body);
    });
}

/** Returns a user with their organization, roles and permissions. Throws `not_found`. */
export async function presentFoundUser(db: ScopedDb, orgId: string, id: string): Promise<UserResponse> {
  const user = await findUser(db, orgId, id);
  if (!user) throw unknown('user', id);
  const orgs = await listOrgsById(db, [orgId]);
  const roles = await listRolesById(db, orgId, user.role_ids);
  const granted = PERMISSIONS.filter(({ name }) => roles.some((role) => role.permissions.includes(name)));
  return {
    data: presentUser(user),
    included: [
      ...orgs.map((org) => presentOrg(org)),
      ...roles.map(presentRole),
      ...granted.map(presentPermission),
    ],
  };
}

/** Returns a page of the users of an organization, or of one of its roles, with their roles. */
export async function presentUsers(
  db: ScopedDb,
  group: { orgId: string; roleId?: string },
  query: UserListQuery,
): Promise<UsersResponse> {
  const rows = await listUsers(db, group, query);
  const { total, matching } = await countUsers(db, group, query);
  const roles = await listRolesById(
    db,
    group.orgId,
    rows.flatMap((row) => row.role_ids),
  );
  return {
    data: rows.map(presentUser),
    included: roles.map(presentRole),
    meta: { page: { total_count: total, total_filtered_count: matching } },
  };
}
