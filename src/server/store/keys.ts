import { type Expression, sql } from 'kysely';
import type { ApiKeyListQuery, ApplicationKeyListQuery } from '../../contract/keys/schema.ts';
import { contains } from '../db/contains.ts';
import type { Db, ScopedDb } from '../db/scope.ts';
import { hashSecret } from './hash-secret.ts';

// A request cannot read the hashes of keys: its role has no right to select that column.

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

const APPLICATION_KEY = ['id', 'user_id', 'name', 'last4', 'scopes', 'created_at', 'last_used_at'] as const;

type ApiKeyFilter = Partial<ApiKeyListQuery>;
type ApplicationKeyFilter = Partial<ApplicationKeyListQuery>;

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

/** Lists a page of a user's application keys. */
export function listApplicationKeys(db: ScopedDb, userId: string, query: ApplicationKeyListQuery) {
  return matchingApplicationKeys(db, userId, query)
    .select(APPLICATION_KEY)
    .orderBy(query.sort.by, query.sort.descending ? 'desc' : 'asc')
    .orderBy('id')
    .limit(query['page[size]'])
    .offset(query['page[size]'] * query['page[number]'])
    .execute();
}

export type ApplicationKeyRow = Awaited<ReturnType<typeof listApplicationKeys>>[number];

/** Counts a user's application keys, or those that match a filter. */
export async function countApplicationKeys(
  db: ScopedDb,
  userId: string,
  filter: ApplicationKeyFilter = {},
): Promise<number> {
  const { count } = await matchingApplicationKeys(db, userId, filter)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** Finds an application key of a user. */
export function findApplicationKey(
  db: ScopedDb,
  userId: string,
  id: string,
): Promise<ApplicationKeyRow | undefined> {
  return db
    .selectFrom('application_key')
    .select(APPLICATION_KEY)
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** Creates an application key and returns its id. Stores only the secret's hash and its last four characters. */
export async function insertApplicationKey(
  db: Db,
  key: {
    account_id: string;
    org_id: string;
    user_id: string;
    name: string;
    key: string;
    scopes: string[];
  },
): Promise<string> {
  const { id } = await db
    .insertInto('application_key')
    .values(hashed(key))
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Changes the given columns of a user's application key; returns whether it exists. */
export async function updateApplicationKey(
  db: ScopedDb,
  userId: string,
  id: string,
  change: { name?: string; scopes?: string[] },
): Promise<boolean> {
  if (Object.keys(change).length === 0) return (await findApplicationKey(db, userId, id)) !== undefined;
  const row = await db
    .updateTable('application_key')
    .set(change)
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Deletes all application keys of users. */
export async function deleteApplicationKeysOfUsers(db: Db, userIds: readonly string[]): Promise<void> {
  if (userIds.length === 0) return;
  await db
    .deleteFrom('application_key')
    .where('user_id', 'in', [...userIds])
    .execute();
}

/** Deletes one of a user's application keys; returns whether it existed. */
export async function deleteApplicationKey(db: ScopedDb, userId: string, id: string): Promise<boolean> {
  const row = await db
    .deleteFrom('application_key')
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Keys that a request was authenticated with. */
export interface UsedKeys {
  apiKeyId: string;
  applicationKeyId?: string;
  /** Whether `last_used_at` is due for an update: at most once a minute, so that reads stay cheap. */
  isUseDue: boolean;
}

/** Updates `last_used_at` of the keys, at most once a minute. */
export async function recordKeyUse(db: Db, { apiKeyId, applicationKeyId }: UsedKeys): Promise<void> {
  await db
    .updateTable('api_key')
    .set({ last_used_at: sql<string>`now()` })
    .where('id', '=', apiKeyId)
    .where(isUseDue('api_key'))
    .execute();
  if (applicationKeyId === undefined) return;
  await db
    .updateTable('application_key')
    .set({ last_used_at: sql<string>`now()` })
    .where('id', '=', applicationKeyId)
    .where(isUseDue('application_key'))
    .execute();
}

/** Selects whether `last_used_at` of a key is due for an update. */
export function isUseDue(table: 'api_key' | 'application_key') {
  return sql<boolean>`coalesce(${sql.ref(`${table}.last_used_at`)} < now() - interval '1 minute', true)`;
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

function matchingApplicationKeys(db: ScopedDb, userId: string, query: ApplicationKeyFilter) {
  return db
    .selectFrom('application_key')
    .where('user_id', '=', userId)
    .where(contains(sql.ref('name'), query.filter ?? ''))
    .where(isWithin('created_at', query['filter[created_at][start]'], query['filter[created_at][end]']));
}

/** Compares in milliseconds, because most programs do not know microseconds. */
function isWithin(column: string, start: Date | undefined, end: Date | undefined): Expression<boolean> {
  const moment = sql`date_trunc('milliseconds', ${sql.ref(column)})`;
  return sql`${moment} >= coalesce(${start ?? null}::timestamptz, '-infinity')
    and ${moment} <= coalesce(${end ?? null}::timestamptz, 'infinity')`;
}

function hashed<Key extends { key: string }>({ key, ...columns }: Key) {
  return { ...columns, hash: hashSecret(key), last4: key.slice(-4) };
}
