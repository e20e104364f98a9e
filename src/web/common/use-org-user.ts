import { useOutletContext } from 'react-router';
import type { OrgUser } from '../api/session.ts';

/** Returns the signed-in person as a user of the organization in the URL. */
export function useOrgUser(): OrgUser {
  return useOutletContext<OrgUser>();
}
