import { type Actor, requirePermission, type SystemActor } from '../../rules/access.ts';
import { refuseToDisableOneself, unknown } from '../../rules/directory.ts';
import { DomainError } from '../../rules/errors.ts';
import type { Db, ScopedDb } from '../db/scope.ts';
import { hashSecret } from '../store/hash-secret.ts';
import { deleteInvitation, openInvitation } from '../store/invitations.ts';
import { deleteApplicationKeysOfUsers } from '../store/application-keys.ts';
import { lockOrg } from '../store/orgs.ts';
import { deleteBindingsOfUser } from '../store/restriction-policies.ts';
import { lockRoles } from '../store/roles.ts';
import { deleteRolesOfUser, insertUserRoles } from '../store/user-roles.ts';
import { deleteMembershipsOfUser } from '../store/team-memberships.ts';
import {
  activateUser as activateUserRow,
  disableUser as disableUserRow,
  insertActiveUser,
  insertPendingUser,
  lockUserByEmail,
  makeUserPending,
  renameUser as renameUserRow,
} from '../store/users.ts';
import type { Changed, ChangeEvent } from './change.ts';
import { ensureManagerRemains } from './managers.ts';

/** A person to invite. */
interface Invitee {
  /** In lower case. */
  email: string;
  title: string | null;
  roleIds: readonly string[];
}

/**
 * Invites a person: they become a pending user with exactly these roles. An earlier invitation ends, and a user who was
 * disabled does not get their teams again.
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
  const { email, title, roleIds } = invitee;
  const earlier = await lockUserByEmail(tx, actor.orgId, email);
  if (earlier?.active) throw new DomainError('conflict', 'email_taken', { email });
  if (earlier) await makeUserPending(tx, earlier.id, title ?? earlier.title);
  const id = earlier?.id ?? (await insertPendingUser(tx, actor, { email, title }));
  await deleteRolesOfUser(tx, id);
  await insertUserRoles(tx, actor, [id], roleIds);
  if (earlier?.disabled) await deleteMembershipsOfUser(tx, id);
  const expiresAt = await openInvitation(tx, actor, id, hashSecret(secret));
  const before = earlier && { title: earlier.title, disabled: earlier.disabled };
  const action = earlier ? 'modified' : 'created';
  return {
    result: { id, expiresAt },
    event: { action, resource: { type: 'users', id }, before, after: { email, title, role_ids: roleIds } },
  };
}

/** Creates an active user of a person and returns the user's id. For the directory file, which needs no invitation. */
export async function createActiveUser(
  tx: Db,
  actor: SystemActor,
  user: { id?: string | undefined; person_id: string; email: string; name?: string | undefined },
): Promise<Changed<string>> {
  const id = await insertActiveUser(tx, actor, user);
  const after = { email: user.email, name: user.name };
  return { result: id, event: { action: 'created', resource: { type: 'users', id }, after } };
}

/** Renames a user. */
export async function renameUser(
  tx: Db,
  id: string,
  { from, to }: { from: string | null; to: string },
): Promise<Changed<void>> {
  await renameUserRow(tx, id, to);
  return {
    result: undefined,
    event: modified(id, { name: from }, { name: to }),
  };
}

/** Makes a pending user active and ends their invitation. An undefined name leaves the name as it is. */
export async function activateUser(tx: Db, id: string, name: string | undefined): Promise<Changed<void>> {
  await activateUserRow(tx, id, name);
  await deleteInvitation(tx, id);
  return {
    result: undefined,
    event: modified(id, { pending: true }, { pending: false, name }),
  };
}

/**
 * Disables a user, and deletes their application keys, their invitation and their place in restriction policies for good: a
 * later invitation does not restore them.
 *
 * @throws DomainError `not_found`, `forbidden` for oneself, `refused` if no user would manage access any more
 */
export async function disableUser(tx: ScopedDb, actor: Actor, id: string): Promise<Changed<void>> {
  requirePermission(actor.permissions, 'user_access_manage');
  refuseToDisableOneself(actor.userId, id);
  await ensureManagerRemains(tx, actor.orgId, async () => {
    if (!(await disableUserRow(tx, actor.orgId, id))) throw unknown('user', id);
    await deleteApplicationKeysOfUsers(tx, [id]);
    await deleteBindingsOfUser(tx, id);
    await deleteInvitation(tx, id);
  });
  return {
    result: undefined,
    event: modified(id, { disabled: false }, { disabled: true }),
  };
}

function modified(id: string, before: object, after: object): ChangeEvent {
  return { action: 'modified', resource: { type: 'users', id }, before, after };
}
