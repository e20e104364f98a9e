import type { Directory, DirectoryOrg } from './schema.ts';

/** Path of a value in the file. */
export type Path = readonly (string | number)[];

/** Mistake in a directory file. */
export interface Mistake {
  path: Path;
  message: string;
}

/** Finds contradictions between parts of a directory file that are valid by themselves. */
export function contradictions({ accounts }: Directory): Mistake[] {
  const check = new Check();
  for (const [a, account] of accounts.entries()) {
    check.unique('account name', account.name, ['accounts', a, 'name']);
    for (const [o, org] of account.orgs.entries()) {
      const at = (...rest: Path): Path => ['accounts', a, 'orgs', o, ...rest];
      check.unique('organization id', org.id, at('id'));
      check.unique(`organization name@${a}`, org.name, at('name'));
      const place = { org, at, within: `@${a}.${o}` };
      checkRoles(check, place);
      checkTeams(check, place);
      checkUsers(check, place);
      checkKeys(check, place);
    }
  }
  return check.mistakes;
}

interface OrgPlace {
  org: DirectoryOrg;
  /** Returns the path of a part of the organization. */
  at: (...rest: Path) => Path;
  /** Suffix of the kinds of values that are unique in the organization only. */
  within: string;
}

/** Mistakes found so far, and the values that have occurred. */
class Check {
  readonly mistakes: Mistake[] = [];
  readonly #seen = new Map<string, Set<string>>();
  readonly #passwords = new Map<string, string>();

  /** Reports a value that occurs twice for its kind. A kind has the form `name@scope`. */
  unique(kind: string, value: string | undefined, path: Path): void {
    if (value === undefined) return;
    const values = this.#seen.get(kind) ?? new Set();
    this.#seen.set(kind, values);
    this.require(!values.has(value), path, `${kind.split('@')[0]} is used twice`);
    values.add(value);
  }

  /** Reports an email with different passwords: one email is one person. */
  samePassword(email: string, password: string, path: Path): void {
    const message = `${email} has another password elsewhere in this file. One email is one person.`;
    this.require((this.#passwords.get(email) ?? password) === password, path, message);
    this.#passwords.set(email, password);
  }

  /** Reports a mistake unless the condition holds. */
  require(condition: boolean, path: Path, message: string): void {
    if (!condition) this.mistakes.push({ path, message });
  }
}

function checkRoles(check: Check, { org, at, within }: OrgPlace): void {
  for (const [r, role] of org.roles.entries()) {
    check.unique('role id', role.id, at('roles', r, 'id'));
    check.unique(`role name${within}`, role.name, at('roles', r, 'name'));
  }
}

function checkTeams(check: Check, { org, at, within }: OrgPlace): void {
  for (const [t, team] of org.teams.entries()) {
    check.unique('team id', team.id, at('teams', t, 'id'));
    check.unique(`team handle${within}`, team.handle, at('teams', t, 'handle'));
    check.unique(`team name${within}`, team.name ?? team.handle, at('teams', t, 'name'));
  }
}

function checkUsers(check: Check, { org, at, within }: OrgPlace): void {
  const roles = new Set(org.roles.map(({ name }) => name));
  const teams = new Set(org.teams.map(({ handle }) => handle));
  for (const [u, user] of org.users.entries()) {
    check.unique('user id', user.id, at('users', u, 'id'));
    check.unique(`email${within}`, user.email, at('users', u, 'email'));
    for (const [r, role] of user.roles.entries()) {
      check.require(roles.has(role), at('users', u, 'roles', r), `${org.name} has no role "${role}"`);
    }
    for (const [t, team] of user.teams.entries()) {
      check.require(teams.has(team), at('users', u, 'teams', t), `${org.name} has no team "${team}"`);
    }
    if (user.password !== undefined) {
      check.samePassword(user.email, user.password, at('users', u, 'password'));
    }
  }
}

function checkKeys(check: Check, { org, at, within }: OrgPlace): void {
  for (const [k, { name, key }] of org.api_keys.entries()) {
    check.unique(`API key name${within}`, name, at('api_keys', k, 'name'));
    check.unique('API key', key, at('api_keys', k, 'key'));
  }
  const emails = new Set(org.users.map(({ email }) => email));
  for (const [k, { name, key, user }] of org.application_keys.entries()) {
    check.unique(`application key name${within}.${user}`, name, at('application_keys', k, 'name'));
    check.unique('application key', key, at('application_keys', k, 'key'));
    check.require(emails.has(user), at('application_keys', k, 'user'), `${org.name} has no user ${user}`);
  }
}
