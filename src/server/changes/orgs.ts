import { isDeepStrictEqual } from 'node:util';
import type { Db } from '../db/scope.ts';
import { findOrgOfAccount, insertOrg, type OrgValues, updateOrg } from '../store/orgs.ts';
import type { Changed } from './change.ts';

/** An organization to create or update. Without an id, its name identifies it. */
interface WantedOrg extends OrgValues {
  id?: string | undefined;
  site: string;
}

/**
 * Creates an organization of an account, or replaces the values of an existing one. Returns its id and its site, which never
 * changes: connections depend on it.
 */
export async function saveOrg(
  tx: Db,
  accountId: string,
  wanted: WantedOrg,
): Promise<Changed<{ id: string; site: string }>> {
  const { id: wantedId, site, ...values } = wanted;
  const found = await findOrgOfAccount(tx, accountId, { id: wantedId, name: wanted.name });
  if (!found) {
    const id = await insertOrg(tx, accountId, { ...values, id: wantedId, site });
    return {
      result: { id, site },
      event: { action: 'created', resource: { type: 'orgs', id }, after: { ...values, site } },
    };
  }
  const { id, site: currentSite, ...before } = found;
  const result = { id, site: currentSite };
  if (isDeepStrictEqual(before, values)) return { result, event: undefined };
  await updateOrg(tx, id, values);
  return { result, event: { action: 'modified', resource: { type: 'orgs', id }, before, after: values } };
}
