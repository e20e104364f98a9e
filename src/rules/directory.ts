import { type PermissionName, PERMISSIONS } from '../contract/permissions/constants.ts';
import type { DirectoryNoun } from './error-messages.ts';
import { DomainError } from './errors.ts';

/** Returns the error for an unknown id. Ids of other organizations get the same error. */
export function unknown(noun: DirectoryNoun, id: string): DomainError {
  return new DomainError('not_found', 'object_unknown', { noun, id });
}

/** Throws `forbidden` if a user disables their own account, because they could not undo it. */
export function refuseToDisableOneself(ownId: string, userId: string): void {
  if (userId === ownId) throw new DomainError('forbidden', 'cannot_disable_yourself');
}

/**
 * Throws `refused` if a change leaves the organization without an access manager, because no user could undo it.
 *
 * @param managers number of active users with `user_access_manage` after the change
 */
export function requireManagerLeft(managers: number): void {
  if (managers === 0) throw new DomainError('refused', 'last_access_manager');
}

/** Returns the permissions of a new role: the defaults of every role (`restricted`) and the requested ones. */
export function permissionsOfNewRole(requested: readonly PermissionName[]): PermissionName[] {
  return PERMISSIONS.filter(({ name, restricted }) => restricted || requested.includes(name)).map(
    ({ name }) => name,
  );
}
