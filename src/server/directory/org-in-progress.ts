import type { SystemChanges } from '../changes/change.ts';
import type { Scope } from '../db/scope.ts';
import type { loadMembers } from '../store/directory.ts';
import type { Grants } from './grants.ts';

/** One organization while the directory is applied to it. */
export interface OrgInProgress {
  changes: SystemChanges;
  scope: Scope;
  grants: Grants;
  /** Roles, teams and users that exist, updated with each change. */
  existing: Awaited<ReturnType<typeof loadMembers>>;
}

/** Ids by name, handle or email. Roles and teams that were deleted in the product are missing. */
export type Ids = ReadonlyMap<string, string>;
