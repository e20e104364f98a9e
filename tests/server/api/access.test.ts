import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AccessResponse, PrincipalSearchResponse } from '../../../src/contract/access/schema.ts';
import type { Principal } from '../../../src/contract/restriction-policies/constants.ts';
import { adminKeys, EMAIL, ORG, securityKeys } from '../../support/account.ts';
import { principalsOf } from '../../support/principals.ts';
import { setUpApp } from '../../support/setup-app.ts';

const ADMIN = adminKeys('security');

const app = setUpApp();
let security: Record<string, Principal>;
let shared: string;
let received: string;
beforeAll(async () => {
  security = await principalsOf(app, 'security');
  shared = await app.connect('security', 'payments');
  received = await app.connect('production', 'security');
});
beforeEach(async () => {
  await app.database.db.updateTable('user').set({ disabled: false, pending: false }).execute();
});

function set(email: string, state: { disabled?: boolean; pending?: boolean }) {
  const { db } = app.database;
  return db
    .updateTable('user')
    .set(state)
    .where('email', '=', email)
    .where('org_id', '=', ORG.security)
    .execute();
}

const search = async (text: string, headers = ADMIN) => {
  const { status, body } = await app.call(
    'GET',
    `/api/console/principals?search=${encodeURIComponent(text)}`,
    headers,
  );
  expect(status).toBe(200);
  return body as PrincipalSearchResponse;
};
const names = ({ principals }: PrincipalSearchResponse) => principals.map(({ name }) => name);
const queriers = ({ people }: AccessResponse) =>
  people.filter((one) => one.can_query).map(({ name }) => name);
const editors = ({ people }: AccessResponse) => people.filter((one) => one.can_edit).map(({ name }) => name);
const principal = (name: string) => security[name] ?? '';

describe('the search for principals', () => {
  it('finds roles, teams and users of the organization, by kind and name', async () => {
    const found = await search('');
    expect(names(found)).toEqual([
      'Admin',
      'Editor',
      'Guardian',
      'Member',
      'Reader',
      'Writer',
      'Platform',
      'Alex Admin',
      'Edda Editor',
      'Gia Guardian',
      'Sam Okafor',
      'Vito Viewer',
    ]);
    expect(found.has_more).toBe(false);
    expect(found.principals[5]).toEqual({ principal: security['Writer'], name: 'Writer' });
    expect(found.principals[6]).toEqual({
      principal: security['Platform'],
      name: 'Platform',
      detail: 'platform',
    });
    expect(found.principals[7]).toEqual({
      principal: security[EMAIL.admin],
      name: 'Alex Admin',
      detail: EMAIL.admin,
    });
  });

  it.each([
    ['edit', ['Editor', 'Edda Editor']],
    ['  EDDA ', ['Edda Editor']],
    ['@acme.example', ['Alex Admin', 'Edda Editor', 'Gia Guardian', 'Sam Okafor', 'Vito Viewer']],
    ['%', []],
    ['_', []],
    ['\\', []],
    ["o'", []],
  ])('for %j finds %j', async (text, found) => {
    expect(names(await search(text))).toEqual(found);
  });

  it('marks pending users, and omits disabled users', async () => {
    await set(EMAIL.viewer, { pending: true });
    await set(EMAIL.editor, { disabled: true });
    expect((await search('vito')).principals).toEqual([
      { principal: security[EMAIL.viewer], name: 'Vito Viewer', detail: EMAIL.viewer, inactive: 'Pending' },
    ]);
    expect(names(await search('edda'))).toEqual([]);
  });

  it('returns the first matches, and says that there are more', async () => {
    const { db } = app.database;
    const { account_id } = await db
      .selectFrom('org')
      .select('account_id')
      .where('id', '=', ORG.security)
      .executeTakeFirstOrThrow();
    const roles = Array.from({ length: 30 }, (_, i) => ({
      account_id,
      org_id: ORG.security,
      name: `Many ${String(i).padStart(2, '0')}`,
    }));
    await db.insertInto('role').values(roles).execute();
    const found = await search('many');
    expect(found.has_more).toBe(true);
    expect(names(found)).toEqual(roles.slice(0, 20).map(({ name }) => name));
    await db.deleteFrom('role').where('name', 'like', 'Many %').execute();
  });

  it('refuses text that no name can contain', async () => {
    expect(await app.call('GET', '/api/console/principals?search=%00', ADMIN)).toEqual({
      status: 400,
      body: { errors: ['Validation failed for input.', 'search: must not contain the character NUL'] },
    });
  });

  it('is limited to users of the organization', async () => {
    expect(await app.call('GET', '/api/console/principals')).toMatchObject({ status: 401 });
    const { body } = await app.call('GET', '/api/console/principals', adminKeys('globex'));
    expect(names(body as PrincipalSearchResponse)).toEqual(['Admin', 'Globex Admin']);
  });
});

describe('the preview of a policy', () => {
  const ask = async (id: string, bindings: Record<string, string[]>, more: object = {}, headers = ADMIN) => {
    const { status, body } = await app.call('POST', '/api/console/access', headers, {
      connection_id: id,
      bindings: Object.entries(bindings).map(([relation, principals]) => ({ relation, principals })),
      ...more,
    });
    expect(status).toBe(200);
    return body as AccessResponse;
  };

  it('without a policy admits all users with the permission', async () => {
    const access = await ask(received, {});
    expect(queriers(access)).toEqual(['Alex Admin', 'Edda Editor', 'Vito Viewer']);
    expect(editors(access)).toEqual(['Alex Admin', 'Edda Editor']);
    expect(access).toMatchObject({ can_query: 3, can_edit: 2, people_found: 3, principals: [] });
  });

  it('lets no user query what their own organization shares', async () => {
    const access = await ask(shared, {});
    expect(access).toMatchObject({ can_query: 0, can_edit: 2 });
    expect(editors(access)).toEqual(['Alex Admin', 'Edda Editor']);
  });

  it.each<[string, Record<string, string[]>, string[], string[]]>([
    [
      'everyone is a viewer',
      { viewer: ['Acme Security'], editor: ['Admin'] },
      ['Alex Admin', 'Edda Editor', 'Vito Viewer'],
      ['Alex Admin'],
    ],
    ['a team is a viewer', { viewer: ['Platform'] }, ['Alex Admin', 'Vito Viewer'], []],
    ['a role without the permission is an editor', { editor: ['Reader'] }, ['Vito Viewer'], []],
    ['a user is an editor', { editor: [EMAIL.editor] }, ['Edda Editor'], ['Edda Editor']],
    ['no principal is named', { editor: [] }, [], []],
  ])('when %s', async (_, bindings, canQuery, canEdit) => {
    const named = Object.fromEntries(
      Object.entries(bindings).map(([relation, who]) => [relation, who.map(principal)]),
    );
    const access = await ask(received, named);
    expect(queriers(access)).toEqual(canQuery);
    expect(editors(access)).toEqual(canEdit);
    expect(access).toMatchObject({ can_query: canQuery.length, can_edit: canEdit.length });
  });

  it('does not count disabled or pending users', async () => {
    await set(EMAIL.editor, { disabled: true });
    await set(EMAIL.viewer, { pending: true });
    const access = await ask(received, { editor: [EMAIL.editor, EMAIL.viewer, 'Admin'].map(principal) });
    expect(queriers(access)).toEqual(['Alex Admin']);
    expect(access.principals.map(({ name, inactive }) => [name, inactive])).toEqual([
      ['Admin', undefined],
      ['Edda Editor', 'Disabled'],
      ['Vito Viewer', 'Pending'],
    ]);
  });

  it('names the principals that exist', async () => {
    const gone = 'role:bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb';
    const access = await ask(received, {
      editor: [principal('Admin'), gone],
      viewer: [principal('Acme Security')],
    });
    expect(access.principals).toEqual([{ principal: security['Admin'], name: 'Admin' }]);
  });

  it('filters the list of people by name or email, but counts all', async () => {
    const access = await ask(received, {}, { search: 'EDDA' });
    expect(access).toMatchObject({ can_query: 3, can_edit: 2, people_found: 1 });
    expect(access.people).toEqual([
      { name: 'Edda Editor', email: EMAIL.editor, can_query: true, can_edit: true },
    ]);
  });

  it.each<[string, Record<string, string>, object, number]>([
    ['a user who may not see connections', securityKeys('member'), {}, 403],
    ['an organization that is neither side', adminKeys('globex'), {}, 404],
    ['who asks about what is no connection', ADMIN, { connection_id: 'malformed' }, 400],
    [
      'who asks about what is no principal',
      ADMIN,
      { bindings: [{ relation: 'editor', principals: ['foo:1'] }] },
      400,
    ],
  ])('is refused to %s', async (_, headers, wrong, status) => {
    const answer = await app.call('POST', '/api/console/access', headers, {
      connection_id: received,
      bindings: [],
      ...wrong,
    });
    expect(answer.status).toBe(status);
  });
});
