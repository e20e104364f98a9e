import { type PermissionName, PERMISSIONS } from '../contract/permissions.ts';
import { type Actor, requirePermission } from './access.ts';
import { DomainError } from './errors.ts';

/** What the directory of an organization consists of. */
export type DirectoryNoun = 'user' | 'role' | 'team' | 'permission';

/** What nobody has, or the caller may not know of: another organization's answers the same. */
export function unknown(noun: DirectoryNoun, id: string): DomainError {
  return new DomainError('not_found', `${noun} ${id} not found`);
}

/**
 * Decides whether `actor` may disable a user. Nobody may disable themself, so that the last one who could undo it does
 * not lock everybody out.
 */
export function decideDisable(actor: Actor, userId: string): void {
  requirePermission(actor.permissions, 'user_access_manage');
  if (userId === actor.userId) throw new DomainError('forbidden', 'You cannot disable yourself');
}

/** What a new role permits: what every role does, because it is not restricted, and what is named besides. */
export function permissionsOfNewRole(named: readonly PermissionName[]): PermissionName[] {
  return PERMISSIONS.filter(({ name, restricted }) => !restricted || named.includes(name)).map(
    ({ name }) => name,
  );
}
