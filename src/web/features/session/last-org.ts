import { useEffect } from 'react';
import type { OrgUser } from '../../api/session.ts';
import { readPreference, writePreference } from './storage.ts';

const PREFERENCE = 'last-org';

/** Remembers the organization, for the next time that the console is opened at its start page. */
export function useRememberOrg(orgId: string | undefined): void {
  useEffect(() => {
    if (orgId !== undefined) writePreference(PREFERENCE, orgId);
  }, [orgId]);
}

/** Where the person was last, if they are still a user there, else their first organization. */
export function startingUser(users: readonly OrgUser[]): OrgUser | undefined {
  const last = readPreference(PREFERENCE);
  return users.find((user) => user.org.id === last) ?? users[0];
}
