import { beforeEach, describe, expect, it } from 'vitest';
import { adminKeys, EMAIL, productionKeys } from '../../support/account.ts';
import {
  column,
  dataOf,
  memberOf,
  type Resource,
  teamId,
  teamNamed,
  userId,
} from '../../support/directory.ts';
import { TIMESTAMP, UNKNOWN, UUID, missingPermission, notFound } from '../../support/expected.ts';
import { setUpFreshApp } from '../../support/setup-app.ts';

const TEAMS = '/api/v2/team';
const MAY_NOT = missingPermission('teams_manage');
const ADMIN = adminKeys('production');

const app = setUpFreshApp();

const list = (query = '', headers = ADMIN) => app.call('GET', `${TEAMS}${query}`, headers);
const create = (body: object, headers = ADMIN) => app.call('POST', TEAMS, headers, body);

async function addMember(team: string, email: string, role?: string): Promise<string> {
  const user = await userId(app, 'production', email);
  await app.call('POST', `${TEAMS}/${team}/memberships`, ADMIN, memberOf(user, role));
  return user;
}

describe('the list of teams', () => {
  it("contains only those of the caller's organization, by name", async () => {
    await create(teamNamed('Analysts', 'analysts'));
    const answer = await list('', productionKeys('member'));
    expect(answer.status).toBe(200);
    expect(column(answer, 'name')).toEqual(['Analysts', 'Platform']);
    expect(column(await list('', adminKeys('staging')), 'name')).toEqual(['Platform']);
    expect(column(await list('', adminKeys('globex')), 'name')).toEqual([]);
  });

  it('has every property that the official client knows', async () => {
    const { body } = await list();
    expect(body).toEqual({
      data: [
        {
          type: 'team',
          id: UUID,
          attributes: {
            name: 'Platform',
            handle: 'platform',
            description: '',
            summary: null,
            avatar: null,
            banner: null,
            is_managed: false,
            link_count: 0,
            user_count: 1,
            visible_modules: [],
            hidden_modules: [],
            created_at: TIMESTAMP,
            modified_at: TIMESTAMP,
          },
          relationships: {
            team_links: { data: [], links: { related: null } },
            user_team_permissions: { data: null, links: { related: null } },
          },
        },
      ],
      included: [],
      meta: {
        pagination: {
          type: 'offset_limit',
          offset: 0,
          first_offset: 0,
          prev_offset: null,
          next_offset: null,
          last_offset: 0,
          limit: 10,
          total: 1,
        },
      },
      links: {
        self: linkTo('page[offset]=0&page[limit]=10'),
        first: linkTo('page[offset]=0&page[limit]=10'),
        prev: null,
        next: null,
        last: linkTo('page[offset]=0&page[limit]=10'),
      },
    });
  });

  describe('of five', () => {
    beforeEach(async () => {
      for (const name of ['Analysts', 'Backend', 'Core', 'Data'])
        await create(teamNamed(name, `the-${name}`));
    });

    it.each([
      ['first', 0, ['Analysts', 'Backend'], null, 1],
      ['middle', 1, ['Core', 'Data'], 0, 2],
      ['last', 2, ['Platform'], 1, null],
    ])('has pages by number: the %s', async (_, number, names, prev, next) => {
      const answer = await list(`?page[size]=2&page[number]=${number}`);
      expect(column(answer, 'name')).toEqual(names);
      expect(answer.body).toMatchObject({
        meta: {
          pagination: {
            type: 'number_size',
            number,
            first_number: 0,
            prev_number: prev,
            next_number: next,
            last_number: 2,
            size: 2,
            total: 5,
          },
        },
        links: {
          self: pageOfTwo(number),
          first: pageOfTwo(0),
          prev: pageOfTwo(prev),
          next: pageOfTwo(next),
          last: pageOfTwo(2),
        },
      });
    });

    it('has pages by offset, with links through the whole list', async () => {
      const seen: unknown[] = [];
      let path: string | null = `${TEAMS}?page[limit]=2&sort=-name`;
      while (path !== null) {
        const answer = await app.call('GET', path, ADMIN);
        seen.push(...column(answer, 'name'));
        const { next } = (answer.body as { links: { next: string | null } }).links;
        path = next && next.replace('http://localhost:3000', '');
      }
      expect(seen).toEqual(['Platform', 'Data', 'Core', 'Backend', 'Analysts']);
      expect(await list('?page[offset]=3&page[limit]=2')).toMatchObject({
        body: {
          meta: { pagination: { offset: 3, prev_offset: 1, next_offset: null, last_offset: 4, limit: 2 } },
        },
      });
    });

    it('has pages by number when only the number is given', async () => {
      expect(await list('?page[number]=0')).toMatchObject({
        body: { meta: { pagination: { type: 'number_size', number: 0, size: 10, last_number: 0 } } },
      });
    });

    it.each([
      ['a part of a name, whatever its case', 'filter[keyword]=BACK', ['Backend']],
      ['a part of a handle', 'filter[keyword]=the-d', ['Data']],
      ["a part of a member's email", 'filter[keyword]=admin@acme', ['Platform']],
      ['those of the caller', 'filter[me]=true', ['Platform']],
      ['nothing', 'filter[me]=false', ['Analysts', 'Backend', 'Core', 'Data', 'Platform']],
      ['a keyword that nothing has', 'filter[keyword]=_', []],
    ])('can be filtered by %s', async (_, query, names) => {
      const answer = await list(`?${query}`);
      expect(column(answer, 'name')).toEqual(names);
      expect(answer.body).toMatchObject({ meta: { pagination: { total: names.length } } });
    });

    it('can be sorted by the number of users', async () => {
      expect(column(await list('?sort=-user_count'), 'name')[0]).toBe('Platform');
      expect(column(await list('?sort=user_count'), 'name').at(-1)).toBe('Platform');
    });
  });

  it.each([
    ['page[size]=101', 'must be an integer from 1 to 100'],
    ['sort=handle', 'must be one of name, user_count, or one of them after a minus'],
    ['filter[me]=yes', 'must be true or false'],
  ])('is refused with %s', async (query, fault) => {
    expect(await list(`?${query}`)).toEqual({
      status: 400,
      body: { errors: ['Validation failed for input.', expect.stringContaining(fault)] },
    });
  });
});

describe('a team', () => {
  it('is created, read by any user, and deleted once', async () => {
    const created = await create(teamNamed('Analysts', 'analysts', { description: 'They *look*.' }));
    expect(created).toMatchObject({
      status: 201,
      body: {
        data: {
          type: 'team',
          attributes: { name: 'Analysts', handle: 'analysts', description: 'They *look*.', user_count: 0 },
        },
      },
    });
    const { id } = dataOf(created);
    expect(await app.call('GET', `${TEAMS}/${id}`, productionKeys('member'))).toEqual({
      status: 200,
      body: created.body,
    });
    expect(await app.call('DELETE', `${TEAMS}/${id}`, ADMIN)).toEqual({ status: 204, body: undefined });
    expect(await app.call('DELETE', `${TEAMS}/${id}`, ADMIN)).toEqual(notFound('team', id));
  });

  it('can be created with members of the organization', async () => {
    const [reader, foreigner] = [
      await userId(app, 'production', EMAIL.reader),
      await userId(app, 'staging', EMAIL.sam),
    ];
    expect(await create(withUsers(reader, foreigner))).toEqual(notFound('user', foreigner));
    expect(await create(withUsers(reader, reader))).toMatchObject({
      status: 201,
      body: { data: { attributes: { user_count: 1 } } },
    });
  });

  it.each([
    ['name', teamNamed('Platform', 'other'), 'a team with the name Platform already exists'],
    ['handle', teamNamed('Other', 'platform'), 'a team with the handle platform already exists'],
  ])('cannot have the %s of another team', async (_, body, error) => {
    expect(await create(body)).toEqual({ status: 409, body: { errors: [error] } });
    expect(await create(body, adminKeys('globex'))).toMatchObject({ status: 201 });
  });

  it.each([
    ['no handle', { name: 'Analysts' }, 'data.attributes.handle: is required'],
    ['a blank name', { name: ' ', handle: 'analysts' }, 'data.attributes.name: must not be empty'],
    [
      'a description that is no text',
      { name: 'Analysts', handle: 'analysts', description: 7 },
      'data.attributes.description: must be of type string',
    ],
  ])('with %s is refused', async (_, attributes, fault) => {
    expect(await create({ data: { type: 'team', attributes } })).toEqual({
      status: 400,
      body: { errors: ['Validation failed for input.', fault] },
    });
  });

  it('of another organization is not found by any call', async () => {
    const foreign = await teamId(app, 'staging', 'platform');
    const { id: ofAnotherAccount } = dataOf(await create(teamNamed('Theirs', 'theirs'), adminKeys('globex')));
    const member = memberOf(await userId(app, 'production', EMAIL.member));
    for (const id of [UNKNOWN, 'malformed', foreign, ofAnotherAccount]) {
      for (const [method, rest, body] of [
        ['GET', ''],
        ['DELETE', ''],
        ['GET', '/memberships'],
        ['POST', '/memberships', member],
      ] as const) {
        const answer = await app.call(method, `${TEAMS}/${id}${rest}`, ADMIN, body);
        expect(answer, `${method} ${id}${rest}`).toEqual(notFound('team', id));
      }
    }
    const theirs = await userId(app, 'staging', EMAIL.admin);
    expect(await app.call('DELETE', `${TEAMS}/${foreign}/memberships/${theirs}`, ADMIN)).toMatchObject({
      status: 404,
    });
    expect(column(await list('', adminKeys('staging')), 'user_count')).toEqual([1]);
  });

  it('counts active users', async () => {
    const id = await teamId(app, 'production', 'platform');
    const reader = await addMember(id, EMAIL.reader);
    expect(column(await list(), 'user_count')).toEqual([2]);
    await app.call('DELETE', `/api/v2/users/${reader}`, ADMIN);
    expect(column(await list(), 'user_count')).toEqual([1]);
  });
});

describe("a team's members", () => {
  it('are added, and removed once', async () => {
    const team = await teamId(app, 'production', 'platform');
    const user = await userId(app, 'production', EMAIL.reader);
    const added = await app.call('POST', `${TEAMS}/${team}/memberships`, ADMIN, memberOf(user, 'admin'));
    expect(added).toMatchObject({
      status: 200,
      body: {
        data: {
          type: 'team_memberships',
          id: `TeamMembership-${team}-${user}`,
          attributes: { role: 'admin', provisioned_by: null, provisioned_by_id: null },
          relationships: {
            team: { data: { type: 'team', id: team } },
            user: { data: { type: 'users', id: user } },
          },
        },
        included: [
          { type: 'users', id: user },
          { type: 'team', id: team },
        ],
      },
    });
    expect(await app.call('POST', `${TEAMS}/${team}/memberships`, ADMIN, memberOf(user))).toEqual({
      status: 409,
      body: { errors: ['the user is already a member of the team'] },
    });
    const path = `${TEAMS}/${team}/memberships/${user}`;
    expect(await app.call('DELETE', path, ADMIN)).toEqual({ status: 204, body: undefined });
    expect(await app.call('DELETE', path, ADMIN)).toEqual({
      status: 404,
      body: { errors: [`user ${user} is not a member of team ${team}`] },
    });
  });

  it('are listed by name, in pages, filtered and sorted', async () => {
    const team = await teamId(app, 'production', 'platform');
    for (const email of [EMAIL.sam, EMAIL.reader]) await addMember(team, email);
    const emails = async (query: string) => {
      const { body } = await app.call(
        'GET',
        `${TEAMS}/${team}/memberships${query}`,
        productionKeys('member'),
      );
      const { data, included } = body as { data: Membership[]; included: Resource[] };
      return data.map(({ relationships }) => {
        const { id } = relationships.user.data;
        return included.find((resource) => resource.id === id)?.attributes.email;
      });
    };
    expect(await emails('')).toEqual([EMAIL.admin, EMAIL.reader, EMAIL.sam]);
    expect(await emails('?page[size]=2&page[number]=1')).toEqual([EMAIL.sam]);
    expect(await emails('?sort=-email')).toEqual([EMAIL.sam, EMAIL.reader, EMAIL.admin]);
    expect(await emails('?sort=manager_name')).toEqual([EMAIL.admin, EMAIL.reader, EMAIL.sam]);
    expect(await emails('?filter[keyword]=RAVI')).toEqual([EMAIL.reader]);
    expect(await emails('?filter[keyword]=sam@')).toEqual([EMAIL.sam]);
    expect(await app.call('GET', `${TEAMS}/${team}/memberships?page[size]=2`, ADMIN)).toMatchObject({
      body: {
        meta: { pagination: { type: 'number_size', next_number: 1, total: 3 } },
        links: { next: expect.stringContaining(`${TEAMS}/${team}/memberships?`) },
      },
    });
  });

  it('must be of the organization', async () => {
    const team = await teamId(app, 'production', 'platform');
    const foreign = [await userId(app, 'staging', EMAIL.sam), await userId(app, 'globex', EMAIL.globex)];
    for (const id of [UNKNOWN, 'malformed', ...foreign]) {
      expect(await app.call('POST', `${TEAMS}/${team}/memberships`, ADMIN, memberOf(id))).toEqual(
        notFound('user', id),
      );
      expect(await app.call('DELETE', `${TEAMS}/${team}/memberships/${id}`, ADMIN)).toMatchObject({
        status: 404,
      });
    }
  });

  it('are admins or members', async () => {
    const team = await teamId(app, 'production', 'platform');
    const user = await userId(app, 'production', EMAIL.reader);
    expect(await app.call('POST', `${TEAMS}/${team}/memberships`, ADMIN, memberOf(user, 'owner'))).toEqual({
      status: 400,
      body: { errors: ['Validation failed for input.', 'data.attributes.role: must be admin or null'] },
    });
    expect(
      await app.call('POST', `${TEAMS}/${team}/memberships`, ADMIN, { data: { type: 'team_memberships' } }),
    ).toEqual({
      status: 400,
      body: { errors: ['Validation failed for input.', 'data.relationships: is required'] },
    });
  });
});

describe('permissions', () => {
  it.each([
    ['an administrator', ADMIN, true],
    ['a user who may only read', productionKeys('reader'), false],
    ['an administrator whose key is narrowed', productionKeys('scoped'), false],
  ])('%s', async (_, headers, manages) => {
    const team = await teamId(app, 'production', 'platform');
    const user = await userId(app, 'production', EMAIL.member);
    for (const path of ['', `/${team}`, `/${team}/memberships`]) {
      expect(await list(path, headers), path).toMatchObject({ status: 200 });
    }
    const writes = [
      await create(teamNamed('Analysts', 'analysts'), headers),
      await app.call('POST', `${TEAMS}/${team}/memberships`, headers, memberOf(user)),
      await app.call('DELETE', `${TEAMS}/${team}/memberships/${user}`, headers),
      await app.call('DELETE', `${TEAMS}/${team}`, headers),
    ];
    if (manages) expect(writes.map(({ status }) => status)).toEqual([201, 200, 204, 204]);
    else expect(writes).toEqual(writes.map(() => MAY_NOT));
  });
});

interface Membership {
  relationships: { user: { data: { id: string } } };
}

/** An address of the list, whose parameters are written as URLs write them. */
function linkTo(query: string): string {
  return `http://localhost:3000${TEAMS}?${query.replaceAll('[', '%5B').replaceAll(']', '%5D')}`;
}

function pageOfTwo(number: number | null): string | null {
  return number === null ? null : linkTo(`page[size]=2&page[number]=${number}`);
}

function withUsers(...ids: string[]) {
  const { data } = teamNamed('Analysts', 'analysts');
  return { data: { ...data, relationships: { users: { data: ids.map((id) => ({ type: 'users', id })) } } } };
}
