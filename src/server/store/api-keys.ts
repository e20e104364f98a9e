import { sql } from 'kysely';
import type { ApiKeyListQuery } from '../../contract/keys/schema.ts';
import { contains } from '../db/contains.ts';
import type { Db, ScopedDb } from '../db/scope.ts';

import { hashed, isUseDue, isWithin } from './keys.ts';

const API_KEY = [
  'id',
  'name',
  'last4',
  'created_at',
  'created_by',
  'modified_at',
  'modified_by',
  'last_used_at',
] as const;

type ApiKeyFilter = Partial<ApiKeyListQuery>;

/** Lists a page of the organization's API keys. */
export function listApiKeys(db: ScopedDb, orgId: string, query: ApiKeyListQuery) {
  return matchingApiKeys(db, orgId, query)
    .select(API_KEY)
    .orderBy(query.sort.by, query.sort.descending ? 'desc' : 'asc')
    .orderBy('id')
    .limit(query['page[size]'])
    .offset(query['page[size]'] * query['page[number]'])
    .execute();
}

export type ApiKeyRow = Awaited<ReturnType<typeof listApiKeys>>[number];

/** Counts the organization's API keys, or those that match a filter. */
export async function countApiKeys(db: Db, orgId: string, filter: ApiKeyFilter = {}): Promise<number> {
  const { count } = await matchingApiKeys(db, orgId, filter)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** Finds an API key of the organization. */
export function findApiKey(db: ScopedDb, orgId: string, id: string): Promise<ApiKeyRow | undefined> {
  return db
    .selectFrom('api_key')
    .select(API_KEY)
    .where('org_id', '=', orgId)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** Creates an API key and returns its id. Stores only the secret's hash and its last four characters. */
export async function insertApiKey(
  db: Db,
  key: {
    account_id: string;
    org_id: string;
    name: string;
    key: string;
    created_by?: string;
    modified_by?: string;
  },
): Promise<string> {
  const { id } = await db.insertInto('api_key').values(hashed(key)).returning('id').executeTakeFirstOrThrow();
  return id;
}

/** Renames an API key; returns whether it exists. */
export async function renameApiKey(
  db: ScopedDb,
  orgId: string,
  id: string,
  change: { name: string; modified_by: string },
): Promise<boolean> {
  const row = await db
    .updateTable('api_key')
    .set({ ...change, modified_at: sql<string>`now()` })
    .where('org_id', '=', orgId)
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Deletes an API key; returns whether it existed. */
export async function deleteApiKey(db: ScopedDb, orgId: string, id: string): Promise<boolean> {
  const row = await db
    .deleteFrom('api_key')
    .where('org_id', '=', orgId)
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Updates `last_used_at` of an API key, at most once a minute. */
export async function recordApiKeyUse(db: Db, id: string): Promise<void> {
  await db
    .updateTable('api_key')
    .set({ last_used_at: sql<string>`now()` })
    .where('id', '=', id)
    .where(isUseDue('api_key'))
    .execute();
}

function matchingApiKeys(db: Db, orgId: string, query: ApiKeyFilter) {
  // Keys do not have these two properties.
  const canMatch = query['filter[remote_config_read_enabled]'] !== 'true' && !query['filter[category]'];
  return db
    .selectFrom('api_key')
    .where('org_id', '=', orgId)
    .where(contains(sql.ref('name'), query.filter ?? ''))
    .where(isWithin('created_at', query['filter[created_at][start]'], query['filter[created_at][end]']))
    .where(isWithin('modified_at', query['filter[modified_at][start]'], query['filter[modified_at][end]']))
    .where(sql.val(canMatch));
}
