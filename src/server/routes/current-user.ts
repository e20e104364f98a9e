import { Hono } from 'hono';
import { PATHS } from '../../contract/paths.ts';
import { PERMISSIONS } from '../../contract/permissions.ts';
import type { PermissionsResponse, UserResponse } from '../../contract/users.schema.ts';
import { DomainError } from '../../rules/errors.ts';
import { snapshot } from '../db/scope.ts';
import { authenticate } from '../http/authenticate.ts';
import type { AppEnv, Dependencies } from '../http/env.ts';
import { listOrgsById } from '../store/orgs.ts';
import { listRolesOfUser, listUsersById } from '../store/users.ts';
import { presentOrg, presentPermission, presentRole, presentUser } from './present.ts';

/** Who is asking, and what can be permitted at all. */
export function users(dependencies: Dependencies) {
  const { db } = dependencies;
  return new Hono<AppEnv>({ strict: false })
    .get(PATHS.currentUser, authenticate(dependencies), async (c) => {
      const { actor } = c.var;
      const body = await snapshot(db, actor, async (db): Promise<UserResponse> => {
        const [user] = await listUsersById(db, [actor.userId]);
        if (!user) throw new DomainError('not_found', 'Not found');
        const roles = await listRolesOfUser(db, user.id);
        const orgs = await listOrgsById(db, [actor.orgId]);
        const granted = PERMISSIONS.filter(({ name }) =>
          roles.some((role) => role.permissions.includes(name)),
        );
        return {
          data: presentUser(user),
          included: [
            ...orgs.map((org) => presentOrg(org)),
            ...roles.map(presentRole),
            ...granted.map(presentPermission),
          ],
        };
      });
      return c.json(body);
    })

    .get(PATHS.permissions, authenticate(dependencies), (c) =>
      c.json({ data: PERMISSIONS.map(presentPermission) } satisfies PermissionsResponse),
    );
}
