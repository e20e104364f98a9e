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
import { DomainError } from '../../rules/errors.ts';
import { decideScopes, MAX_KEYS, requireRoomForKey } from '../../rules/keys.ts';
import { type ScopedDb, scoped, snapshot } from '../db/scope.ts';
import { authenticate } from '../identity/authenticate.ts';
import type { AppEnv, Dependencies } from '../http/env.ts';
import { isUuid, readBody, readQuery, requireSameId } from '../http/validate.ts';
import {
  countApiKeys,
  countApplicationKeys,
  deleteApiKey,
  deleteApplicationKey,
  findApiKey,
  findApplicationKey,
  insertApiKey,
  insertApplicationKey,
  listApiKeys,
  listApplicationKeys,
  renameApiKey,
  updateApplicationKey,
} from '../store/keys.ts';
import { lockOrg } from '../store/orgs.ts';
import { listUsersById } from '../store/users.ts';
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
      const body = await scoped(db, actor, async (db): Promise<CreatedApiKeyResponse> => {
        await lockOrg(db, actor.orgId);
        requireRoomForKey(`org ${actor.orgId}`, await countApiKeys(db, actor.orgId));
        const id = await insertApiKey(db, {
          account_id: actor.accountId,
          org_id: actor.orgId,
          name: data.attributes.name,
          key,
          created_by: actor.userId,
          modified_by: actor.userId,
        });
        const shown = presentApiKey(await apiKeyOf(db, actor.orgId, id));
        return { data: { ...shown, attributes: { ...shown.attributes, key } }, included: [] };
      });
      return c.json(body, 201);
    })

    .patch('/:id', async (c) => {
      const { actor } = c.var;
      const id = keyId(c.req.param('id'));
      const { data } = await readBody(c, ApiKeyUpdateRequest);
      requireSameId(data.id, id);
      const body = await scoped(db, actor, async (db): Promise<ApiKeyResponse> => {
        const change = { name: data.attributes.name, modified_by: actor.userId };
        if (!(await renameApiKey(db, actor.orgId, id, change))) throw unknownKey();
        return { data: presentApiKey(await apiKeyOf(db, actor.orgId, id)), included: [] };
      });
      return c.json(body);
    })

    .delete('/:id', async (c) => {
      const id = keyId(c.req.param('id'));
      const isDeleted = await scoped(db, c.var.actor, (db) => deleteApiKey(db, c.var.actor.orgId, id));
      if (!isDeleted) throw unknownKey();
      return c.body(null, 204);
    });
}

/** `/api/v2/current_user/application_keys`: the caller's own. Nobody reaches anybody else's. */
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
      const scopes = decideScopes(actor.scopes, data.attributes.scopes);
      const key = newKey();
      const body = await scoped(db, actor, async (db): Promise<CreatedApplicationKeyResponse> => {
        await lockOrg(db, actor.orgId);
        requireRoomForKey(`user ${actor.userId}`, await countApplicationKeys(db, actor.userId));
        const id = await insertApplicationKey(db, {
          account_id: actor.accountId,
          org_id: actor.orgId,
          user_id: actor.userId,
          name: data.attributes.name,
          key,
          scopes,
        });
        const shown = presentApplicationKey(await applicationKeyOf(db, actor.userId, id));
        return { data: { ...shown, attributes: { ...shown.attributes, key } }, included: [] };
      });
      return c.json(body, 201);
    })

    .patch('/:id', async (c) => {
      const { actor } = c.var;
      const id = keyId(c.req.param('id'));
      const { data } = await readBody(c, ApplicationKeyUpdateRequest);
      requireSameId(data.id, id);
      const { name, scopes } = data.attributes;
      const change = {
        ...(name !== undefined && { name }),
        ...(scopes !== undefined && { scopes: decideScopes(actor.scopes, scopes) }),
      };
      const body = await scoped(db, actor, async (db): Promise<ApplicationKeyResponse> => {
        if (!(await updateApplicationKey(db, actor.userId, id, change))) throw unknownKey();
        return { data: presentApplicationKey(await applicationKeyOf(db, actor.userId, id)), included: [] };
      });
      return c.json(body);
    })

    .delete('/:id', async (c) => {
      const { actor } = c.var;
      const id = keyId(c.req.param('id'));
      const isDeleted = await scoped(db, actor, (db) => deleteApplicationKey(db, actor.userId, id));
      if (!isDeleted) throw unknownKey();
      return c.body(null, 204);
    });
}

/** All calls of a resource need one permission. */
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

/** The users that keys name and `include` asks for, each once. */
async function included(db: ScopedDb, userIds: readonly (string | null)[]) {
  const ids = new Set(userIds.filter((id) => id !== null));
  return ids.size > 0 ? (await listUsersById(db, [...ids])).map(presentUser) : [];
}

/** What is no id is the id of no key. */
function keyId(text: string): string {
  if (!isUuid(text)) throw unknownKey();
  return text.toLowerCase();
}

function unknownKey(): DomainError {
  return new DomainError('not_found', 'Not found');
}
