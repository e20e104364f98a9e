import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Principal } from '../../../src/contract/restriction-policies/constants.ts';
import { adminKeys, ORG, productionKeys, securityKeys } from '../../support/account.ts';
import { principalsOf } from '../../support/principals.ts';
import { UNKNOWN } from '../../support/expected.ts';
import { setUpApp } from '../../support/setup-app.ts';

const ADMIN = adminKeys('security');

const app = setUpApp();
/** The principals of Acme Security by name or email. */
let security: Record<string, Principal>;
/** Acme Security shares with Acme Payments, and Acme Production with Acme Security. */
let shared: string;
let received: string;
beforeAll(async () => {});
beforeEach(async () => {
  const { db } = app.database;
  await db.deleteFrom('org_connection').execute();
  await db.deleteFrom('restriction_policy').execute();
  security = await principalsOf(app, 'security');
  shared = await app.connect('security', 'payments');
  received = await app.connect('production', 'security', { connection_types: ['metrics', 'logs'] });
});

type Bindings = Record<string, string[]>;

function pathOf(resource: string): string {
  return `/api/v2/restriction_policy/${resource}`;
}

function connectionPolicy(id: string): string {
  return pathOf(`cross-org-connection:${id}`);
}

function bodyOf(id: string, bindings: Bindings) {
  return {
    data: {
      type: 'restriction_policy',
      id,
      attributes: {
        bindings: Object.entries(bindings).map(([relation, principals]) => ({ relation, principals })),
      },
    },
  };
}

function save(id: string, bindings: Bindings, headers: Record<string, string> = ADMIN, query = '') {
  return app.call(
    'POST',
    `${connectionPolicy(id)}${query}`,
    headers,
    bodyOf(`cross-org-connection:${id}`, bindings),
  );
}

async function bindingsOf(id: string, headers = ADMIN): Promise<Bindings> {
  const { body } = await app.call('GET', connectionPolicy(id), headers);
  const { bindings } = (
    body as { data: { attributes: { bindings: { relation: string; principals: string[] }[] } } }
  ).data.attributes;
  return Object.fromEntries(bindings.map(({ relation, principals }) => [relation, principals]));
}

function principal(name: string): string {
  const found = security[name];
  if (!found) throw new Error(`Acme Security has no ${name}`);
  return found;
}

describe('a policy', () => {
  it('does not exist at first, with the recorded text', async () => {
    expect(await app.call('GET', connectionPolicy(shared), ADMIN)).toEqual({
      status: 200,
      body: {
        data: {
          type: 'restriction_policy',
          id: `cross-org-connection:${shared}`,
          attributes: { bindings: [] },
        },
      },
    });
  });

  it.each([':', '%3A', '%3a'])('is written, read and removed with the colon as %s', async (colon) => {
    const path = pathOf(`cross-org-connection${colon}${shared}`);
    const body = bodyOf(`cross-org-connection:${shared}`, { editor: [principal('Admin')] });
    expect(await app.call('POST', path, ADMIN, body)).toEqual({ status: 200, body });
    expect(await app.call('GET', path, ADMIN)).toEqual({ status: 200, body });
    expect(await app.call('DELETE', path, ADMIN)).toEqual({ status: 204, body: undefined });
    expect(await bindingsOf(shared)).toEqual({});
    expect((await app.call('DELETE', path, ADMIN)).status).toBe(204);
  });

  it('is removed by an empty list of bindings', async () => {
    await save(shared, { editor: [principal('Admin')] });
    const answer = await save(shared, {});
    expect(answer).toEqual({ status: 200, body: bodyOf(`cross-org-connection:${shared}`, {}) });
    expect(await bindingsOf(shared)).toEqual({});
  });

  it('may name the organization, roles, teams and users', async () => {
    const bindings = {
      editor: [principal('Admin'), principal('editor@acme.example')],
      viewer: [principal('Acme Security'), principal('Platform')],
    };
    expect((await save(shared, bindings)).status).toBe(200);
    expect(await bindingsOf(shared)).toEqual(bindings);
  });

  it('is replaced as a whole', async () => {
    await save(shared, { editor: [principal('Admin'), principal('Editor')], viewer: [principal('Reader')] });
    await save(shared, { editor: [principal('Platform')] });
    expect(await bindingsOf(shared)).toEqual({ editor: [principal('Platform')] });
  });

  it('of one side is invisible to the other side', async () => {
    await save(shared, { editor: [principal('Admin')] });
    expect(await bindingsOf(shared, adminKeys('payments'))).toEqual({});
    const { body } = await app.call('GET', `/api/v2/org_connections/${shared}`, adminKeys('payments'));
    expect(body).toMatchObject({ data: { attributes: { extensions: { restricted: false } } } });
    expect(
      await app.call('DELETE', `/api/v2/org_connections/${shared}`, adminKeys('payments')),
    ).toMatchObject({
      status: 200,
    });
    const { db } = app.database;
    expect(await db.selectFrom('restriction_policy').selectAll().execute()).toEqual([]);
  });

  it('can be stored for dashboards and notebooks, which need not exist', async () => {
    for (const resource of ['dashboard:abc-def-ghi', 'notebook:4711']) {
      expect(await app.call('GET', pathOf(resource), ADMIN)).toMatchObject({ status: 200 });
      const body = bodyOf(resource, { editor: [principal('Admin')] });
      expect(await app.call('POST', pathOf(resource), ADMIN, body)).toEqual({ status: 200, body });
      expect(await app.call('GET', pathOf(resource), ADMIN)).toEqual({ status: 200, body });
      expect((await app.call('GET', pathOf(resource), securityKeys('editor'))).status).toBe(403);
    }
    expect(await bindingsOf(shared)).toEqual({});
  });

  it('stays in force without a deleted role, and never widens', async () => {
    const first = await passingRole();
    await save(shared, { editor: [principal('Admin'), first.principal] });
    await first.remove();
    expect(await bindingsOf(shared)).toEqual({ editor: [principal('Admin')] });
    await app.call('DELETE', connectionPolicy(shared), ADMIN);

    const second = await passingRole();
    await save(shared, { editor: [second.principal] }, ADMIN, '?allow_self_lockout=true');
    await second.remove();
    expect(await bindingsOf(shared)).toEqual({ editor: [] });
    expect(await permittedOf(shared, ADMIN)).toEqual({
      restricted: true,
      permitted: { update: false, delete: false, set_policy: true, query: false },
    });
  });
});

describe('a policy is refused', () => {
  it.each<[string, () => Promise<unknown>, number, string[]]>([
    [
      'for what is no resource',
      () => app.call('GET', pathOf('malformed'), ADMIN),
      400,
      ["Invalid resource: 'malformed' is not in a valid format"],
    ],
    [
      'for an unknown type',
      () => app.call('GET', pathOf(`foo:${UNKNOWN}`), ADMIN),
      400,
      ["Invalid resource type: 'foo' does not support restriction policies"],
    ],
    [
      'for an unknown connection',
      () => save(UNKNOWN, { editor: [principal('Admin')] }),
      404,
      [`Org connection with id:${UNKNOWN} not found not found`],
    ],
    [
      'for an unknown connection, when it is removed',
      () => app.call('DELETE', connectionPolicy(UNKNOWN), ADMIN),
      404,
      [`Org connection with id:${UNKNOWN} not found not found`],
    ],
    [
      'for an unknown type of principal',
      () => save(shared, { editor: [`foo:${UNKNOWN}`] }),
      400,
      [
        `Invalid request: [PrincipalTypeInvalidForRelation] principal "foo:${UNKNOWN}" is not supported by "editor" relation, supported types: "org, role, team, user"`,
      ],
    ],
    [
      'for a principal that does not exist',
      () => save(shared, { editor: [principal('Admin'), `team:${UNKNOWN}`] }),
      400,
      [`Invalid request: this organization has no principal "team:${UNKNOWN}"`],
    ],
    [
      'for another organization',
      () => save(shared, { editor: [principal('Admin')], viewer: [`org:${ORG.payments}`] }),
      400,
      [`Invalid request: this organization has no principal "org:${ORG.payments}"`],
    ],
    [
      'for an unknown relation',
      () => save(shared, { owner: [principal('Admin')] }),
      400,
      ['Validation failed for input.', 'data.attributes.bindings[0].relation: must be "viewer" or "editor"'],
    ],
    [
      'for another resource in the body',
      () => app.call('POST', connectionPolicy(shared), ADMIN, bodyOf('malformed', {})),
      400,
      ['Validation failed for input.', 'data.id: must be the id in the path'],
    ],
    [
      'with too many principals',
      () => save(shared, { editor: Array.from({ length: 1001 }, () => principal('Admin')) }),
      400,
      [
        'Validation failed for input.',
        'data.attributes.bindings[0].principals: must name at most 1000 principals',
      ],
    ],
    ['that locks its author out', () => save(shared, { editor: [principal('Editor')] }), 400, [LOCKOUT]],
    [
      'that names its author as a viewer alone',
      () => save(shared, { viewer: [principal('Admin')] }),
      400,
      [LOCKOUT],
    ],
    ['without principals', () => save(shared, { editor: [] }), 400, [LOCKOUT]],
    [
      'whatever an editor says of locking themself out',
      () =>
        save(shared, { editor: [principal('Admin')] }, securityKeys('editor'), '?allow_self_lockout=true'),
      400,
      [LOCKOUT],
    ],
    [
      'for a parameter that is neither true nor false',
      () => save(shared, {}, ADMIN, '?allow_self_lockout=maybe'),
      400,
      ['Validation failed for input.', 'allow_self_lockout: must be true or false'],
    ],
    [
      'to a reader',
      () => save(shared, {}, securityKeys('viewer')),
      403,
      ['The permission org_connections_write is required'],
    ],
    [
      'to a reader, of what does not exist',
      () => save(UNKNOWN, {}, securityKeys('viewer')),
      403,
      ['The permission org_connections_write is required'],
    ],
    [
      'to a user who may not see connections',
      () => app.call('GET', connectionPolicy(shared), securityKeys('member')),
      403,
      ['The permission org_connections_read is required'],
    ],
  ])('%s', async (_, call, status, errors) => {
    expect(await call()).toEqual({ status, body: { errors } });
    expect(await bindingsOf(shared)).toEqual({});
  });

  it('for roles, teams and users of other organizations, like unknown ones', async () => {
    const payments = await principalsOf(app, 'payments');
    const globex = await principalsOf(app, 'globex');
    for (const foreign of [
      payments['Admin'],
      payments['Platform'],
      payments['admin@acme.example'],
      globex['Admin'],
    ]) {
      expect(await save(shared, { editor: [principal('Admin'), String(foreign)] })).toEqual({
        status: 400,
        body: { errors: [`Invalid request: this organization has no principal "${foreign}"`] },
      });
    }
  });

  it('for a connection of other organizations', async () => {
    const answer = await app.call('GET', connectionPolicy(shared), productionKeys('reader'));
    expect(answer).toEqual({
      status: 404,
      body: { errors: [`Org connection with id:${shared} not found not found`] },
    });
  });

  it('to users who are not editors, though they may read it', async () => {
    await save(shared, { viewer: [principal('Acme Security')], editor: [principal('Admin')] });
    const refused = {
      status: 403,
      body: {
        errors: [`you are not an editor of cross-org-connection:${shared} under its restriction policy`],
      },
    };
    const keys = securityKeys('editor');
    expect(await bindingsOf(shared, keys)).toEqual({
      viewer: [principal('Acme Security')],
      editor: [principal('Admin')],
    });
    expect(await save(shared, {}, keys)).toEqual(refused);
    expect(await app.call('DELETE', connectionPolicy(shared), keys)).toEqual(refused);
    expect(await save(shared, {}, securityKeys('guardian'))).toMatchObject({ status: 200 });
  });
});

describe('a user who manages access', () => {
  it('can change and remove any policy without being an editor', async () => {
    await save(shared, { editor: [principal('Admin')] });
    const keys = securityKeys('guardian');
    const withMe = { editor: [principal('Admin'), principal('guardian@acme.example')] };
    expect((await save(shared, withMe, keys)).status).toBe(200);
    expect((await app.call('DELETE', connectionPolicy(shared), keys)).status).toBe(204);
  });

  it('can lock themself out, but only on purpose', async () => {
    const keys = securityKeys('guardian');
    const policy = { editor: [principal('Admin')] };
    expect(await save(shared, policy, keys)).toEqual({ status: 400, body: { errors: [LOCKOUT] } });
    expect(await save(shared, policy, keys, '?allow_self_lockout=false')).toMatchObject({ status: 400 });
    expect(await save(shared, policy, keys, '?allow_self_lockout=true')).toMatchObject({ status: 200 });
  });
});

describe('the effect of a policy', () => {
  const CONNECTION = '/api/v2/org_connections';
  const update = (id: string, headers: Record<string, string>) =>
    app.call('PATCH', `${CONNECTION}/${id}`, headers, {
      data: { type: 'org_connection', id, attributes: { connection_types: ['metrics'] } },
    });

  it('in the source: limits editing and deleting', async () => {
    await save(shared, { viewer: [principal('Acme Security')], editor: [principal('Admin')] });
    const refused = {
      status: 403,
      body: {
        errors: [`you are not an editor of cross-org-connection:${shared} under its restriction policy`],
      },
    };
    expect(await update(shared, securityKeys('editor'))).toEqual(refused);
    expect(await app.call('DELETE', `${CONNECTION}/${shared}`, securityKeys('editor'))).toEqual(refused);
    expect(await update(shared, ADMIN)).toMatchObject({ status: 200 });

    await save(shared, { editor: [principal('Admin'), principal('Editor')] });
    expect(await update(shared, securityKeys('editor'))).toMatchObject({ status: 200 });
    expect(await app.call('DELETE', `${CONNECTION}/${shared}`, securityKeys('editor'))).toMatchObject({
      status: 200,
    });
  });

  it('in the destination: limits deleting', async () => {
    await save(received, { editor: [principal('admin@acme.example')] });
    expect(await app.call('DELETE', `${CONNECTION}/${received}`, securityKeys('editor'))).toMatchObject({
      status: 403,
    });
    expect(await app.call('DELETE', `${CONNECTION}/${received}`, ADMIN)).toMatchObject({ status: 200 });
  });

  it('shows on each connection, in the list and alone', async () => {
    await save(received, { viewer: [principal('Platform')], editor: [principal('Admin')] });
    const nothing = { update: false, delete: false, set_policy: false, query: false };
    const expected = {
      viewer: { restricted: true, permitted: { ...nothing, query: true } },
      editor: { restricted: true, permitted: nothing },
      guardian: { restricted: true, permitted: { ...nothing, set_policy: true } },
    };
    for (const user of ['viewer', 'editor', 'guardian'] as const) {
      expect(await permittedOf(received, securityKeys(user)), user).toEqual(expected[user]);
      const { body } = await app.call('GET', CONNECTION, securityKeys(user));
      const { data } = body as { data: { id: string; attributes: { extensions: object } }[] };
      const row = data.find(({ id }) => id === received);
      expect(row?.attributes.extensions, user).toEqual({
        connection_types: [],
        unavailable: [],
        ...expected[user],
      });
      expect(data.find(({ id }) => id === shared)?.attributes.extensions).toMatchObject({
        restricted: false,
      });
    }
    expect(await permittedOf(received, ADMIN)).toEqual({
      restricted: true,
      permitted: { update: false, delete: true, set_policy: true, query: true },
    });
  });

  it('ends for a user who has lost the role', async () => {
    await save(shared, { editor: [principal('Admin'), principal('Editor')] });
    const { db } = app.database;
    const lost = await db
      .deleteFrom('user_role')
      .where('user_id', '=', principal('editor@acme.example').slice(5))
      .returningAll()
      .execute();
    expect(await update(shared, securityKeys('editor'))).toMatchObject({ status: 403 });
    await db.insertInto('user_role').values(lost).execute();
    expect(await update(shared, securityKeys('editor'))).toMatchObject({ status: 200 });
  });
});

describe('two concurrent saves', () => {
  it('conflict if they send If-Match', async () => {
    const before = await tagOf();
    expect(
      (await save(shared, { editor: [principal('Admin')] }, { ...ADMIN, 'If-Match': before })).status,
    ).toBe(200);
    const late = await save(shared, { editor: [principal('Platform')] }, { ...ADMIN, 'If-Match': before });
    expect(late).toEqual({
      status: 412,
      body: { errors: ['The restriction policy has changed since it was read'] },
    });
    expect(await bindingsOf(shared)).toEqual({ editor: [principal('Admin')] });
    const removal = await app.call('DELETE', connectionPolicy(shared), { ...ADMIN, 'If-Match': before });
    expect(removal.status).toBe(412);

    const now = await tagOf();
    expect(now).not.toBe(before);
    const again = await save(shared, { editor: [principal('Platform')] }, { ...ADMIN, 'If-Match': now });
    expect(again.status).toBe(200);
  });

  it('overwrite each other without If-Match', async () => {
    await save(shared, { editor: [principal('Admin')] });
    expect((await save(shared, { editor: [principal('Platform')] })).status).toBe(200);
  });

  it.each(['*', 'W/TAG', '"other", TAG'])('may send %s', async (form) => {
    const tag = await tagOf();
    const headers = { ...ADMIN, 'If-Match': form.replace('TAG', tag) };
    expect((await save(shared, { editor: [principal('Admin')] }, headers)).status).toBe(200);
  });

  it('conflict if a named role was deleted meanwhile', async () => {
    const role = await passingRole();
    await save(shared, { editor: [principal('Admin'), role.principal] });
    const tag = await tagOf();
    await role.remove();
    const late = await save(shared, { editor: [principal('Admin')] }, { ...ADMIN, 'If-Match': tag });
    expect(late.status).toBe(412);
  });
});

describe('the response to a save', () => {
  it('contains the current policy', async () => {
    const response = await app.request(connectionPolicy(shared), {
      method: 'POST',
      headers: ADMIN,
      body: JSON.stringify(bodyOf(`cross-org-connection:${shared}`, { editor: [principal('Admin')] })),
    });
    const read = await app.request(connectionPolicy(shared), { headers: ADMIN });
    expect(response.headers.get('ETag')).toMatch(/^"[\w-]{43}"$/);
    expect(response.headers.get('ETag')).toBe(read.headers.get('ETag'));
  });
});

const LOCKOUT =
  'Invalid request: the policy would lock you out; name yourself, the organization, or one of your roles or teams as "editor"';

async function permittedOf(id: string, headers: Record<string, string>) {
  const { body } = await app.call('GET', `/api/v2/org_connections/${id}`, headers);
  const { restricted, permitted } = (
    body as { data: { attributes: { extensions: { restricted: boolean; permitted: object } } } }
  ).data.attributes.extensions;
  return { restricted, permitted };
}

/** A role of Acme Security that will be deleted. */
async function passingRole() {
  const { db } = app.database;
  const { account_id } = await db
    .selectFrom('org')
    .select('account_id')
    .where('id', '=', ORG.security)
    .executeTakeFirstOrThrow();
  const { id } = await db
    .insertInto('role')
    .values({ account_id, org_id: ORG.security, name: 'Passing' })
    .returning('id')
    .executeTakeFirstOrThrow();
  return {
    principal: `role:${id}`,
    remove: () => db.deleteFrom('role').where('id', '=', id).execute(),
  };
}

/** The `ETag` of the policy of what Acme Security shares. */
async function tagOf(): Promise<string> {
  const response = await app.request(connectionPolicy(shared), { headers: ADMIN });
  return response.headers.get('ETag') ?? '';
}
