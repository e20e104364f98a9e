import { client, v2 } from '@datadog/datadog-api-client';
import { describe, expect, it } from 'vitest';
import { PERMISSIONS } from '../../src/contract/permissions/constants.ts';
import { adminKeys, EMAIL, productionKeys } from '../support/account.ts';
import { roleId, teamId, userId } from '../support/directory.ts';
import { configureClient, expectParsed, expectWhole } from '../support/official-client.ts';
import { UNKNOWN } from '../support/expected.ts';
import { setUpFreshApp, setUpServer } from '../support/setup-app.ts';

const app = setUpFreshApp();
const server = setUpServer(app);

const users = (keys = adminKeys('production')) => new v2.UsersApi(configureClient(server.url, keys));
const roles = (keys = adminKeys('production')) => new v2.RolesApi(configureClient(server.url, keys));
const teams = (keys = adminKeys('production')) => new v2.TeamsApi(configureClient(server.url, keys));

async function roleNames(query: v2.RolesApiListRolesRequest) {
  const listed = await roles().listRoles(query);
  expectParsed(listed);
  expectWhole(listed);
  return listed.data?.map(({ attributes }) => attributes?.name);
}

const invitation = (email: string, roleIds: string[] = []): v2.UsersApiCreateUserRequest => ({
  body: {
    data: {
      type: 'users',
      attributes: { email, name: 'Not Taken', title: 'Analyst' },
      relationships: { roles: { data: roleIds.map((id) => ({ type: 'roles', id })) } },
    },
  },
});

const newTeam = (name: string): v2.TeamsApiCreateTeamRequest => ({
  body: { data: { type: 'team', attributes: { name, handle: name.toLowerCase() } } },
});

describe("Datadog's official client for users", () => {
  it('lists them all, page by page', async () => {
    const page = await users().listUsers({
      pageSize: 2,
      sort: 'email',
      sortDir: 'desc',
      filterStatus: 'Active',
    });
    expectParsed(page);
    expectWhole(page);
    expectWhole(page.data?.[0]);
    expectWhole(page.data?.[0]?.attributes);
    expectWhole(page.data?.[0]?.relationships);
    expect(page.data?.map(({ attributes }) => attributes?.email)).toEqual(['writer@acme.example', EMAIL.sam]);
    expect(page.meta?.page).toMatchObject({ totalCount: 5, totalFilteredCount: 5 });

    const emails: (string | undefined)[] = [];
    for await (const user of users().listUsersWithPagination({ pageSize: 2 })) {
      expectParsed(user);
      emails.push(user.attributes?.email);
    }
    expect(emails).toEqual([EMAIL.admin, EMAIL.member, EMAIL.reader, EMAIL.sam, 'writer@acme.example']);
  });

  it('leads a user through their whole life', async () => {
    const reader = await roleId(app, 'production', 'Reader');
    const invited = await users().createUser(invitation('new@acme.example', [reader]));
    expectParsed(invited);
    expectWhole(invited);
    expectWhole(invited.data?.attributes);
    expect(invited.data).toMatchObject({
      attributes: { status: 'Pending', name: null, title: 'Analyst', createdAt: expect.any(Date) },
      relationships: { roles: { data: [{ id: reader }] } },
    });
    const found = { userId: invited.data?.id ?? '' };

    const permissions = await users().listUserPermissions(found);
    expectParsed(permissions);
    expectWhole(permissions.data?.[0]?.attributes);
    expect(permissions.data?.map(({ attributes }) => attributes?.name)).toEqual([
      'org_connections_read',
      'timeseries_query',
    ]);

    await users().disableUser(found);
    const disabled = await users().getUser(found);
    expectParsed(disabled);
    expect(disabled.data?.attributes).toMatchObject({ status: 'Disabled', disabled: true });
    expect(disabled.included?.map((resource) => resource.constructor.name)).toEqual([
      'Organization',
      'Role',
      'Permission',
      'Permission',
    ]);
    await expect(users().disableUser(found)).rejects.toMatchObject({ code: 404 });
  });

  it('lists the memberships of one', async () => {
    const memberships = await teams().getUserMemberships({
      userUuid: await userId(app, 'production', EMAIL.admin),
    });
    expectParsed(memberships);
    expectWhole(memberships);
    expect(memberships.data?.map(({ relationships }) => relationships?.team?.data.id)).toEqual([
      await teamId(app, 'production', 'platform'),
    ]);
    expect(memberships.included?.map((resource) => resource.constructor.name)).toEqual(['User', 'Team']);
  });
});

describe("Datadog's official client for roles", () => {
  it('leads a role through its whole life', async () => {
    const auditLogs = PERMISSIONS.find(({ name }) => name === 'audit_logs_read')?.id ?? '';
    const created = await roles().createRole({
      body: { data: { type: 'roles', attributes: { name: 'Auditors' } } },
    });
    expectParsed(created);
    expectWhole(created.data?.attributes);
    expect(created.data?.attributes?.name).toBe('Auditors');
    const found = { roleId: created.data?.id ?? '' };

    const permission = { ...found, body: { data: { type: 'permissions', id: auditLogs } } } as const;
    const granted = await roles().addPermissionToRole(permission);
    expectParsed(granted);
    expect(granted.data?.map(({ id }) => id)).toContain(auditLogs);
    expect(await roles().listRolePermissions(found)).toEqual(granted);
    const taken = await roles().removePermissionFromRole(permission);
    expectParsed(taken);
    expect(taken.data?.map(({ id }) => id)).not.toContain(auditLogs);

    const member = await userId(app, 'production', EMAIL.member);
    const user = { ...found, body: { data: { type: 'users', id: member } } } as const;
    const added = await roles().addUserToRole(user);
    expectParsed(added);
    expectWhole(added);
    expect(added.data?.map(({ id }) => id)).toEqual([member]);
    expect(await roles().listRoleUsers({ ...found, sort: '-email', filter: 'maya' })).toEqual(added);
    const role = await roles().getRole(found);
    expectParsed(role);
    expectWhole(role.data);
    expectWhole(role.data?.attributes);
    expect(role.data?.attributes?.userCount).toBe(1);
    const removed = await roles().removeUserFromRole(user);
    expectParsed(removed);
    expect(removed.data).toEqual([]);

    await roles().deleteRole(found);
    await expect(roles().getRole(found)).rejects.toMatchObject({ code: 404 });
  });

  it('lists, filters, sorts and pages', async () => {
    expect(await roleNames({ sort: '-name', pageSize: 2 })).toEqual(['Writer', 'Reader']);
    expect(await roleNames({ pageSize: 3, pageNumber: 1 })).toEqual(['Writer']);
    expect(await roleNames({ filter: 'write' })).toEqual(['Writer']);
    expect(await roleNames({ filterId: await roleId(app, 'production', 'Admin') })).toEqual(['Admin']);
  });
});

describe("Datadog's official client for teams", () => {
  it('leads a team through its whole life', async () => {
    const created = await teams().createTeam(newTeam('Analysts'));
    expectParsed(created);
    expectWhole(created.data);
    expectWhole(created.data?.attributes);
    expectWhole(created.data?.relationships);
    const found = { teamId: created.data?.id ?? '' };
    expect(await teams().getTeam(found)).toEqual(created);

    const reader = await userId(app, 'production', EMAIL.reader);
    const membership: v2.TeamsApiCreateTeamMembershipRequest = {
      ...found,
      body: {
        data: {
          type: 'team_memberships',
          attributes: { role: 'admin' },
          relationships: { user: { data: { type: 'users', id: reader } } },
        },
      },
    };
    const added = await teams().createTeamMembership(membership);
    expectParsed(added);
    expectWhole(added);
    expectWhole(added.data?.attributes);
    expectWhole(added.data?.relationships);
    expect(added.data?.attributes?.role).toBe('admin');
    await expect(teams().createTeamMembership(membership)).rejects.toMatchObject({ code: 409 });

    const members = await teams().getTeamMemberships({
      ...found,
      sort: 'manager_name',
      filterKeyword: 'ravi',
    });
    expectParsed(members);
    expectWhole(members);
    expectWhole(members.meta?.pagination);
    expect(members.data?.map(({ relationships }) => relationships?.user?.data.id)).toEqual([reader]);

    await teams().deleteTeamMembership({ ...found, userId: reader });
    expect((await teams().getTeamMemberships(found)).data).toEqual([]);
    await teams().deleteTeam(found);
    await expect(teams().deleteTeam(found)).rejects.toMatchObject({ code: 404 });
  });

  it('lists teams and members page by page', async () => {
    for (const name of ['Analysts', 'Backend', 'Core']) await teams().createTeam(newTeam(name));
    const listed = await teams().listTeams({
      sort: '-name',
      filterKeyword: 'a',
      include: ['team_links'],
      fieldsTeam: ['name', 'handle'],
    });
    expectParsed(listed);
    expectWhole(listed);
    expectWhole(listed.meta?.pagination);
    expectWhole(listed.links);
    expect(listed.data?.map(({ attributes }) => attributes.name)).toEqual([
      'Platform',
      'Backend',
      'Analysts',
    ]);
    expect(
      (await teams().listTeams({ filterMe: true })).data?.map(({ attributes }) => attributes.name),
    ).toEqual(['Platform']);

    const names: string[] = [];
    for await (const team of teams().listTeamsWithPagination({ pageSize: 2 }))
      names.push(team.attributes.name);
    expect(names).toEqual(['Analysts', 'Backend', 'Core', 'Platform']);

    const team = await teamId(app, 'production', 'platform');
    for (const email of [EMAIL.reader, EMAIL.sam]) {
      const id = await userId(app, 'production', email);
      await teams().createTeamMembership({
        teamId: team,
        body: {
          data: { type: 'team_memberships', relationships: { user: { data: { type: 'users', id } } } },
        },
      });
    }
    const members: unknown[] = [];
    for await (const member of teams().getTeamMembershipsWithPagination({ teamId: team, pageSize: 2 })) {
      expectParsed(member);
      members.push(member.relationships?.user?.data.id);
    }
    expect(new Set(members).size).toBe(3);
  });
});

describe("Datadog's official client is told", () => {
  it.each<[string, () => Promise<unknown>, number, string]>([
    [
      'of a user who is active already',
      () => users().createUser(invitation(EMAIL.reader)),
      409,
      `a user with the email ${EMAIL.reader} already exists`,
    ],
    [
      'of a missing permission to invite',
      () => users(productionKeys('reader')).createUser(invitation('new@acme.example')),
      403,
      'The permission user_access_manage is required',
    ],
    [
      'of a missing permission to create a team',
      () => teams(productionKeys('reader')).createTeam(newTeam('Analysts')),
      403,
      'The permission teams_manage is required',
    ],
    ['of an unknown user', () => users().getUser({ userId: UNKNOWN }), 404, `user ${UNKNOWN} not found`],
    ['of an unknown role', () => roles().deleteRole({ roleId: UNKNOWN }), 404, `role ${UNKNOWN} not found`],
    ['of an unknown team', () => teams().getTeam({ teamId: UNKNOWN }), 404, `team ${UNKNOWN} not found`],
    [
      'of a role whose name is taken',
      () => roles().createRole({ body: { data: { type: 'roles', attributes: { name: 'Reader' } } } }),
      409,
      'a role with the name Reader already exists',
    ],
    [
      'of a team whose handle is taken',
      () => teams().createTeam(newTeam('Platform')),
      409,
      'a team with the handle platform already exists',
    ],
  ])('%s', async (_, call, code, text) => {
    const error = await call().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(client.ApiException);
    expect(error).toMatchObject({ code });
    // Where the client's model of a call does not list a status, its exception has the body as text.
    expect(JSON.stringify((error as { body: unknown }).body)).toContain(text);
  });
});
