import { adminKeys, type OrgKey } from './account.ts';
import type { TestApp } from './app.ts';

/** What users, roles, teams and permissions have in common. */
export interface Resource {
  type: string;
  id: string;
  attributes: Record<string, unknown>;
}

/** The one thing that an answer carries as `data`. */
export function dataOf({ body }: { body: unknown }): Resource {
  return (body as { data: Resource }).data;
}

/** The things that a list answers. */
export function rowsOf({ body }: { body: unknown }): Resource[] {
  return (body as { data: Resource[] }).data;
}

/** One attribute of each thing that a list answers. */
export function column(answer: { body: unknown }, attribute: string): unknown[] {
  return rowsOf(answer).map(({ attributes }) => attributes[attribute]);
}

/** The id of a user of an organization. */
export function userId(app: TestApp, org: OrgKey, email: string): Promise<string> {
  return find(app, org, `/api/v2/users?filter=${email}`, 'email', email);
}

/** The id of a role of an organization. */
export function roleId(app: TestApp, org: OrgKey, name: string): Promise<string> {
  return find(app, org, `/api/v2/roles?filter=${name}`, 'name', name);
}

/** The id of a team of an organization. */
export function teamId(app: TestApp, org: OrgKey, handle: string): Promise<string> {
  return find(app, org, `/api/v2/team?filter[keyword]=${handle}`, 'handle', handle);
}

async function find(app: TestApp, org: OrgKey, path: string, attribute: string, value: string) {
  const answer = await app.call('GET', path, adminKeys(org));
  const found = rowsOf(answer).find(({ attributes }) => attributes[attribute] === value);
  if (!found) throw new Error(`${org} has nothing whose ${attribute} is ${value}`);
  return found.id;
}

/** The body that invites a person with roles. */
export function invitationOf(email: string, roleIds: readonly string[] = [], attributes: object = {}) {
  return {
    data: {
      type: 'users',
      attributes: { email, ...attributes },
      relationships: { roles: { data: roleIds.map((id) => ({ type: 'roles', id })) } },
    },
  };
}

/** The body that names one thing, to add it to a list or to take it away. */
export function naming(type: string, id: string) {
  return { data: { type, id } };
}

/** The body that creates a role. */
export function roleNamed(name: string, permissionIds: readonly string[] = []) {
  return {
    data: {
      type: 'roles',
      attributes: { name },
      relationships: { permissions: { data: permissionIds.map((id) => ({ type: 'permissions', id })) } },
    },
  };
}

/** The body that creates a team. */
export function teamNamed(name: string, handle: string, attributes: object = {}) {
  return { data: { type: 'team', attributes: { name, handle, ...attributes } } };
}

/** The body that puts a user into a team. */
export function memberOf(id: string, role?: string) {
  return {
    data: {
      type: 'team_memberships',
      ...(role !== undefined && { attributes: { role } }),
      relationships: { user: naming('users', id) },
    },
  };
}
