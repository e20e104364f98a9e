import { ConfigurationError } from '../configuration.ts';
import type { Db } from '../db/scope.ts';
import { hashPassword } from '../identity/passwords.ts';
import {
  directoryTransaction,
  insertGrants,
  insertRole,
  insertRolePermission,
  insertTeam,
  insertTeamMembership,
  insertUser,
  insertUserRole,
  listGrants,
  loadMembers,
  renameRole,
  renameTeam,
  renameUser,
  upsertAccount,
  upsertOrg,
} from '../store/directory.ts';
import { insertApiKey, insertApplicationKey } from '../store/keys.ts';
import { insertPassword } from '../store/credentials.ts';
import { markVerified } from '../store/persons.ts';
import type { Directory, DirectoryOrg } from './read.ts';

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
  db: Db,
  directory: Directory,
  hash: HashPassword = hashPassword,
): Promise<void> {
  await directoryTransaction(db, (db) => writeDirectory(db, directory, hash));
}

/** As {@link applyDirectory}, within a transaction of the directory. */
export async function writeDirectory(
  db: Db,
  directory: Directory,
  hash: HashPassword = hashPassword,
): Promise<void> {
  const given = await Given.load(db);
  for (const account of directory.accounts) {
    const { orgs, ...values } = account;
    const accountId = await upsertAccount(db, values);
    for (const org of orgs) {
      await applyOrg(db, accountId, org, given, hash).catch((error: unknown) => {
        throw explain(error, org);
      });
    }
  }
  await given.save(db);
}

type HashPassword = (password: string) => Promise<string>;

async function applyOrg(
  db: Db,
  accountId: string,
  org: DirectoryOrg,
  given: Given,
  hash: HashPassword,
): Promise<void> {
  const { roles, teams, users, api_keys, application_keys, ...values } = org;
  const { id: orgId, site } = await upsertOrg(db, accountId, values);
  if (site !== org.site) {
    throw new ConfigurationError(`${org.name} is on the site ${site}, which cannot change to ${org.site}`);
  }
  const columns = { account_id: accountId, org_id: orgId };
  const existing = await loadMembers(db, orgId);
  const roleIds = await applyRoles();
  const teamIds = await applyTeams();
  const userIds = await applyUsers();
  await applyKeys();

  async function applyRoles(): Promise<Ids> {
    const ids: Ids = new Map();
    for (const { id, name, permissions } of roles) {
      const namesake = existing.roles.find((role) => role.name === name);
      const known = existing.roles.find((role) => role.id === id) ?? namesake;
      if (known && !namesake) {
        await renameRole(db, known.id, name);
        known.name = name;
      }
      const subject = given.subject('role', orgId, id ?? name);
      if (subject.wasDeleted(known)) continue;
      const role = known ?? (await insertRole(db, { ...columns, id, name }));
      if (!known) existing.roles.push(role);
      subject.record(role);
      ids.set(name, role.id);
      for (const permission of permissions) {
        if (given.before(`role_permission:${role.id}:${permission}`)) continue;
        await insertRolePermission(db, { ...columns, role_id: role.id, permission });
      }
    }
    return ids;
  }

  async function applyTeams(): Promise<Ids> {
    const ids: Ids = new Map();
    for (const { id, handle, name } of teams) {
      const withHandle = existing.teams.find((team) => team.handle === handle);
      const namesake = existing.teams.find((team) => team.name === (name ?? handle));
      const own = existing.teams.find((team) => team.id === id) ?? withHandle;
      if (own) {
        const changed = { ...(!withHandle && { handle }), ...(!namesake && name !== undefined && { name }) };
        if (Object.keys(changed).length > 0) await renameTeam(db, own.id, changed);
        Object.assign(own, changed);
      }
      const known = own ?? namesake;
      const subject = given.subject('team', orgId, id ?? handle);
      if (subject.wasDeleted(known)) continue;
      const team = known ?? (await insertTeam(db, { ...columns, id, handle, name: name ?? handle }));
      if (!known) existing.teams.push(team);
      subject.record(team);
      ids.set(handle, team.id);
    }
    return ids;
  }

  async function applyUsers(): Promise<Ids> {
    const ids: Ids = new Map();
    for (const { id, email, name, password, ...member } of users) {
      const known = existing.users.find((user) => (id ? user.id === id : user.email === email));
      if (known && known.email !== email) {
        throw new ConfigurationError(`the user ${known.id} is ${known.email}, who cannot become ${email}`);
      }
      if (known && name !== undefined && known.name !== name) await renameUser(db, known, name);
      if (known) await markVerified(db, known.person_id);
      const user = known ?? (await insertUser(db, { ...columns, id, email, name }));
      ids.set(email, user.id);
      for (const role_id of member.roles.flatMap((role) => roleIds.get(role) ?? [])) {
        if (given.before(`user_role:${user.id}:${role_id}`)) continue;
        await insertUserRole(db, { ...columns, user_id: user.id, role_id });
      }
      for (const team_id of member.teams.flatMap((team) => teamIds.get(team) ?? [])) {
        if (given.before(`team_membership:${team_id}:${user.id}`)) continue;
        await insertTeamMembership(db, { ...columns, team_id, user_id: user.id });
      }
      if (password !== undefined && !given.before(`password:${user.person_id}`)) {
        await insertPassword(db, user.person_id, await hash(password));
      }
    }
    return ids;
  }

  async function applyKeys(): Promise<void> {
    for (const { name, key } of api_keys) {
      if (given.before(`api_key:${orgId}:${name}`)) continue;
      await insertApiKey(db, { ...columns, name, key });
    }
    for (const { name, key, user, scopes } of application_keys) {
      const user_id = userIds.get(user);
      if (!user_id || given.before(`application_key:${user_id}:${name}`)) continue;
      await insertApplicationKey(db, { ...columns, user_id, name, key, scopes });
    }
  }
}

/** Ids by name, handle or email. Roles and teams that were deleted in the product are missing. */
type Ids = Map<string, string>;

/** What a directory has given, at this start or at an earlier one. */
class Given {
  readonly #earlier: ReadonlySet<string>;
  readonly #now = new Set<string>();

  static async load(db: Db): Promise<Given> {
    return new Given(await listGrants(db));
  }

  private constructor(earlier: ReadonlySet<string>) {
    this.#earlier = earlier;
  }

  /** Whether the subject was given before; from now on it has been. */
  before(subject: string): boolean {
    if (this.#earlier.has(subject) || this.#now.has(subject)) return true;
    this.#now.add(subject);
    return false;
  }

  /** A role or team of an organization. `key` is the id in the file, or else the name or handle. */
  subject(kind: 'role' | 'team', orgId: string, key: string): GivenSubject {
    const subject = `${kind}:${orgId}:${key}`;
    const match = ({ id }: { id: string }) => `${kind}_match:${id}:${key}`;
    return {
      wasDeleted: (found) => this.#earlier.has(subject) && !(found && this.#earlier.has(match(found))),
      record: (row) => {
        this.before(subject);
        this.before(match(row));
      },
    };
  }

  async save(db: Db): Promise<void> {
    await insertGrants(db, [...this.#now]);
  }
}

interface GivenSubject {
  /** Whether an earlier start gave the role or team and it was deleted since, even if `found` has taken its place. */
  wasDeleted(found: { id: string } | undefined): boolean;
  /** Records the role or team as given. */
  record(row: { id: string }): void;
}

/** A collision with what the database holds is for whoever wrote the directory to mend. */
function explain(error: unknown, org: DirectoryOrg): unknown {
  if (!(error instanceof Error) || !('code' in error) || error.code !== '23505') return error;
  // Not the row's values: they may be the hash of a key.
  const constraint = 'constraint' in error ? String(error.constraint) : error.message;
  return new ConfigurationError(`${org.name} collides with what the database holds (${constraint})`);
}
