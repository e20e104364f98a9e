import type { Principal, PrincipalType } from '../../src/contract/restriction-policies/constants.ts';
import { ORG, type OrgKey } from './account.ts';
import type { TestApp } from './app.ts';

/** Returns the principals of an organization: itself, its roles and teams by name, and its users by email. */
export async function principalsOf(
  { database: { db } }: TestApp,
  org: OrgKey,
): Promise<Record<string, Principal>> {
  const orgId = ORG[org];
  const named = [
    byName('org', await db.selectFrom('org').select(['id', 'name']).where('id', '=', orgId).execute()),
    byName('role', await db.selectFrom('role').select(['id', 'name']).where('org_id', '=', orgId).execute()),
    byName('team', await db.selectFrom('team').select(['id', 'name']).where('org_id', '=', orgId).execute()),
    byName(
      'user',
      await db.selectFrom('user').select(['id', 'email as name']).where('org_id', '=', orgId).execute(),
    ),
  ];
  return Object.fromEntries(named.flat());
}

function byName(type: PrincipalType, rows: { id: string; name: string }[]): [string, Principal][] {
  return rows.map(({ id, name }) => [name, `${type}:${id}`]);
}
