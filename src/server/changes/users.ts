import { type Actor, requirePermission } from '../../rules/access.ts';
import { refuseToDisableOneself, unknown } from '../../rules/directory.ts';
import type { ScopedDb } from '../db/scope.ts';
import { hashKey } from '../store/actors.ts';
import { lockOrg } from '../store/orgs.ts';
import { lockRoles } from '../store/roles.ts';
import { disableUser as disableUserRow, openInvitation, savePendingUser } from '../store/users.ts';
import type { Changed } from './change.ts';
import { ensureManagerRemains } from './managers.ts';

/** A person to invite. */
interface Invitee {
  /** In lower case. */
  email: string;
  title: string | null;
  roleIds: readonly string[];
}

/**
 * Invites a person: they become a pending user with exactly these roles. An earlier invitation of theirs ends.
 *
 * @param secret the secret of the invitation's link
 * @returns the user's id and when the invitation expires
 * @throws DomainError `not_found` for an unknown role, `conflict` if the user is active
 */
export async function inviteUser(
  tx: ScopedDb,
  actor: Actor,
  invitee: Invitee,
  secret: string,
): Promise<Changed<{ id: string; expiresAt: string }>> {
  requirePermission(actor.permissions, 'user_access_manage');
  // Locked, so that the second of two invitations of one email finds the user that the first created.
  await lockOrg(tx, actor.orgId);
  await lockRoles(tx, actor.orgId, invitee.roleIds);
  const id = await savePendingUser(tx, actor, invitee);
  const expiresAt = await openInvitation(tx, actor, id, hashKey(secret));
  return {
    result: { id, expiresAt },
    event: { action: 'created', resource: { type: 'users', id }, after: invitee },
  };
}

/**
 * Disables a user.
 *
 * @throws DomainError `not_found`, `forbidden` for oneself, `refused` if no user would manage access any more
 */
export async function disableUser(tx: ScopedDb, actor: Actor, id: string): Promise<Changed<void>> {
  requirePermission(actor.permissions, 'user_access_manage');
  refuseToDisableOneself(actor.userId, id);
  await ensureManagerRemains(tx, actor.orgId, async () => {
    if (!(await disableUserRow(tx, actor.orgId, id))) throw unknown('user', id);
  });
  return {
    result: undefined,
    event: {
      action: 'modified',
      resource: { type: 'users', id },
      before: { disabled: false },
      after: { disabled: true },
    },
  };
}
