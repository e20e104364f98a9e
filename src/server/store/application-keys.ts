import { sql } from 'kysely';
import type { ApplicationKeyListQuery } from '../../contract/keys/schema.ts';
import { contains } from '../db/contains.ts';
import type { Db, ScopedDb } from '../db/scope.ts';

import { hashed, isUseDue, isWithin } from './keys.ts';

const APPLICATION_KEY = ['id', 'user_id', 'name', 'last4', 'scopes', 'created_at', 'last_used_at'] as const;

type ApplicationKeyFilter = Partial<ApplicationKeyListQuery>;

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

/** Updates `last_used_at` of an application key, at most once a minute. */
export async function recordApplicationKeyUse(db: Db, id: string): Promise<void> {
  await db
    .updateTable('application_key')
    .set({ last_used_at: sql<string>`now()` })
    .where('id', '=', id)
    .where(isUseDue('application_key'))
    .execute();
}

function matchingApplicationKeys(db: ScopedDb, userId: string, query: ApplicationKeyFilter) {
  return db
    .selectFrom('application_key')
    .where('user_id', '=', userId)
    .where(contains(sql.ref('name'), query.filter ?? ''))
    .where(isWithin('created_at', query['filter[created_at][start]'], query['filter[created_at][end]']));
}
