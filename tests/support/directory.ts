import { adminKeys, type OrgKey } from './account.ts';
import type { TestApp } from './app.ts';

/** Common members of users, roles, teams and permissions. */
export interface Resource {
  type: string;
  id: string;
  attributes: Record<string, unknown>;
}

/** Returns the `data` of a response. */
export function dataOf({ body }: { body: unknown }): Resource {
  return (body as { data: Resource }).data;
}

/** Returns the rows of a list's response. */
export function rowsOf({ body }: { body: unknown }): Resource[] {
  return (body as { data: Resource[] }).data;
}

/** Returns one attribute of each row of a list's response. */
export function column(answer: { body: unknown }, attribute: string): unknown[] {
  return rowsOf(answer).map(({ attributes }) => attributes[attribute]);
}

/** Returns the id of a user of an organization. */
export function userId(app: TestApp, org: OrgKey, email: string): Promise<string> {
  return find(app, org, `/api/v2/users?filter=${email}`, 'email', email);
}

/** Returns the id of a role of an organization. */
export function roleId(app: TestApp, org: OrgKey, name: string): Promise<string> {
  return find(app, org, `/api/v2/roles?filter=${name}`, 'name', name);
}

/** Returns the id of a team of an organization. */
export function teamId(app: TestApp, org: OrgKey, handle: string): Promise<string> {
  return find(app, org, `/api/v2/team?filter[keyword]=${handle}`, 'handle', handle);
}

async function find(app: TestApp, org: OrgKey, path: string, attribute: string, value: string) {
  const answer = await app.call('GET', path, adminKeys(org));
  const found = rowsOf(answer).find(({ attributes }) => attributes[attribute] === value);
  if (!found) throw new Error(`${org} has nothing whose ${attribute} is ${value}`);
  return found.id;
}

/** Returns the body that invites a person with roles. */
export function invitationOf(email: string, roleIds: readonly string[] = [], attributes: object = {}) {
  return {
    data: {
      type: 'users',
      attributes: { email, ...attributes },
      relationships: { roles: { data: roleIds.map((id) => ({ type: 'roles', id })) } },
    },
  };
}

/** Returns the body that names one resource, to add it to a list or to remove it. */
export function naming(type: string, id: string) {
  return { data: { type, id } };
}

/** Returns the body that creates a role. */
export function roleNamed(name: string, permissionIds: readonly string[] = []) {
  return {
    data: {
      type: 'roles',
      attributes: { name },
      relationships: { permissions: { data: permissionIds.map((id) => ({ type: 'permissions', id })) } },
    },
  };
}

/** Returns the body that creates a team. */
export function teamNamed(name: string, handle: string, attributes: object = {}) {
  return { data: { type: 'team', attributes: { name, handle, ...attributes } } };
}

/** Returns the body that adds a user to a team. */
export function memberOf(id: string, role?: string) {
  return {
    data: {
      type: 'team_memberships',
      ...(role !== undefined && { attributes: { role } }),
      relationships: { user: naming('users', id) },
    },
  };
}
