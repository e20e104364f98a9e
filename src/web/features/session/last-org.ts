import { useEffect } from 'react';
import type { OrgUser } from '../../api/session.ts';
import { readPreference, writePreference } from './storage.ts';

const PREFERENCE = 'last-org';

/** Remembers the organization, where the start page leads next time. */
export function useRememberOrg(orgId: string | undefined): void {
  useEffect(() => {
    if (orgId !== undefined) writePreference(PREFERENCE, orgId);
  }, [orgId]);
}

/** Returns the user of the organization used last, or else of the first one. */
export function startingUser(users: readonly OrgUser[]): OrgUser | undefined {
  const last = readPreference(PREFERENCE);
  return users.find((user) => user.org.id === last) ?? users[0];
}
