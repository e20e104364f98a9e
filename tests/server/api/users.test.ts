import { describe, expect, it } from 'vitest';
import { hashSecret } from '../../../src/server/store/hash-secret.ts';
import { adminKeys, EMAIL, ORG, PASSWORD, productionKeys } from '../../support/account.ts';
import { ORIGIN } from '../../support/app.ts';
import {
  column,
  dataOf,
  invitationOf,
  memberOf,
  type Resource,
  roleId,
  rowsOf,
  teamId,
  userId,
} from '../../support/directory.ts';
import { TIMESTAMP, UNKNOWN, UUID, missingPermission, notFound } from '../../support/expected.ts';
import { setUpFreshApp } from '../../support/setup-app.ts';

const USERS = '/api/v2/users';
const MAY_NOT = missingPermission('user_access_manage');
const ADMIN = adminKeys('production');

const app = setUpFreshApp();

const list = (query = '', headers = ADMIN) => app.call('GET', `${USERS}${query}`, headers);
const invite = (body: object, headers = ADMIN) => app.call('POST', USERS, headers, body);
const disable = (id: string, headers = ADMIN) => app.call('DELETE', `${USERS}/${id}`, headers);

describe('the list of users', () => {
  it("contains only users of the caller's organization, by name, with their roles", async () => {
    const answer = await list('', productionKeys('member'));
    expect(answer.status).toBe(200);
    expect(column(answer, 'name')).toEqual([
      'Alex Admin',
      'Maya Member',
      'Ravi Reader',
      'Sam Okafor',
      'Wanda Writer',
    ]);
    expect(answer.body).toMatchObject({ meta: { page: { total_count: 5, total_filtered_count: 5 } } });
    const { included } = answer.body as { included: Resource[] };
    expect(included.map(({ type, attributes }) => `${type} ${String(attributes.name)}`)).toEqual([
      'roles Admin',
      'roles Member',
      'roles Reader',
      'roles Writer',
    ]);
    expect(column(await list('', adminKeys('globex')), 'email')).toEqual([EMAIL.globex]);
  });

  it('has every property that the official client knows', async () => {
    const answer = await list(`?filter=${EMAIL.reader}`);
    expect(rowsOf(answer)).toEqual([
      {
        type: 'users',
        id: UUID,
        attributes: {
          uuid: UUID,
          handle: EMAIL.reader,
          email: EMAIL.reader,
          name: 'Ravi Reader',
          title: null,
          icon: '',
          status: 'Active',
          disabled: false,
          verified: true,
          service_account: false,
          mfa_enabled: false,
          allowed_login_methods: [],
          created_at: TIMESTAMP,
          modified_at: TIMESTAMP,
          last_login_time: null,
        },
        relationships: {
          org: { data: { type: 'orgs', id: ORG.production } },
          other_orgs: { data: [] },
          other_users: { data: [] },
          roles: { data: [{ type: 'roles', id: await roleId(app, 'production', 'Reader') }] },
        },
      },
    ]);
  });

  it('has pages', async () => {
    const first = await list('?page[size]=2');
    const last = await list('?page[size]=2&page[number]=2');
    expect(column(first, 'name')).toEqual(['Alex Admin', 'Maya Member']);
    expect(column(last, 'name')).toEqual(['Wanda Writer']);
    expect(last.body).toMatchObject({ meta: { page: { total_count: 5, total_filtered_count: 5 } } });
    expect(column(await list('?page[size]=2&page[number]=3'), 'name')).toEqual([]);
  });

  it('has ten users per page by default', async () => {
    for (let index = 0; index < 6; index += 1) await invite(invitationOf(`new${index}@acme.example`));
    expect(rowsOf(await list())).toHaveLength(10);
    expect(rowsOf(await list('?page[size]=100'))).toHaveLength(11);
  });

  it.each([
    ['a part of a name, whatever its case', '?filter=rEaD', [EMAIL.reader]],
    ['a part of an email', '?filter=SAM@', [EMAIL.sam]],
    ['characters that mean something to a database', '?filter=%25', []],
    ['one status', '?filter[status]=Disabled', [EMAIL.member]],
    ['several of them', '?filter[status]=Pending,Disabled', [EMAIL.member, 'new@acme.example']],
    ['both', '?filter=m&filter[status]=Disabled', [EMAIL.member]],
    ['nothing, by an empty filter', '?filter=&filter[status]=Pending', ['new@acme.example']],
  ])('can be filtered by %s', async (_, query, emails) => {
    await invite(invitationOf('new@acme.example'));
    await disable(await userId(app, 'production', EMAIL.member));
    const answer = await list(query);
    expect(column(answer, 'email')).toEqual(emails);
    expect(answer.body).toMatchObject({
      meta: { page: { total_count: 6, total_filtered_count: emails.length } },
    });
  });

  it.each([
    ['?sort=name', 'Alex Admin', 'Wanda Writer'],
    ['?sort=-name', 'Wanda Writer', 'Alex Admin'],
    ['?sort=name&sort_dir=desc', 'Wanda Writer', 'Alex Admin'],
    ['?sort_dir=desc', 'Wanda Writer', 'Alex Admin'],
    ['?sort=email', 'Alex Admin', 'Wanda Writer'],
    ['?sort=-status', 'Maya Member', undefined],
    ['?sort=-modified_at', 'Maya Member', undefined],
  ])('is sorted by %s', async (query, first, last) => {
    await disable(await userId(app, 'production', EMAIL.member));
    const names = column(await list(query), 'name');
    expect(names[0]).toBe(first);
    if (last !== undefined) expect(names.at(-1)).toBe(last);
  });

  it.each([
    ['page[size]=0', 'page[size]', 'must be an integer from 1 to 100'],
    ['page[size]=101', 'page[size]', 'must be an integer from 1 to 100'],
    ['page[number]=-1', 'page[number]', 'must be an integer from 0 to 9999999'],
    [
      'sort=password',
      'sort',
      'must be one of name, email, status, created_at, modified_at, or one of them after a minus',
    ],
    ['sort_dir=up', 'sort_dir', 'must be asc or desc'],
    ['filter[status]=Active,Gone', 'filter[status]', 'must be Active, Pending or Disabled'],
    ['filter=%00', 'filter', 'must not contain the character NUL'],
  ])('is refused with %s', async (query, parameter, fault) => {
    const { status, body } = await list(`?${query}`);
    expect(status).toBe(400);
    const { errors } = body as { errors: string[] };
    expect(errors[0]).toBe('Validation failed for input.');
    expect(errors[1]).toContain(parameter.split('[')[0]);
    expect(errors[1]).toContain(fault);
  });
});

describe('a user', () => {
  it('has their organization, roles and permissions included', async () => {
    const id = await userId(app, 'production', EMAIL.reader);
    const { status, body } = await app.call('GET', `${USERS}/${id.toUpperCase()}`, productionKeys('member'));
    expect(status).toBe(200);
    expect(body).toMatchObject({ data: { id, attributes: { email: EMAIL.reader } } });
    const { included } = body as { included: Resource[] };
    expect(included.map(({ type, attributes }) => `${type} ${String(attributes.name)}`)).toEqual([
      'orgs Acme Production',
      'roles Reader',
      'permissions org_connections_read',
      'permissions timeseries_query',
    ]);
  });

  it('has the permissions of their roles only', async () => {
    const id = await userId(app, 'production', EMAIL.reader);
    const answer = await app.call('GET', `${USERS}/${id}/permissions`, productionKeys('member'));
    expect(column(answer, 'name')).toEqual(['org_connections_read', 'timeseries_query']);
    const pending = dataOf(await invite(invitationOf('new@acme.example'))).id;
    expect(await app.call('GET', `${USERS}/${pending}/permissions`, ADMIN)).toEqual({
      status: 200,
      body: { data: [] },
    });
  });

  it('has all their team memberships on one page', async () => {
    const id = await userId(app, 'production', EMAIL.admin);
    const team = await teamId(app, 'production', 'platform');
    const { status, body } = await app.call('GET', `${USERS}/${id}/memberships`, productionKeys('member'));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      data: [
        {
          type: 'team_memberships',
          attributes: { role: null, provisioned_by: null, provisioned_by_id: null },
          relationships: {
            team: { data: { type: 'team', id: team } },
            user: { data: { type: 'users', id } },
          },
        },
      ],
      included: [
        { type: 'users', id },
        { type: 'team', id: team },
      ],
      meta: { pagination: { type: 'offset_limit', offset: 0, next_offset: null, total: 1 } },
    });
    const member = await userId(app, 'production', EMAIL.member);
    expect(await app.call('GET', `${USERS}/${member}/memberships`, ADMIN)).toMatchObject({
      body: { data: [], included: [], meta: { pagination: { total: 0, last_offset: 0 } } },
    });
  });

  it.each(['', '/permissions', '/memberships'])(
    'that is not of this organization is unknown%s',
    async (rest) => {
      const ids = [
        UNKNOWN,
        'malformed',
        await userId(app, 'staging', EMAIL.sam),
        await userId(app, 'globex', EMAIL.globex),
      ];
      for (const id of ids)
        expect(await app.call('GET', `${USERS}/${id}${rest}`, ADMIN)).toEqual(notFound('user', id));
    },
  );
});

describe('an invitation', () => {
  it('creates a pending user, and returns the link once', async () => {
    const reader = await roleId(app, 'production', 'Reader');
    const answer = await invite(
      invitationOf('New.Person@ACME.example', [reader], { name: 'Not Taken', title: 'Analyst' }),
    );
    expect(answer.status).toBe(201);
    const { id, attributes } = dataOf(answer);
    expect(attributes).toMatchObject({
      email: 'new.person@acme.example',
      handle: 'new.person@acme.example',
      name: null,
      title: 'Analyst',
      status: 'Pending',
      disabled: false,
      verified: false,
    });
    expect(answer.body).toMatchObject({
      data: { relationships: { roles: { data: [{ type: 'roles', id: reader }] } } },
    });
    expect(attributes.extensions).toEqual({
      invitation_url: expect.stringMatching(/^http:\/\/localhost:3000\/invitations\/[\w-]{43}$/),
      invitation_expires_at: TIMESTAMP,
    });
    const again = await app.call('GET', `${USERS}/${id}`, ADMIN);
    expect(dataOf(again).attributes).not.toHaveProperty('extensions');
  });

  it('is stored as a digest of its secret, for seven days', async () => {
    const { invitation_url, invitation_expires_at } = await invited('new@acme.example');
    const [invitation] = await app.database.db.selectFrom('invitation').selectAll().execute();
    expect(invitation).toMatchObject({
      org_id: ORG.production,
      hash: hashSecret(secretOf(invitation_url)),
      expires_at: invitation_expires_at,
    });
    const days = (Date.parse(invitation_expires_at) - Date.now()) / (24 * 60 * 60 * 1000);
    expect(days).toBeGreaterThan(6.99);
    expect(days).toBeLessThanOrEqual(7);
  });

  it('can add a person to several organizations', async () => {
    const here = await invite(invitationOf(EMAIL.globex));
    expect(here).toMatchObject({ status: 201, body: { data: { attributes: { status: 'Pending' } } } });
    const there = await userId(app, 'globex', EMAIL.globex);
    expect(dataOf(here).id).not.toBe(there);
    expect(await app.call('GET', USERS, adminKeys('globex'))).toMatchObject({ status: 200 });
  });

  it('of an active user is refused', async () => {
    const reader = await roleId(app, 'production', 'Reader');
    expect(await invite(invitationOf(EMAIL.member.toUpperCase(), [reader]))).toEqual({
      status: 409,
      body: { errors: [`a user with the email ${EMAIL.member} already exists`] },
    });
    const id = await userId(app, 'production', EMAIL.member);
    const permissions = await app.call('GET', `${USERS}/${id}/permissions`, ADMIN);
    expect(column(permissions, 'name')).toEqual(['timeseries_query']);
  });

  it('of a pending user replaces the link and the roles', async () => {
    const [reader, writer] = [
      await roleId(app, 'production', 'Reader'),
      await roleId(app, 'production', 'Writer'),
    ];
    const first = dataOf(await invite(invitationOf('new@acme.example', [reader], { title: 'Analyst' })));
    const answer = await invite(invitationOf('new@acme.example', [writer]));
    const second = dataOf(answer);
    expect(second).toMatchObject({ id: first.id, attributes: { status: 'Pending', title: 'Analyst' } });
    expect(answer.body).toMatchObject({ data: { relationships: { roles: { data: [{ id: writer }] } } } });
    const { invitation_url } = second.attributes.extensions as Extensions;
    const hashes = await app.database.db.selectFrom('invitation').select('hash').execute();
    expect(hashes).toEqual([{ hash: hashSecret(secretOf(invitation_url)) }]);
  });

  it('of a disabled user restores only what it names', async () => {
    const id = await userId(app, 'production', EMAIL.reader);
    const team = await teamId(app, 'production', 'platform');
    await app.call('POST', `/api/v2/team/${team}/memberships`, ADMIN, memberOf(id));
    await disable(id);
    const answer = await invite(invitationOf(EMAIL.reader, [await roleId(app, 'production', 'Member')]));
    expect(answer).toMatchObject({
      status: 201,
      body: { data: { id, attributes: { status: 'Pending', name: 'Ravi Reader', disabled: false } } },
    });
    const permissions = await app.call('GET', `${USERS}/${id}/permissions`, ADMIN);
    expect(column(permissions, 'name')).toEqual(['timeseries_query']);
    const memberships = await app.call('GET', `${USERS}/${id}/memberships`, ADMIN);
    expect(rowsOf(memberships)).toEqual([]);
    await app.database.db.updateTable('user').set({ pending: false }).where('id', '=', id).execute();
    expect(await list('', productionKeys('reader'))).toMatchObject({ status: 401 });
  });

  it('with a role of another organization changes nothing', async () => {
    const foreign = [await roleId(app, 'staging', 'Reader'), await roleId(app, 'globex', 'Admin')];
    for (const id of [UNKNOWN, 'malformed', ...foreign]) {
      expect(await invite(invitationOf('new@acme.example', [id]))).toEqual({
        status: 404,
        body: { errors: [`role ${id} not found`] },
      });
    }
    expect(column(await list('?filter=new@'), 'email')).toEqual([]);
  });

  it.each([
    ['no email', {}, 'data.attributes.email: is required'],
    ['a malformed email', { email: 'stranger' }, 'data.attributes.email: must be an email address'],
    [
      'a title that is no text',
      { email: 'a@b.example', title: 7 },
      'data.attributes.title: must be of type string',
    ],
    [
      'a name that is no text',
      { email: 'a@b.example', name: 7 },
      'data.attributes.name: must be of type string',
    ],
    [
      'a title that nothing can keep',
      { email: 'a@b.example', title: '\0' },
      'data.attributes.title: must not contain the character NUL',
    ],
  ])('with %s is refused', async (_, attributes, fault) => {
    expect(await invite({ data: { type: 'users', attributes } })).toEqual({
      status: 400,
      body: { errors: ['Validation failed for input.', fault] },
    });
  });

  it('accepts a limited number of roles', async () => {
    const role = await roleId(app, 'production', 'Reader');
    const twice = await invite(invitationOf('twice@acme.example', [role, role]));
    expect(dataOf(twice)).toMatchObject({
      relationships: { roles: { data: [{ type: 'roles', id: role }] } },
    });
    const many = Array.from({ length: 1001 }, () => role);
    expect(await invite(invitationOf('many@acme.example', many))).toEqual({
      status: 400,
      body: {
        errors: [
          'Validation failed for input.',
          'data.relationships.roles.data: must have at most 1000 entries',
        ],
      },
    });
  });

  it('may omit the roles', async () => {
    const body = { data: { type: 'users', attributes: { email: 'new@acme.example' } } };
    expect(await invite(body)).toMatchObject({
      status: 201,
      body: { data: { relationships: { roles: { data: [] } } } },
    });
  });
});

describe('disabling a user', () => {
  it('takes effect at once, and shows in the list', async () => {
    const id = await userId(app, 'production', EMAIL.reader);
    expect(await list('', productionKeys('reader'))).toMatchObject({ status: 200 });
    expect(await disable(id)).toEqual({ status: 204, body: undefined });
    expect(await list('', productionKeys('reader'))).toEqual({
      status: 401,
      body: { errors: ['Unauthorized'] },
    });
    expect(dataOf(await app.call('GET', `${USERS}/${id}`, ADMIN)).attributes).toMatchObject({
      status: 'Disabled',
      disabled: true,
      name: 'Ravi Reader',
    });
  });

  it('ends the sessions of a person without other active users', async () => {
    const cookie = await signIn(EMAIL.reader);
    expect(await session(cookie)).toMatchObject({ status: 200 });
    await disable(await userId(app, 'production', EMAIL.reader));
    expect(await session(cookie)).toEqual({ status: 401, body: { errors: ['Unauthorized'] } });
  });

  it("does not affect the person's other organizations", async () => {
    const cookie = await signIn(EMAIL.sam);
    await disable(await userId(app, 'production', EMAIL.sam));
    const asSam = (org: string) => list('', { Cookie: cookie, 'X-Organization-Id': org });
    expect(await asSam(ORG.production)).toEqual({
      status: 403,
      body: { errors: ['You are not a user of this organization'] },
    });
    expect(await asSam(ORG.staging)).toMatchObject({ status: 200 });
  });

  it('ends an invitation', async () => {
    const { id } = await invited('new@acme.example');
    expect(await disable(id)).toMatchObject({ status: 204 });
    expect(await app.database.db.selectFrom('invitation').select('user_id').execute()).toEqual([]);
    expect(column(await list('?filter=new@'), 'status')).toEqual(['Disabled']);
  });

  it('succeeds once', async () => {
    const id = await userId(app, 'production', EMAIL.reader);
    await disable(id);
    expect(await disable(id)).toEqual(notFound('user', id));
  });

  it('does not find users of other organizations', async () => {
    const ids = [
      UNKNOWN,
      'malformed',
      await userId(app, 'staging', EMAIL.sam),
      await userId(app, 'globex', EMAIL.globex),
    ];
    for (const id of ids) expect(await disable(id)).toEqual(notFound('user', id));
    expect(await list('', adminKeys('globex'))).toMatchObject({ status: 200 });
  });

  it('removes them from restriction policies, which stay in force', async () => {
    const connection = await app.connect('production', 'staging');
    const id = await userId(app, 'production', EMAIL.reader);
    const resource = `cross-org-connection:${connection}`;
    const path = `/api/v2/restriction_policy/${resource}`;
    const admin = `user:${await userId(app, 'production', EMAIL.admin)}`;
    const policy = (principals: string[]) => ({
      data: {
        type: 'restriction_policy',
        id: resource,
        attributes: { bindings: [{ relation: 'editor', principals }] },
      },
    });
    await app.call('POST', path, ADMIN, policy([admin, `user:${id}`]));
    await disable(id);
    await invite(invitationOf(EMAIL.reader));
    expect(await app.call('GET', path, ADMIN)).toEqual({ status: 200, body: policy([admin]) });
  });

  it('is refused for oneself', async () => {
    const id = await userId(app, 'production', EMAIL.admin);
    expect(await disable(id.toUpperCase())).toEqual({
      status: 403,
      body: { errors: ['You cannot disable yourself'] },
    });
    expect(await list()).toMatchObject({ status: 200 });
  });
});

describe('permissions', () => {
  it.each([
    ['an administrator', ADMIN, true],
    ['a user who may only read', productionKeys('reader'), false],
    ['an administrator whose key is narrowed', productionKeys('scoped'), false],
  ])('%s', async (_, headers, manages) => {
    expect(await list('', headers)).toMatchObject({ status: 200 });
    const invitation = await invite(invitationOf('new@acme.example'), headers);
    const disabling = await disable(await userId(app, 'production', EMAIL.member), headers);
    if (manages) expect([invitation.status, disabling.status]).toEqual([201, 204]);
    else expect([invitation, disabling]).toEqual([MAY_NOT, MAY_NOT]);
  });

  it('are required: requests without keys are unauthorized', async () => {
    const unauthorized = { status: 401, body: { errors: ['Unauthorized'] } };
    expect(await list('', {})).toEqual(unauthorized);
    expect(await invite(invitationOf('new@acme.example'), {})).toEqual(unauthorized);
  });
});

interface Extensions {
  invitation_url: string;
  invitation_expires_at: string;
}

async function invited(email: string) {
  const { id, attributes } = dataOf(await invite(invitationOf(email)));
  return { id, ...(attributes.extensions as Extensions) };
}

function secretOf(url: string): string {
  return url.split('/').at(-1) ?? '';
}

async function signIn(email: string): Promise<string> {
  const response = await app.request('/api/console/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: ORIGIN },
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  return response.headers.get('Set-Cookie')?.split(';')[0] ?? '';
}

function session(cookie: string) {
  return app.call('GET', '/api/console/session', { Cookie: cookie });
}
