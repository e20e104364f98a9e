import { DomainError } from '../../rules/errors.ts';
import { changeAsSystem, type ChangeDependencies, type SystemChanges } from '../changes/change.ts';
import { saveAccount } from '../changes/accounts.ts';
import { createApiKey, createApplicationKeyAsSystem } from '../changes/keys.ts';
import { saveOrg } from '../changes/orgs.ts';
import { addPermissionsToRole, createRole, renameRole } from '../changes/roles.ts';
import { createTeam, updateTeam } from '../changes/teams.ts';
import { ConfigurationError } from '../configuration.ts';
import { hashPasswordInBulk } from '../identity/passwords.ts';
import type { AccountValues } from '../store/accounts.ts';
import { loadMembers, lockDirectory } from '../store/directory.ts';
import { applyMemberships, applyUserRoles, applyUsers } from './apply-users.ts';
import { Grants } from './grants.ts';
import type { Ids, OrgInProgress } from './org-in-progress.ts';
import { type HashOf, hashNewPasswords, type HashPassword } from './password-hashes.ts';
import type { Directory, DirectoryOrg } from './schema.ts';

/**
 * Creates what the directory file names and is missing, updates names and descriptions, and deletes nothing. Finds a role
 * or team by its id, else by its handle, else by its name, and renames it only if the new name is free: roles and teams
 * that were created in the product never collide with the file.
 *
 * Roles, teams, permissions, memberships, passwords and keys are given once. A role or team that was deleted in the product
 * is not created again, and one that was created there in its place gets no permissions, users or members from the file.
 *
 * @throws ConfigurationError if the directory contradicts what the database holds; then nothing has changed
 */
export async function applyDirectory(
  dependencies: ChangeDependencies,
  directory: Directory,
  hash: HashPassword = hashPasswordInBulk,
): Promise<void> {
  const { log } = dependencies;
  const started = performance.now();
  const users = directory.accounts.flatMap(({ orgs }) => orgs.flatMap((org) => org.users)).length;
  log.info({ users }, 'applying the directory file');
  const hashOf = await hashNewPasswords(dependencies, directory, hash);
  await changeAsSystem(dependencies, 'directory file', async (changes) => {
    await lockDirectory(changes.db);
    await writeDirectory(changes, directory, hashOf);
  });
  log.info({ users, ms: Math.round(performance.now() - started) }, 'directory file applied');
}

/** As {@link applyDirectory}, in a transaction that holds the directory's lock. */
export async function writeDirectory(
  changes: SystemChanges,
  directory: Directory,
  hashOf: HashOf = ({ password }) => hashPasswordInBulk(password),
): Promise<void> {
  const grants = await Grants.load(changes.db);
  for (const account of directory.accounts) {
    const accountId = await changes.run((tx) => saveAccount(tx, account.name, toAccountValues(account)));
    for (const org of account.orgs) {
      await applyOrg(changes, accountId, org, grants, hashOf).catch((error: unknown) => {
        throw explain(error, org);
      });
    }
  }
  await grants.save(changes.db);
}

/** Returns the values of an account as the database stores them. */
export function toAccountValues({
  max_destinations,
  retention,
}: Omit<Directory['accounts'][number], 'orgs'>): AccountValues {
  return {
    max_destinations,
    metrics_retention_days: retention.metrics_days,
    logs_retention_days: retention.logs_days,
    ci_retention_days: retention.ci_days,
  };
}

async function applyOrg(
  changes: SystemChanges,
  accountId: string,
  org: DirectoryOrg,
  grants: Grants,
  hashOf: HashOf,
): Promise<void> {
  const { roles, teams, users, api_keys, application_keys, ...values } = org;
  const { id: orgId, site } = await changes.run((tx) => saveOrg(tx, accountId, values));
  if (site !== org.site) {
    throw new ConfigurationError(`${org.name} is on the site ${site}, which cannot change to ${org.site}`);
  }
  const scope = { accountId, orgId };
  const progress = { changes, scope, grants, existing: await loadMembers(changes.db, orgId) };
  const roleIds = await applyRoles(progress, roles);
  const teamIds = await applyTeams(progress, teams);
  const userIds = await applyUsers(progress, users, hashOf);
  await applyUserRoles(progress, users, { userIds, roleIds });
  await applyMemberships(progress, users, { userIds, teamIds });
  await applyKeys(progress, { api_keys, application_keys }, userIds);
}

async function applyRoles(
  { changes, scope, grants, existing }: OrgInProgress,
  roles: DirectoryOrg['roles'],
): Promise<Ids> {
  const ids = new Map<string, string>();
  for (const { id, name, permissions } of roles) {
    const namesake = existing.roles.find((role) => role.name === name);
    const known = existing.roles.find((role) => role.id === id) ?? namesake;
    if (known && !namesake) {
      await changes.runIn(scope, (tx, actor) => renameRole(tx, actor, known, name));
      known.name = name;
    }
    const subject = grants.subject('role', scope.orgId, id ?? name);
    if (subject.wasDeleted(known)) continue;
    const roleId =
      known?.id ?? (await changes.runIn(scope, (tx, actor) => createRole(tx, actor, { id, name }, [])));
    if (!known) existing.roles.push({ id: roleId, name });
    subject.record({ id: roleId });
    ids.set(name, roleId);
    const missing = permissions.filter((permission) =>
      grants.recordOnce(`role_permission:${roleId}:${permission}`),
    );
    if (missing.length === 0) continue;
    await changes.runIn(scope, (tx, actor) => addPermissionsToRole(tx, actor, roleId, missing));
  }
  return ids;
}

async function applyTeams(
  { changes, scope, grants, existing }: OrgInProgress,
  teams: DirectoryOrg['teams'],
): Promise<Ids> {
  const ids = new Map<string, string>();
  for (const { id, handle, name } of teams) {
    const withHandle = existing.teams.find((team) => team.handle === handle);
    const namesake = existing.teams.find((team) => team.name === (name ?? handle));
    const own = existing.teams.find((team) => team.id === id) ?? withHandle;
    if (own) {
      const changed = { ...(!withHandle && { handle }), ...(!namesake && name !== undefined && { name }) };
      if (Object.keys(changed).length > 0) {
        await changes.runIn(scope, (tx, actor) => updateTeam(tx, actor, own, changed));
      }
      Object.assign(own, changed);
    }
    const known = own ?? namesake;
    const subject = grants.subject('team', scope.orgId, id ?? handle);
    if (subject.wasDeleted(known)) continue;
    const team = { id, handle, name: name ?? handle, description: '' };
    const teamId = known?.id ?? (await changes.runIn(scope, (tx, actor) => createTeam(tx, actor, team, [])));
    if (!known) existing.teams.push({ ...team, id: teamId });
    subject.record({ id: teamId });
    ids.set(handle, teamId);
  }
  return ids;
}

async function applyKeys(
  { changes, scope, grants }: OrgInProgress,
  keys: Pick<DirectoryOrg, 'api_keys' | 'application_keys'>,
  userIds: Ids,
): Promise<void> {
  for (const { name, key } of keys.api_keys) {
    if (!grants.recordOnce(`api_key:${scope.orgId}:${name}`)) continue;
    await changes.runIn(scope, (tx, actor) => createApiKey(tx, actor, name, key));
  }
  for (const { user, ...key } of keys.application_keys) {
    const userId = userIds.get(user);
    if (!userId || !grants.recordOnce(`application_key:${userId}:${key.name}`)) continue;
    await changes.runIn(scope, (tx, actor) => createApplicationKeyAsSystem(tx, actor, userId, key));
  }
}

/** Turns a collision with the database into an error for the author of the directory file. */
function explain(error: unknown, org: DirectoryOrg): unknown {
  if (error instanceof DomainError) return new ConfigurationError(`${org.name}: ${error.message}`);
  if (!(error instanceof Error) || !('code' in error) || error.code !== '23505') return error;
  // Without the row's values: they may contain the hash of a key.
  const constraint = 'constraint' in error ? String(error.constraint) : error.message;
  return new ConfigurationError(`${org.name} collides with what the database holds (${constraint})`);
}
