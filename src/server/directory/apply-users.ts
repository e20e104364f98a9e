import { renamePerson, saveVerifiedPerson, setFirstPassword, verifyEmail } from '../changes/persons.ts';
import { addUsersToRole } from '../changes/roles.ts';
import { addMissingTeamMembers } from '../changes/teams.ts';
import { createActiveUser, renameUser } from '../changes/users.ts';
import { ConfigurationError } from '../configuration.ts';
import type { Ids, OrgInProgress } from './org-in-progress.ts';
import { type HashOf, passwordGrant } from './password-hashes.ts';
import type { DirectoryOrg } from './schema.ts';

/** Creates missing users, updates names, verifies emails and sets passwords that were not given before. */
export async function applyUsers(
  progress: OrgInProgress,
  users: DirectoryOrg['users'],
  hashOf: HashOf,
): Promise<Ids> {
  const { changes, grants, existing } = progress;
  const ids = new Map<string, string>();
  const byId = new Map(existing.users.map((user) => [user.id, user]));
  const byEmail = new Map(existing.users.map((user) => [user.email, user]));
  for (const user of users) {
    const known = user.id === undefined ? byEmail.get(user.email) : byId.get(user.id);
    const { id, personId } = known
      ? await updateUser(progress, known, user)
      : await createUser(progress, user);
    ids.set(user.email, id);
    const { email, password } = user;
    if (password !== undefined && grants.recordOnce(passwordGrant(personId))) {
      const passwordHash = await hashOf({ email, password });
      await changes.run((tx) => setFirstPassword(tx, personId, passwordHash));
    }
  }
  return ids;
}

type WantedUser = DirectoryOrg['users'][number];

async function createUser(
  { changes, scope }: OrgInProgress,
  { id, email, name }: WantedUser,
): Promise<{ id: string; personId: string }> {
  const personId = await changes.run((tx) => saveVerifiedPerson(tx, { email, name: name ?? email }));
  const user = { id, email, name, person_id: personId };
  const userId = await changes.runIn(scope, (tx, actor) => createActiveUser(tx, actor, user));
  return { id: userId, personId };
}

async function updateUser(
  { changes, scope }: OrgInProgress,
  known: OrgInProgress['existing']['users'][number],
  { email, name }: WantedUser,
): Promise<{ id: string; personId: string }> {
  const { id, person_id: personId, email_verified: isVerified } = known;
  if (known.email !== email) {
    throw new ConfigurationError(`the user ${id} is ${known.email}, who cannot become ${email}`);
  }
  if (name !== undefined && known.name !== name) {
    await changes.runIn(scope, (tx) => renameUser(tx, id, { from: known.name, to: name }));
    await changes.run((tx) => renamePerson(tx, personId, name));
  }
  if (!isVerified) await changes.run((tx) => verifyEmail(tx, personId));
  return { id, personId };
}

/** Maximum number of users in one change, so that its event stays small. */
const USERS_PER_CHANGE = 1000;

/** Gives users the roles that they were not given before. */
export async function applyUserRoles(
  { changes, scope, grants }: OrgInProgress,
  users: DirectoryOrg['users'],
  { userIds, roleIds }: { userIds: Ids; roleIds: Ids },
): Promise<void> {
  const added = groupUsers(
    users,
    userIds,
    ({ roles }) => roles.flatMap((role) => roleIds.get(role) ?? []),
    (userId, roleId) => grants.recordOnce(`user_role:${userId}:${roleId}`),
  );
  for (const { id, users: some } of added) {
    await changes.runIn(scope, (tx, actor) => addUsersToRole(tx, actor, id, some));
  }
}

/** Adds users to the teams that they were not added to before. */
export async function applyMemberships(
  { changes, scope, grants }: OrgInProgress,
  users: DirectoryOrg['users'],
  { userIds, teamIds }: { userIds: Ids; teamIds: Ids },
): Promise<void> {
  const added = groupUsers(
    users,
    userIds,
    ({ teams }) => teams.flatMap((team) => teamIds.get(team) ?? []),
    (userId, teamId) => grants.recordOnce(`team_membership:${teamId}:${userId}`),
  );
  for (const { id, users: some } of added) {
    await changes.runIn(scope, (tx, actor) => addMissingTeamMembers(tx, actor, id, some));
  }
}

/** Groups the ids of users by the roles or teams that they are still missing, in parts of at most {@link USERS_PER_CHANGE}. */
function groupUsers(
  users: DirectoryOrg['users'],
  userIds: Ids,
  groupsOf: (user: WantedUser) => string[],
  isMissing: (userId: string, groupId: string) => boolean,
): { id: string; users: string[] }[] {
  const grouped = new Map<string, string[]>();
  for (const user of users) {
    const userId = userIds.get(user.email);
    if (userId === undefined) continue;
    for (const groupId of groupsOf(user)) {
      if (!isMissing(userId, groupId)) continue;
      const members = grouped.get(groupId);
      if (members) members.push(userId);
      else grouped.set(groupId, [userId]);
    }
  }
  return [...grouped].flatMap(([id, members]) =>
    Array.from({ length: Math.ceil(members.length / USERS_PER_CHANGE) }, (_, part) => ({
      id,
      users: members.slice(part * USERS_PER_CHANGE, (part + 1) * USERS_PER_CHANGE),
    })),
  );
}
