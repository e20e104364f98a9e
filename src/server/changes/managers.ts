import { requireManagerLeft } from '../../rules/directory.ts';
import type { ScopedDb } from '../db/scope.ts';
import { lockOrg } from '../store/orgs.ts';
import { countManagers } from '../store/users.ts';

/**
 * Runs a change that may take access away. Throws, which undoes the change, if no active user of the organization could
 * manage access afterwards. Locks the organization: of two administrators who remove each other, the second is refused.
 */
export async function ensureManagerRemains<Result>(
  tx: ScopedDb,
  orgId: string,
  work: () => Promise<Result>,
): Promise<Result> {
  await lockOrg(tx, orgId);
  const result = await work();
  requireManagerLeft(await countManagers(tx, orgId));
  return result;
}
