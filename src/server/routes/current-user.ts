import { Hono } from 'hono';
import { PATHS } from '../../contract/paths.ts';
import { PERMISSIONS } from '../../contract/permissions/constants.ts';
import type { PermissionsResponse } from '../../contract/roles/schema.ts';
import { snapshot } from '../db/scope.ts';
import { authenticate } from '../identity/authenticate.ts';
import type { AppEnv, Dependencies } from '../http/env.ts';
import { presentPermission } from '../present/roles.ts';
import { presentFoundUser } from './users.ts';

/** The current user, and all permissions. */
export function currentUser(dependencies: Dependencies) {
  const { db } = dependencies;
  return new Hono<AppEnv>({ strict: false })
    .get(PATHS.currentUser, authenticate(dependencies), async (c) => {
      const { actor } = c.var;
      return c.json(await snapshot(db, actor, (db) => presentFoundUser(db, actor.orgId, actor.userId)));
    })

    .get(PATHS.permissions, authenticate(dependencies), (c) =>
      c.json({ data: PERMISSIONS.map(presentPermission) } satisfies PermissionsResponse),
    );
}
