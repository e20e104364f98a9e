import { type Actor, requireMayChange, requirePermission, type SystemActor } from '../../rules/access.ts';
import { unknown } from '../../rules/directory.ts';
import { DomainError } from '../../rules/errors.ts';
import type { Db, ScopedDb } from '../db/scope.ts';
import { lockOrg } from '../store/orgs.ts';
import {
  deleteTeam as deleteTeamRow,
  findTeam,
  insertTeam,
  lockTeam,
  updateTeam as updateTeamRow,
} from '../store/teams.ts';
import {
  deleteMembership,
  insertMemberships,
  insertMissingMemberships,
  type Membership,
} from '../store/team-memberships.ts';
import { requireUsers } from '../store/users.ts';
import type { Changed } from './change.ts';

/** A team to create. */
interface NewTeam {
  id?: string | undefined;
  name: string;
  handle: string;
  description: string;
}

/**
 * Creates a team with members, and returns its id.
 *
 * @throws DomainError `not_found` for an unknown user, `conflict` if the name or the handle is taken
 */
export async function createTeam(
  tx: Db,
  actor: Actor | SystemActor,
  team: NewTeam,
  userIds: readonly string[],
): Promise<Changed<string>> {
  requireMayChange(actor, 'teams_manage');
  await requireUsers(tx, actor.orgId, userIds);
  const id = await insertTeam(tx, actor, team);
  await insertMemberships(
    tx,
    actor,
    userIds.map((userId) => ({ team_id: id, user_id: userId, role: null })),
  );
  const after = { ...team, users: userIds };
  return { result: id, event: { action: 'created', resource: { type: 'team', id }, after } };
}

/** Changes the name or the handle of a team. */
export async function updateTeam(
  tx: Db,
  actor: SystemActor,
  team: { id: string; name: string; handle: string },
  after: { name?: string; handle?: string },
): Promise<Changed<void>> {
  const { id, ...before } = team;
  await updateTeamRow(tx, actor.orgId, id, after);
  return {
    result: undefined,
    event: { action: 'modified', resource: { type: 'team', id }, before, after },
  };
}

/**
 * Deletes a team.
 *
 * @throws DomainError `not_found`
 */
export async function deleteTeam(tx: ScopedDb, actor: Actor, id: string): Promise<Changed<void>> {
  requirePermission(actor.permissions, 'teams_manage');
  // Serializes with changes of policies that name the team.
  await lockOrg(tx, actor.orgId);
  const team = await findTeam(tx, actor.orgId, id);
  if (!team || !(await deleteTeamRow(tx, actor.orgId, id))) throw unknown('team', id);
  const before = { name: team.name, handle: team.handle };
  return { result: undefined, event: { action: 'deleted', resource: { type: 'team', id }, before } };
}

/**
 * Adds a user to a team.
 *
 * @throws DomainError `not_found`, `conflict` if they are a member already
 */
export async function addTeamMember(
  tx: ScopedDb,
  actor: Actor,
  membership: Membership,
): Promise<Changed<void>> {
  requirePermission(actor.permissions, 'teams_manage');
  const { team_id, user_id, role } = membership;
  await lockTeam(tx, actor.orgId, team_id);
  await requireUsers(tx, actor.orgId, [user_id]);
  await insertMemberships(tx, actor, [membership]);
  const after = { user: user_id, role };
  return {
    result: undefined,
    event: { action: 'modified', resource: { type: 'team', id: team_id }, after },
  };
}

/**
 * Adds users to a team, and skips those who are members.
 *
 * @throws DomainError `not_found`
 */
export async function addMissingTeamMembers(
  tx: Db,
  actor: SystemActor,
  id: string,
  userIds: readonly string[],
): Promise<Changed<void>> {
  await lockTeam(tx, actor.orgId, id);
  await requireUsers(tx, actor.orgId, userIds);
  await insertMissingMemberships(tx, actor, id, userIds);
  const after = { users: userIds };
  return { result: undefined, event: { action: 'modified', resource: { type: 'team', id }, after } };
}

/**
 * Removes a user from a team.
 *
 * @throws DomainError `not_found`
 */
export async function removeTeamMember(
  tx: ScopedDb,
  actor: Actor,
  id: string,
  userId: string,
): Promise<Changed<void>> {
  requirePermission(actor.permissions, 'teams_manage');
  if (!(await deleteMembership(tx, actor.orgId, id, userId))) {
    throw new DomainError('not_found', 'user_not_in_team', { user: userId, team: id });
  }
  const before = { user: userId };
  return { result: undefined, event: { action: 'modified', resource: { type: 'team', id }, before } };
}
