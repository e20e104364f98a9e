import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { applyDirectory } from '../../../src/server/directory/apply.ts';
import { adminKeys, EMAIL, ORG, type OrgKey, TEST_DIRECTORY } from '../../support/account.ts';
import { startApp } from '../../support/app.ts';
import { signInAs } from '../../support/session.ts';
import { UNAUTHORIZED, UNKNOWN } from '../../support/expected.ts';
import { setUpApp } from '../../support/setup-app.ts';
import { log } from '../../support/log.ts';

const API_KEYS = '/api/v2/api_keys';
const APPLICATION_KEYS = '/api/v2/current_user/application_keys';
const NOT_FOUND = { status: 404, body: { errors: ['Not found'] } };

/** Both kinds of keys, for what holds of either. */
const KINDS = [
  { kind: 'API keys', path: API_KEYS, type: 'api_keys', needs: 'api_keys_write', usedAt: 'date_last_used' },
  {
    kind: 'application keys',
    path: APPLICATION_KEYS,
    type: 'application_keys',
    needs: 'user_app_keys',
    usedAt: 'last_used_at',
  },
] as const;

interface Key {
  id: string;
  attributes: { name: string; last4: string; key?: string; [member: string]: unknown };
  relationships: object;
}

const app = setUpApp();
beforeEach(async () => {
  const { db } = app.database;
  await db.deleteFrom('api_key').execute();
  await db.deleteFrom('application_key').execute();
  await sql`delete from directory_grant where subject like '%_key:%'`.execute(db);
  await applyDirectory({ db, log }, TEST_DIRECTORY);
});

async function create(path: string, attributes: object, headers = adminKeys('production')) {
  const { type } = KINDS.find((kind) => kind.path === path) ?? KINDS[0];
  const { status, body } = await app.call('POST', path, headers, { data: { type, attributes } });
  expect(status, JSON.stringify(body)).toBe(201);
  const { data } = body as { data: Key };
  return { id: data.id, secret: data.attributes.key ?? '', data };
}

function patch(path: string, id: string, attributes: object, headers = adminKeys('production')) {
  const { type } = KINDS.find((kind) => kind.path === path) ?? KINDS[0];
  return app.call('PATCH', `${path}/${id}`, headers, { data: { type, id, attributes } });
}

async function list(path: string, headers = adminKeys('production')): Promise<Key[]> {
  const { status, body } = await app.call('GET', path, headers);
  expect(status, JSON.stringify(body)).toBe(200);
  return (body as { data: Key[] }).data;
}

async function names(path: string, headers = adminKeys('production')): Promise<string[]> {
  return (await list(path, headers)).map(({ attributes }) => attributes.name);
}

/** What a program sends that has the keys; the other of the two is the administrator's. */
function withKeys({ api, application }: { api?: string; application?: string }): Record<string, string> {
  return {
    ...adminKeys('production'),
    ...(api !== undefined && { 'DD-API-KEY': api }),
    ...(application !== undefined && { 'DD-APPLICATION-KEY': application }),
  };
}

const userIdOf = async (email: string, org: OrgKey = 'production') =>
  (
    await app.database.db
      .selectFrom('user')
      .select('id')
      .where('email', '=', email)
      .where('org_id', '=', ORG[org])
      .executeTakeFirstOrThrow()
  ).id;

describe.each(KINDS)('$kind', ({ path, type, needs, usedAt }) => {
  it('are shown once, and stored as a hash only', async () => {
    const { id, secret, data } = await create(path, { name: 'deploy' });
    expect(secret).toMatch(/^[0-9a-f]{32}$/);
    expect(data).toMatchObject({ type, attributes: { name: 'deploy', last4: secret.slice(-4) } });

    const answers = [
      await app.call('GET', path, adminKeys('production')),
      await app.call('GET', `${path}/${id}`, adminKeys('production')),
      await patch(path, id, { name: 'release' }),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(200);
      expect(JSON.stringify(answer.body)).not.toContain(secret);
      expect(JSON.stringify(answer.body)).not.toContain('"key"');
    }
    const table = path === API_KEYS ? 'api_key' : 'application_key';
    const stored = await app.database.db.selectFrom(table).selectAll().execute();
    expect(stored.map((row) => row.id)).toContain(id);
    expect(JSON.stringify(stored)).not.toContain(secret);
  });

  it('are unique', async () => {
    const one = await create(path, { name: 'deploy' });
    const other = await create(path, { name: 'deploy' });
    expect(one.secret).not.toBe(other.secret);
    expect(one.id).not.toBe(other.id);
  });

  it('are renamed', async () => {
    const { id } = await create(path, { name: 'deploy' });
    expect(await patch(path, id, { name: 'release' })).toMatchObject({
      status: 200,
      body: { data: { id, type, attributes: { name: 'release' } }, included: [] },
    });
    expect(await names(path)).toContain('release');
    expect(await names(path)).not.toContain('deploy');
  });

  it('are revoked once', async () => {
    const { id } = await create(path, { name: 'deploy' });
    expect(await app.call('DELETE', `${path}/${id}`, adminKeys('production'))).toEqual({ status: 204 });
    expect(await app.call('DELETE', `${path}/${id}`, adminKeys('production'))).toEqual(NOT_FOUND);
    expect(await app.call('GET', `${path}/${id}`, adminKeys('production'))).toEqual(NOT_FOUND);
    expect(await names(path)).not.toContain('deploy');
  });

  it.each([UNKNOWN, 'malformed', `${UNKNOWN}x`])('with the id %s do not exist', async (id) => {
    expect(await app.call('GET', `${path}/${id}`, adminKeys('production'))).toEqual(NOT_FOUND);
    expect(await app.call('DELETE', `${path}/${id}`, adminKeys('production'))).toEqual(NOT_FOUND);
    expect(await patch(path, id, { name: 'x' })).toMatchObject({ status: 404 });
  });

  it(`need ${needs}`, async () => {
    const { id } = await create(path, { name: 'deploy' });
    const everything = (await create(APPLICATION_KEYS, { name: 'all', scopes: [needs] })).secret;
    const others = ['org_connections_write', 'user_access_manage', 'teams_manage'];
    const nothing = (await create(APPLICATION_KEYS, { name: 'none', scopes: others })).secret;
    const body = { data: { type, id, attributes: { name: 'renamed', scopes: [needs] } } };
    const calls: [string, string, number, object?][] = [
      ['GET', path, 200],
      ['POST', path, 201, body],
      ['GET', `${path}/${id}`, 200],
      ['PATCH', `${path}/${id}`, 200, body],
      ['DELETE', `${path}/${id}`, 204],
    ];
    for (const [method, at, success, sent] of calls) {
      expect(await app.call(method, at, withKeys({ application: nothing }), sent)).toEqual({
        status: 403,
        body: { errors: [`The permission ${needs} is required`] },
      });
      expect(
        await app.call(method, at, withKeys({ application: everything }), sent),
        `${method} ${at}`,
      ).toMatchObject({ status: success });
    }
  });

  it('of another organization and another account do not exist', async () => {
    const { id } = await create(path, { name: 'deploy' });
    for (const org of ['staging', 'globex'] as const) {
      expect(await names(path, adminKeys(org))).not.toContain('deploy');
      expect(await app.call('GET', `${path}/${id}`, adminKeys(org))).toEqual(NOT_FOUND);
      expect(await patch(path, id, { name: 'mine' }, adminKeys(org))).toEqual(NOT_FOUND);
      expect(await app.call('DELETE', `${path}/${id}`, adminKeys(org))).toEqual(NOT_FOUND);
    }
    expect(await names(path)).toContain('deploy');
  });

  it.each<[string, unknown, string]>([
    ['no body', '', 'The body is not valid JSON'],
    ['no data', {}, 'data: is required'],
    ['another type', { data: { type: 'keys', attributes: { name: 'x' } } }, `data.type: Invalid input`],
    ['no name', { data: { type, attributes: {} } }, 'data.attributes.name: is required'],
    [
      'a blank name',
      { data: { type, attributes: { name: ' ' } } },
      'data.attributes.name: must not be empty',
    ],
    [
      'an empty name',
      { data: { type, attributes: { name: 7 } } },
      'data.attributes.name: must be of type string',
    ],
    [
      'a name that cannot be kept',
      { data: { type, attributes: { name: 'a\0' } } },
      'data.attributes.name: must not contain the character NUL',
    ],
    ...['a\n', 'a\u202eb', 'a\u200b', 'a\u00ad', '\u3164'].map((disguised): [string, unknown, string] => [
      `a name with ${JSON.stringify(disguised)}`,
      { data: { type, attributes: { name: `x${disguised}x` } } },
      'data.attributes.name: must not contain control characters or invisible characters',
    ]),
    [
      'an endless name',
      { data: { type, attributes: { name: 'x'.repeat(256) } } },
      'data.attributes.name: must have at most 255 characters',
    ],
  ])('cannot be created from %s', async (_, body, fault) => {
    const answer = await app.call('POST', path, adminKeys('production'), body);
    expect(answer).toMatchObject({
      status: 400,
      body: { errors: ['Validation failed for input.', expect.stringContaining(fault)] },
    });
  });

  it('cannot be changed by a body with another id', async () => {
    const { id } = await create(path, { name: 'deploy' });
    const body = { data: { type, id: UNKNOWN, attributes: { name: 'x' } } };
    expect(await app.call('PATCH', `${path}/${id}`, adminKeys('production'), body)).toEqual({
      status: 400,
      body: { errors: ['Validation failed for input.', 'data.id: must be the id in the path'] },
    });
  });

  it('are listed by name, in pages of 10', async () => {
    for (let number = 10; number < 22; number += 1) await create(path, { name: `key ${number}` });
    const page = async (query: string) => names(`${path}?filter=key&${query}`);
    expect(await page('')).toEqual(Array.from({ length: 10 }, (_, index) => `key ${10 + index}`));
    expect(await page('page[number]=1')).toEqual(['key 20', 'key 21']);
    expect(await page('page[size]=3&page[number]=2')).toEqual(['key 16', 'key 17', 'key 18']);
    expect(await page('page[number]=7')).toEqual([]);
    const { body } = await app.call('GET', `${path}?filter=key&page[size]=1`, adminKeys('production'));
    expect(body).toMatchObject({ included: [], meta: { page: { total_filtered_count: 12 } } });
  });

  it.each(['page[size]=0', 'page[size]=101', 'page[number]=-1', 'sort=secret', 'include=secret'])(
    'are not listed with %s',
    async (query) => {
      const answer = await app.call('GET', `${path}?${query}`, adminKeys('production'));
      expect(answer).toMatchObject({
        status: 400,
        body: {
          errors: ['Validation failed for input.', expect.stringContaining(query.split(/[=[]/)[0] ?? '')],
        },
      });
    },
  );

  it('can be filtered by a part of their name in any case, and by creation time', async () => {
    for (const name of ['Deploy', '100% sure', 'other']) await create(path, { name });
    const found = (query: string) => names(`${path}?${query}`);
    expect(await found('filter=dEPl')).toEqual(['Deploy']);
    expect(await found(`filter=${encodeURIComponent('0%')}`)).toEqual(['100% sure']);
    expect(await found('filter=%25')).toEqual(['100% sure']);
    expect(await found('filter=')).toContain('other');

    const [deploy] = await list(`${path}?filter=Deploy`);
    const at = encodeURIComponent(String(deploy?.attributes.created_at));
    expect(await found(`filter[created_at][start]=${at}&filter[created_at][end]=${at}`)).toContain('Deploy');
    expect(await found('filter[created_at][end]=2020-11-24T18:46:21%2B00:00')).toEqual([]);
    expect(await found('filter[created_at][start]=2020-11-24')).toContain('Deploy');
    expect(await found('filter[created_at][start]=0000-01-01T00:00:00%2B23:59')).toContain('Deploy');
    for (const wrong of ['yesterday', '2020-13-01', '2020-11-24T18:46:21']) {
      expect(
        await app.call('GET', `${path}?filter[created_at][end]=${wrong}`, adminKeys('production')),
      ).toMatchObject({
        status: 400,
        body: { errors: ['Validation failed for input.', expect.stringContaining('must be a date')] },
      });
    }
  });

  it.each(['name', 'created_at', 'last4'])('can be sorted by %s, in both directions', async (column) => {
    for (const name of ['b', 'a', 'c']) await create(path, { name });
    const values = async (sort: string) =>
      (await list(`${path}?sort=${sort}`)).map(({ attributes }) => String(attributes[column]));
    expect(await values(column)).toEqual((await values(column)).toSorted());
    expect(await values(`-${column}`)).toEqual((await values(column)).toReversed());
  });

  it('show when they were last used, to the minute', async () => {
    const { id, secret } = await create(path, { name: 'deploy' });
    const headers = withKeys(path === API_KEYS ? { api: secret } : { application: secret });
    const lastUse = async () => {
      const { body } = await app.call('GET', `${path}/${id}`, adminKeys('production'));
      return (body as { data: Key }).data.attributes[usedAt];
    };
    expect(await lastUse()).toBeNull();

    await app.call('GET', '/api/v2/org', headers);
    await expect.poll(lastUse).toEqual(expect.any(String));
    const first = await lastUse();
    expect(Math.abs(Date.now() - Date.parse(String(first)))).toBeLessThan(60_000);
    await app.call('GET', '/api/v2/org', headers);
    expect(await lastUse()).toBe(first);

    const table = path === API_KEYS ? 'api_key' : 'application_key';
    const past = new Date(Date.now() - 61_000);
    await app.database.db.updateTable(table).set({ last_used_at: past }).where('id', '=', id).execute();
    await app.call('GET', '/api/v2/org', headers);
    await expect.poll(async () => Date.parse(String(await lastUse()))).toBeGreaterThan(past.getTime());
  });

  it('work at once, until they are revoked, on every server', async () => {
    const other = await startApp(app.database);
    const { id, secret } = await create(path, { name: 'deploy' });
    const headers = withKeys(path === API_KEYS ? { api: secret } : { application: secret });
    for (const server of [app, other]) {
      expect(await server.call('GET', '/api/v2/org', headers)).toMatchObject({ status: 200 });
    }
    await app.call('DELETE', `${path}/${id}`, adminKeys('production'));
    for (const server of [app, other]) {
      expect(await server.call('GET', '/api/v2/org', headers)).toEqual(UNAUTHORIZED);
    }
  });

  it('can revoke themselves', async () => {
    const { id, secret } = await create(path, { name: 'deploy' });
    const headers = withKeys(path === API_KEYS ? { api: secret } : { application: secret });
    expect(await app.call('DELETE', `${path}/${id}`, headers)).toEqual({ status: 204 });
    expect(await app.call('GET', '/api/v2/org', headers)).toEqual(UNAUTHORIZED);
  });

  it('of the directory file stay revoked at the next start', async () => {
    const spare = withKeys({
      api: (await create(API_KEYS, { name: 'spare' })).secret,
      application: (await create(APPLICATION_KEYS, { name: 'spare' })).secret,
    });
    for (const key of await list(path, spare)) {
      if (key.attributes.name !== 'spare') await app.call('DELETE', `${path}/${key.id}`, spare);
    }
    await applyDirectory({ db: app.database.db, log }, TEST_DIRECTORY);
    expect(await names(path, spare)).toEqual(['spare']);
    expect(await app.call('GET', '/api/v2/org', adminKeys('production'))).toEqual(UNAUTHORIZED);
  });

  it('are at most 1000, even with concurrent requests', async () => {
    const { db } = app.database;
    const userId = await userIdOf(EMAIL.admin);
    const [account] = await db.selectFrom('account').select('id').where('name', '=', 'Acme').execute();
    const room = 1000 - 2 - (await list(`${path}?page[size]=100`)).length;
    await (
      path === API_KEYS
        ? sql`insert into api_key (account_id, org_id, name, hash, last4)
          select ${account?.id}::uuid, ${ORG.production}::uuid, 'filler', 'filler-' || n, 'fill' from generate_series(1, ${room}::int) n`
        : sql`insert into application_key (account_id, org_id, user_id, name, hash, last4, scopes)
          select ${account?.id}::uuid, ${ORG.production}::uuid, ${userId}::uuid, 'filler', 'filler-' || n, 'fill', '{}' from generate_series(1, ${room}::int) n`
    ).execute(db);
    const body = { data: { type, attributes: { name: 'one more' } } };
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => app.call('POST', path, adminKeys('production'), body)),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 201, 400, 400]);
    expect(answers.find(({ status }) => status === 400)?.body).toEqual({
      errors: [
        path === API_KEYS
          ? `org ${ORG.production} already has the maximum of 1000 API keys`
          : `user ${userId} already has the maximum of 1000 application keys`,
      ],
    });
  });
});

describe('an API key', () => {
  it('has every property of the model', async () => {
    const { id, secret, data } = await create(API_KEYS, { name: 'deploy' });
    const author = { data: { type: 'users', id: await userIdOf(EMAIL.admin) } };
    expect(data).toEqual({
      type: 'api_keys',
      id,
      attributes: {
        name: 'deploy',
        key: secret,
        last4: secret.slice(-4),
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/),
        modified_at: expect.any(String),
        date_last_used: null,
        category: '',
        remote_config_read_enabled: false,
        private_action_runner_enroll_enabled: false,
      },
      relationships: { created_by: author, modified_by: author },
    });
    expect(await app.call('GET', API_KEYS, adminKeys('production'))).toMatchObject({
      body: { meta: { max_allowed: 1000, page: { total_filtered_count: 2 } } },
    });
  });

  it('names its creator and its last editor, and includes them on request', async () => {
    const { secret: sams } = await create(APPLICATION_KEYS, { name: 'sam' }, adminKeys('staging'));
    const { id } = await create(API_KEYS, { name: 'deploy' }, adminKeys('staging'));
    const sam = await userIdOf(EMAIL.sam, 'staging');
    await app.database.db
      .updateTable('application_key')
      .set({ user_id: sam })
      .where('name', '=', 'sam')
      .execute();
    await patch(API_KEYS, id, { name: 'release' }, { ...adminKeys('staging'), 'DD-APPLICATION-KEY': sams });

    const admin = await userIdOf(EMAIL.admin, 'staging');
    const answer = await app.call(
      'GET',
      `${API_KEYS}/${id}?include=created_by,modified_by`,
      adminKeys('staging'),
    );
    expect(answer.body).toMatchObject({
      data: {
        relationships: {
          created_by: { data: { type: 'users', id: admin } },
          modified_by: { data: { type: 'users', id: sam } },
        },
      },
    });
    const { data, included } = answer.body as { data: Key; included: { attributes: { email: string } }[] };
    expect(included.map(({ attributes }) => attributes.email).toSorted()).toEqual([EMAIL.admin, EMAIL.sam]);
    expect(String(data.attributes.modified_at) > String(data.attributes.created_at)).toBe(true);

    const listed = await app.call('GET', `${API_KEYS}?include=created_by`, adminKeys('staging'));
    expect(listed.body).toMatchObject({ included: [{ id: admin }] });
  });

  it('of the directory file has no creator', async () => {
    const { body } = await app.call('GET', `${API_KEYS}?include=created_by`, adminKeys('production'));
    expect(body).toMatchObject({
      data: [{ attributes: { name: 'ci' }, relationships: { modified_by: { data: null } } }],
      included: [],
    });
    expect((body as { data: Key[] }).data[0]?.relationships).not.toHaveProperty('created_by');
  });

  it('can be filtered by modification time, and not by properties that keys lack', async () => {
    await create(API_KEYS, { name: 'deploy' });
    expect(await names(`${API_KEYS}?filter[modified_at][start]=2020-01-01`)).toContain('deploy');
    expect(await names(`${API_KEYS}?filter[modified_at][end]=2020-01-01`)).toEqual([]);
    expect(await names(`${API_KEYS}?sort=-modified_at`)).toEqual(['deploy', 'ci']);
    expect(await names(`${API_KEYS}?filter[remote_config_read_enabled]=true`)).toEqual([]);
    expect(await names(`${API_KEYS}?filter[remote_config_read_enabled]=false`)).toContain('deploy');
    expect(await names(`${API_KEYS}?filter[category]=x`)).toEqual([]);
  });

  it('records its use without an application key', async () => {
    const { id, secret } = await create(API_KEYS, { name: 'intake' });
    expect(await app.call('GET', '/api/v1/validate', { 'DD-API-KEY': secret })).toMatchObject({
      status: 200,
    });
    await expect
      .poll(async () => (await app.call('GET', `${API_KEYS}/${id}`, adminKeys('production'))).body)
      .toMatchObject({ data: { attributes: { date_last_used: expect.any(String) } } });
  });
});

describe('an application key', () => {
  it('has every property of the model', async () => {
    const { id, secret, data } = await create(APPLICATION_KEYS, {
      name: 'cli',
      scopes: ['timeseries_query'],
    });
    const owner = await userIdOf(EMAIL.admin);
    expect(data).toEqual({
      type: 'application_keys',
      id,
      attributes: {
        name: 'cli',
        key: secret,
        last4: secret.slice(-4),
        created_at: expect.any(String),
        last_used_at: null,
        scopes: ['timeseries_query'],
      },
      relationships: { owned_by: { data: { type: 'users', id: owner } } },
    });
    const answer = await app.call('GET', `${APPLICATION_KEYS}?include=owned_by`, adminKeys('production'));
    expect(answer.body).toMatchObject({
      included: [{ type: 'users', id: owner }],
      meta: { max_allowed_per_user: 1000, page: { total_filtered_count: 3 } },
    });
  });

  it('is accessible to its own user only', async () => {
    const sam = await userIdOf(EMAIL.sam, 'staging');
    const { id } = await create(APPLICATION_KEYS, { name: 'sam’s' }, adminKeys('staging'));
    await app.database.db.updateTable('application_key').set({ user_id: sam }).where('id', '=', id).execute();
    expect(await names(APPLICATION_KEYS, adminKeys('staging'))).toEqual(['cli']);
    expect(await app.call('GET', `${APPLICATION_KEYS}/${id}`, adminKeys('staging'))).toEqual(NOT_FOUND);
    expect(await patch(APPLICATION_KEYS, id, { name: 'mine' }, adminKeys('staging'))).toEqual(NOT_FOUND);
    expect(await app.call('DELETE', `${APPLICATION_KEYS}/${id}`, adminKeys('staging'))).toEqual(NOT_FOUND);
  });

  it('has the permissions of its scopes, and follows their changes at once', async () => {
    const { id, secret } = await create(APPLICATION_KEYS, { name: 'cli', scopes: ['org_connections_read'] });
    const status = async (path: string) =>
      (await app.call('GET', path, withKeys({ application: secret }))).status;
    expect(await status('/api/v2/org_connections')).toBe(200);
    expect(await status(API_KEYS)).toBe(403);

    await patch(APPLICATION_KEYS, id, { scopes: ['api_keys_write'] });
    expect(await status('/api/v2/org_connections')).toBe(403);
    expect(await status(API_KEYS)).toBe(200);

    await patch(APPLICATION_KEYS, id, { scopes: null });
    expect(await status('/api/v2/org_connections')).toBe(200);
    expect(await status(API_KEYS)).toBe(200);
  });

  it.each<[string, object, object]>([
    ['neither name nor scopes', {}, { name: 'cli', scopes: ['timeseries_query'] }],
    ['a name alone', { name: 'tool' }, { name: 'tool', scopes: ['timeseries_query'] }],
    ['scopes alone', { scopes: ['teams_manage'] }, { name: 'cli', scopes: ['teams_manage'] }],
    ['no scopes', { scopes: [] }, { name: 'cli', scopes: null }],
    ['null scopes', { scopes: null }, { name: 'cli', scopes: null }],
    ['a scope twice', { scopes: ['teams_manage', 'teams_manage'] }, { scopes: ['teams_manage'] }],
  ])('is changed by %s', async (_, attributes, expected) => {
    const { id } = await create(APPLICATION_KEYS, { name: 'cli', scopes: ['timeseries_query'] });
    expect(await patch(APPLICATION_KEYS, id, attributes)).toMatchObject({
      status: 200,
      body: { data: { attributes: expected } },
    });
  });

  it('accepts only permissions as scopes', async () => {
    const { id } = await create(APPLICATION_KEYS, { name: 'cli' });
    const refused = {
      status: 400,
      body: {
        errors: ['Validation failed for input.', 'data.attributes.scopes: unknown permission "fly"'],
      },
    };
    expect(await patch(APPLICATION_KEYS, id, { scopes: ['fly'] })).toEqual(refused);
    expect(
      await app.call('POST', APPLICATION_KEYS, adminKeys('production'), {
        data: { type: 'application_keys', attributes: { name: 'x', scopes: ['fly'] } },
      }),
    ).toEqual(refused);
  });

  it('cannot create a key with more permissions, nor extend itself', async () => {
    const scopes = ['user_app_keys', 'timeseries_query'];
    const { id, secret } = await create(APPLICATION_KEYS, { name: 'narrow', scopes });
    const headers = withKeys({ application: secret });
    for (const wanted of [undefined, null, [], ['api_keys_write'], [...scopes, 'teams_manage']]) {
      const attributes = { name: 'wide', scopes: wanted };
      expect(
        await app.call('POST', APPLICATION_KEYS, headers, { data: { type: 'application_keys', attributes } }),
      ).toMatchObject({ status: 403, body: { errors: [expect.stringContaining('of its own')] } });
      if (wanted === undefined) continue;
      expect(await patch(APPLICATION_KEYS, id, attributes, headers)).toMatchObject({ status: 403 });
    }
    expect(await patch(APPLICATION_KEYS, id, { name: 'narrower' }, headers)).toMatchObject({ status: 200 });
    await create(APPLICATION_KEYS, { name: 'child', scopes: ['timeseries_query'] }, headers);
    expect(await names(APPLICATION_KEYS)).not.toContain('wide');
  });
});

describe('a person', () => {
  it('can manage keys in the console', async () => {
    const person = { ...(await signInAs(app, EMAIL.admin)), 'X-Organization-Id': ORG.production };
    const { secret } = await create(APPLICATION_KEYS, { name: 'by hand' }, person);
    expect(await app.call('GET', '/api/v2/org', withKeys({ application: secret }))).toMatchObject({
      status: 200,
    });
  });
});

describe('a use that cannot be recorded', () => {
  it('does not fail the request', async () => {
    const { db } = app.database;
    await sql`create function refuse_note() returns trigger language plpgsql as 'begin raise exception ''no''; end'`.execute(
      db,
    );
    await sql`create trigger refuse_note before update of last_used_at on api_key for each row execute function refuse_note()`.execute(
      db,
    );
    try {
      expect(await app.call('GET', '/api/v2/org', adminKeys('production'))).toMatchObject({ status: 200 });
      expect(await list(API_KEYS)).toMatchObject([{ attributes: { date_last_used: null } }]);
    } finally {
      await sql`drop function refuse_note cascade`.execute(db);
    }
  });
});
