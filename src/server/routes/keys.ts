import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import {
  ApiKeyCreateRequest,
  ApiKeyListQuery,
  ApiKeyQuery,
  type ApiKeyResponse,
  type ApiKeysResponse,
  ApiKeyUpdateRequest,
  ApplicationKeyCreateRequest,
  ApplicationKeyListQuery,
  ApplicationKeyQuery,
  type ApplicationKeyResponse,
  type ApplicationKeysResponse,
  ApplicationKeyUpdateRequest,
  type CreatedApiKeyResponse,
  type CreatedApplicationKeyResponse,
} from '../../contract/keys/schema.ts';
import type { PermissionName } from '../../contract/permissions/constants.ts';
import { requirePermission } from '../../rules/access.ts';
import { MAX_KEYS, unknownKey } from '../../rules/keys.ts';
import { change } from '../changes/change.ts';
import {
  createApiKey,
  createApplicationKey,
  renameApiKey,
  revokeApiKey,
  revokeApplicationKey,
  updateApplicationKey,
} from '../changes/keys.ts';
import { type ScopedDb, snapshot } from '../db/scope.ts';
import { authenticate } from '../identity/authenticate.ts';
import type { AppEnv, Dependencies } from '../http/env.ts';
import { isUuid, readBody, readQuery, requireSameId } from '../http/validate.ts';
import { countApplicationKeys, findApplicationKey, listApplicationKeys } from '../store/application-keys.ts';
import { countApiKeys, findApiKey, listApiKeys } from '../store/api-keys.ts';
import { listUsersById } from '../store/user-rows.ts';
import { presentApiKey, presentApplicationKey } from '../present/keys.ts';
import { presentUser } from '../present/users.ts';

/** `/api/v2/api_keys`: the organization's API keys. */
export function apiKeys(dependencies: Dependencies) {
  const { db } = dependencies;
  return new Hono<AppEnv>({ strict: false })
    .use(authenticate(dependencies), needs('api_keys_write'))

    .get('/', async (c) => {
      const { actor } = c.var;
      const query = readQuery(c, ApiKeyListQuery);
      const body = await snapshot(db, actor, async (db): Promise<ApiKeysResponse> => {
        const rows = await listApiKeys(db, actor.orgId, query);
        return {
          data: rows.map(presentApiKey),
          included: await included(
            db,
            rows.flatMap((row) => query.include.map((member) => row[member])),
          ),
          meta: {
            max_allowed: MAX_KEYS,
            page: { total_filtered_count: await countApiKeys(db, actor.orgId, query) },
          },
        };
      });
      return c.json(body);
    })

    .get('/:id', async (c) => {
      const { actor } = c.var;
      const id = keyId(c.req.param('id'));
      const { include } = readQuery(c, ApiKeyQuery);
      const body = await snapshot(db, actor, async (db): Promise<ApiKeyResponse> => {
        const row = await apiKeyOf(db, actor.orgId, id);
        return {
          data: presentApiKey(row),
          included: await included(
            db,
            include.map((member) => row[member]),
          ),
        };
      });
      return c.json(body);
    })

    .post('/', async (c) => {
      const { actor } = c.var;
      const { data } = await readBody(c, ApiKeyCreateRequest);
      const key = newKey();
      const body = await change(
        dependencies,
        actor,
        (tx, actor) => createApiKey(tx, actor, data.attributes.name, key),
        async (tx, id): Promise<CreatedApiKeyResponse> => {
          const shown = presentApiKey(await apiKeyOf(tx, actor.orgId, id));
          return { data: { ...shown, attributes: { ...shown.attributes, key } }, included: [] };
        },
      );
      return c.json(body, 201);
    })

    .patch('/:id', async (c) => {
      const { actor } = c.var;
      const id = keyId(c.req.param('id'));
      const { data } = await readBody(c, ApiKeyUpdateRequest);
      requireSameId(data.id, id);
      const body = await change(
        dependencies,
        actor,
        (tx, actor) => renameApiKey(tx, actor, id, data.attributes.name),
        async (tx): Promise<ApiKeyResponse> => ({
          data: presentApiKey(await apiKeyOf(tx, actor.orgId, id)),
          included: [],
        }),
      );
      return c.json(body);
    })

    .delete('/:id', async (c) => {
      const { actor } = c.var;
      const id = keyId(c.req.param('id'));
      await change(dependencies, actor, (tx, actor) => revokeApiKey(tx, actor, id));
      return c.body(null, 204);
    });
}

/** `/api/v2/current_user/application_keys`: the caller's own application keys. No user can access another user's. */
export function applicationKeys(dependencies: Dependencies) {
  const { db } = dependencies;
  return new Hono<AppEnv>({ strict: false })
    .use(authenticate(dependencies), needs('user_app_keys'))

    .get('/', async (c) => {
      const { actor } = c.var;
      const query = readQuery(c, ApplicationKeyListQuery);
      const body = await snapshot(db, actor, async (db): Promise<ApplicationKeysResponse> => {
        const rows = await listApplicationKeys(db, actor.userId, query);
        const count = await countApplicationKeys(db, actor.userId, query);
        return {
          data: rows.map(presentApplicationKey),
          included: await included(
            db,
            query.include.map(() => actor.userId),
          ),
          meta: { max_allowed_per_user: MAX_KEYS, page: { total_filtered_count: count } },
        };
      });
      return c.json(body);
    })

    .get('/:id', async (c) => {
      const { actor } = c.var;
      const id = keyId(c.req.param('id'));
      const { include } = readQuery(c, ApplicationKeyQuery);
      const body = await snapshot(db, actor, async (db): Promise<ApplicationKeyResponse> => {
        const row = await applicationKeyOf(db, actor.userId, id);
        return {
          data: presentApplicationKey(row),
          included: await included(
            db,
            include.map(() => row.user_id),
          ),
        };
      });
      return c.json(body);
    })

    .post('/', async (c) => {
      const { actor } = c.var;
      const { data } = await readBody(c, ApplicationKeyCreateRequest);
      const key = newKey();
      const { name, scopes } = data.attributes;
      const body = await change(
        dependencies,
        actor,
        (tx, actor) => createApplicationKey(tx, actor, { name, key, scopes }),
        async (tx, id): Promise<CreatedApplicationKeyResponse> => {
          const shown = presentApplicationKey(await applicationKeyOf(tx, actor.userId, id));
          return { data: { ...shown, attributes: { ...shown.attributes, key } }, included: [] };
        },
      );
      return c.json(body, 201);
    })

    .patch('/:id', async (c) => {
      const { actor } = c.var;
      const id = keyId(c.req.param('id'));
      const { data } = await readBody(c, ApplicationKeyUpdateRequest);
      requireSameId(data.id, id);
      const body = await change(
        dependencies,
        actor,
        (tx, actor) => updateApplicationKey(tx, actor, id, data.attributes),
        async (tx): Promise<ApplicationKeyResponse> => ({
          data: presentApplicationKey(await applicationKeyOf(tx, actor.userId, id)),
          included: [],
        }),
      );
      return c.json(body);
    })

    .delete('/:id', async (c) => {
      const { actor } = c.var;
      const id = keyId(c.req.param('id'));
      await change(dependencies, actor, (tx, actor) => revokeApplicationKey(tx, actor, id));
      return c.body(null, 204);
    });
}

/** Requires one permission for all calls of a resource. */
function needs(permission: PermissionName) {
  return createMiddleware<AppEnv>((c, next) => {
    requirePermission(c.var.actor.permissions, permission);
    return next();
  });
}

function newKey(): string {
  return randomBytes(16).toString('hex');
}

async function apiKeyOf(db: ScopedDb, orgId: string, id: string) {
  const row = await findApiKey(db, orgId, id);
  if (!row) throw unknownKey();
  return row;
}

async function applicationKeyOf(db: ScopedDb, userId: string, id: string) {
  const row = await findApplicationKey(db, userId, id);
  if (!row) throw unknownKey();
  return row;
}

/** Returns the users of keys that `include` requests, each once. */
async function included(db: ScopedDb, userIds: readonly (string | null)[]) {
  const ids = new Set(userIds.filter((id) => id !== null));
  return ids.size > 0 ? (await listUsersById(db, [...ids])).map(presentUser) : [];
}

/** Returns the id of a path. Throws `not_found` for text that is not a UUID. */
function keyId(text: string): string {
  if (!isUuid(text)) throw unknownKey();
  return text.toLowerCase();
}
