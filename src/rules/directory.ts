import { type PermissionName, PERMISSIONS } from '../contract/permissions/constants.ts';
import { DomainError } from './errors.ts';

/** What the directory of an organization consists of, and what narrows what those in it see. */
export type DirectoryNoun = 'user' | 'role' | 'team' | 'permission' | 'restriction query' | 'dataset';

/** What nobody has, or the caller may not know of: another organization's answers the same. */
export function unknown(noun: DirectoryNoun, id: string): DomainError {
  return new DomainError('not_found', `${noun} ${id} not found`);
}

/** Throws `forbidden` if someone is about to disable themself: by mistake, as a rule, and they could not undo it. */
export function refuseToDisableOneself(ownId: string, userId: string): void {
  if (userId === ownId) throw new DomainError('forbidden', 'You cannot disable yourself');
}

/**
 * Throws `refused` if a change leaves nobody in charge: nobody could undo it.
 *
 * @param managers how many active users hold `user_access_manage` after the change
 */
export function requireManagerLeft(managers: number): void {
  if (managers > 0) return;
  throw new DomainError(
    'refused',
    'This would leave the organization without an active user who has the permission user_access_manage',
  );
}

/** Permissions of a new role: those that every role has by default (`restricted`), and the requested ones. */
export function permissionsOfNewRole(requested: readonly PermissionName[]): PermissionName[] {
  return PERMISSIONS.filter(({ name, restricted }) => restricted || requested.includes(name)).map(
    ({ name }) => name,
  );
}
