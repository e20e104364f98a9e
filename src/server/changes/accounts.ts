import { isDeepStrictEqual } from 'node:util';
import type { Db } from '../db/scope.ts';
import { type AccountValues, findAccountByName, insertAccount, updateAccount } from '../store/accounts.ts';
import type { Changed } from './change.ts';

/** Creates an account, or replaces the values of the one with this name. Returns its id. */
export async function saveAccount(tx: Db, name: string, values: AccountValues): Promise<Changed<string>> {
  const found = await findAccountByName(tx, name);
  if (!found) {
    const id = await insertAccount(tx, name, values);
    return {
      result: id,
      event: { action: 'created', resource: { type: 'account', id }, after: { name, ...values } },
    };
  }
  const { id, ...before } = found;
  if (isDeepStrictEqual(before, values)) return { result: id, event: undefined };
  await updateAccount(tx, id, values);
  return {
    result: id,
    event: { action: 'modified', resource: { type: 'account', id }, before, after: values },
  };
}
