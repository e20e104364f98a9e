import { type PermissionName, PERMISSIONS } from '../contract/permissions/constants.ts';
import { DomainError } from './errors.ts';

/** Kinds of objects in an organization's directory, including those that restrict access to data. */
export type DirectoryNoun = 'user' | 'role' | 'team' | 'permission' | 'restriction query' | 'dataset';

/** Returns the error for an unknown id. Ids of other organizations get the same error. */
export function unknown(noun: DirectoryNoun, id: string): DomainError {
  return new DomainError('not_found', `${noun} ${id} not found`);
}

/** Throws `forbidden` if a user disables their own account, because they could not undo it. */
export function refuseToDisableOneself(ownId: string, userId: string): void {
  if (userId === ownId) throw new DomainError('forbidden', 'You cannot disable yourself');
}

/**
 * Throws `refused` if a change leaves the organization without an access manager, because no user could undo it.
 *
 * @param managers number of active users with `user_access_manage` after the change
 */
export function requireManagerLeft(managers: number): void {
  if (managers > 0) return;
  throw new DomainError(
    'refused',
    'This would leave the organization without an active user who has the permission user_access_manage',
  );
}

/** Returns the permissions of a new role: the defaults of every role (`restricted`) and the requested ones. */
export function permissionsOfNewRole(requested: readonly PermissionName[]): PermissionName[] {
  return PERMISSIONS.filter(({ name, restricted }) => restricted || requested.includes(name)).map(
    ({ name }) => name,
  );
}
