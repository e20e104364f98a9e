import type { Db } from '../db/scope.ts';

export interface AccountValues {
  /** Maximum number of destinations per organization; null: no limit. */
  max_destinations: number | null;
  metrics_retention_days: number;
  logs_retention_days: number;
  ci_retention_days: number;
}

/** Lists the names of all accounts. */
export async function listAccountNames(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('account').select('name').execute();
  return rows.map((row) => row.name);
}

/** Finds an account by name. */
export function findAccountByName(db: Db, name: string) {
  return db
    .selectFrom('account')
    .select(['id', 'max_destinations', 'metrics_retention_days', 'logs_retention_days', 'ci_retention_days'])
    .where('name', '=', name)
    .executeTakeFirst();
}

/** Creates an account and returns its id. */
export async function insertAccount(db: Db, name: string, values: AccountValues): Promise<string> {
  const { id } = await db
    .insertInto('account')
    .values({ name, ...values })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Replaces the values of an account. */
export async function updateAccount(db: Db, id: string, values: AccountValues): Promise<void> {
  await db.updateTable('account').set(values).where('id', '=', id).execute();
}
