import { beforeEach, expect, it } from 'vitest';
import { ORG, adminKeys, connectionTo, productionKeys, type OrgKey } from '../../support/account.ts';
import { type TestApp } from '../../support/app.ts';
import { describeOnBothDatabases } from '../../support/databases.ts';
import { principalsOf } from '../../support/principals.ts';
import { dataOf, invitationOf, naming, roleNamed, userId } from '../../support/directory.ts';
import { setUpApp } from '../../support/setup-app.ts';

const PATH = '/api/v2/org_connections';
const SINKS: OrgKey[] = ['staging', 'security', 'payments', 'health', 'data', 'sandbox'];

describeOnBothDatabases('concurrent requests', (open) => {
  const app = setUpApp({}, open);
  beforeEach(async () => {
    await app.database.db.deleteFrom('org_connection').execute();
  });

  it('create one connection per pair, of 50', async () => {
    const answers = await Promise.all(times(50, () => create(app, 'production', 'staging')));
    expect(countBy(answers)).toEqual({ 200: 1, 409: 49 });
    expect(await sinksOf(app, 'production')).toEqual([ORG.staging]);
  });

  it('create five destinations per source, of 50 attempts for six', async () => {
    const answers = await Promise.all(times(50, (i) => create(app, 'production', SINKS[i % 6] ?? 'staging')));
    const { 200: created } = countBy(answers);
    expect(created).toBe(5);
    expect(new Set(await sinksOf(app, 'production')).size).toBe(5);
  });

  it('save one policy over the same one, and no mixture', async () => {
    const id = await app.connect('production', 'staging');
    const path = `/api/v2/restriction_policy/cross-org-connection:${id}`;
    const principals = Object.values(await principalsOf(app, 'production'));
    const keys = adminKeys('production');
    const before = await app.request(path, { headers: keys });
    const saved = (editors: readonly string[], headers = {}) =>
      app.call(
        'POST',
        path,
        { ...keys, ...headers },
        {
          data: {
            type: 'restriction_policy',
            id: `cross-org-connection:${id}`,
            attributes: { bindings: [{ relation: 'editor', principals: editors }] },
          },
        },
      );
    const org = `org:${ORG.production}`;
    const drafts = principals.map((principal) => [...new Set([org, principal])]);

    const checked = { 'If-Match': before.headers.get('ETag') ?? '' };
    const answers = await Promise.all(drafts.map((draft) => saved(draft, checked)));
    expect(countBy(answers)).toEqual({ 200: 1, 412: drafts.length - 1 });

    const unchecked = await Promise.all(drafts.map((draft) => saved(draft)));
    expect(countBy(unchecked)).toEqual({ 200: drafts.length });
    const { body } = await app.call('GET', path, keys);
    const [binding] = (body as PolicyBody).data.attributes.bindings;
    expect(drafts.map((draft) => draft.toSorted())).toContainEqual(binding?.principals.toSorted());
  });

  it('leave a policy or no policy, when one side saves it while the other deletes the connection', async () => {
    const principals = await principalsOf(app, 'production');
    for (let round = 0; round < 5; round += 1) {
      const id = await app.connect('production', 'staging');
      const resource = `cross-org-connection:${id}`;
      const save = () =>
        app.call('POST', `/api/v2/restriction_policy/${resource}`, adminKeys('production'), {
          data: {
            type: 'restriction_policy',
            id: resource,
            attributes: { bindings: [{ relation: 'editor', principals: [principals['Admin']] }] },
          },
        });
      const answers = await Promise.all([
        save(),
        save(),
        app.call('DELETE', `${PATH}/${id}`, adminKeys('staging')),
        save(),
      ]);
      expect(answers[2]).toMatchObject({ status: 200 });
      for (const { status } of answers) expect([200, 404]).toContain(status);
    }
    expect(await app.database.db.selectFrom('restriction_policy').selectAll().execute()).toEqual([]);
  });

  it('have separate limits per source', async () => {
    const sources: OrgKey[] = ['production', 'staging', 'security'];
    const answers = await Promise.all(
      sources.flatMap((source) =>
        SINKS.filter((sink) => sink !== source).map((sink) => create(app, source, sink)),
      ),
    );
    expect(countBy(answers)).toEqual({ 200: 15, 400: 1 });
  });

  it('leave at least one shared type, when two requests remove one half each', async () => {
    const id = await app.connect('production', 'staging', {
      connection_types: ['metrics'],
      extensions: { connection_types: ['ci_tests'] },
    });
    const patch = (attributes: object) =>
      app.call('PATCH', `${PATH}/${id}`, adminKeys('production'), {
        data: { type: 'org_connection', id, attributes },
      });
    const answers = await Promise.all([
      patch({ connection_types: [] }),
      patch({ connection_types: ['metrics'], extensions: { connection_types: [] } }),
      patch({ connection_types: [] }),
    ]);
    for (const { status } of answers) expect([200, 400]).toContain(status);
    const { body: after } = await app.call('GET', `${PATH}/${id}`, adminKeys('production'));
    const { attributes } = (after as { data: { attributes: Attributes } }).data;
    expect([...attributes.connection_types, ...attributes.extensions.connection_types]).not.toHaveLength(0);
  });

  it('delete a connection once, of 20 attempts', async () => {
    const id = await app.connect('production', 'staging');
    const answers = await Promise.all(
      times(20, (i) => app.call('DELETE', `${PATH}/${id}`, adminKeys(i % 2 ? 'production' : 'staging'))),
    );
    expect(countBy(answers)).toEqual({ 200: 1, 404: 19 });
  });

  it('create one role per name, of 20', async () => {
    const answers = await Promise.all(
      times(20, () => app.call('POST', '/api/v2/roles', adminKeys('production'), roleNamed('Auditors'))),
    );
    expect(countBy(answers)).toEqual({ 200: 1, 409: 19 });
  });

  it('create one user and one open link, of 10 invitations of one email', async () => {
    const answers = await Promise.all(times(10, () => invite(app)));
    expect(countBy(answers)).toEqual({ 201: 10 });
    const ids = new Set(answers.map((answer) => dataOf(answer).id));
    expect(ids.size).toBe(1);
    expect(await app.database.db.selectFrom('invitation').select('user_id').execute()).toEqual([
      { user_id: [...ids][0] },
    ]);
  });

  it('disable and invite the same user without a deadlock', async () => {
    const { id } = dataOf(await invite(app));
    const answers = await Promise.all(
      times(20, (i) =>
        i % 2 ? invite(app) : app.call('DELETE', `/api/v2/users/${id}`, adminKeys('production')),
      ),
    );
    for (const { status } of answers) expect([201, 204, 404]).toContain(status);
  });

  it('leave one of two administrators who disable each other', async () => {
    const ids = {
      admin: await userId(app, 'production', 'admin@acme.example'),
      reader: await userId(app, 'production', 'reader@acme.example'),
    };
    const { db } = app.database;
    const role = await db
      .selectFrom('role')
      .select(['id', 'account_id', 'org_id'])
      .where('org_id', '=', ORG.production)
      .where('name', '=', 'Admin')
      .executeTakeFirstOrThrow();
    const { id: role_id, ...columns } = role;
    await db
      .insertInto('user_role')
      .values({ ...columns, role_id, user_id: ids.reader })
      .execute();
    const keys = await db
      .selectFrom('application_key')
      .selectAll()
      .where('user_id', 'in', Object.values(ids))
      .execute();
    const answers = await Promise.all([
      app.call('DELETE', `/api/v2/users/${ids.reader}`, adminKeys('production')),
      app.call('DELETE', `/api/v2/users/${ids.admin}`, productionKeys('reader')),
    ]);
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    const left = await db
      .selectFrom('user')
      .select('id')
      .where('id', 'in', Object.values(ids))
      .where('active', '=', true)
      .execute();
    expect(left).toHaveLength(1);
    await db.updateTable('user').set({ disabled: false }).where('id', 'in', Object.values(ids)).execute();
    await db
      .insertInto('application_key')
      .values(keys)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await db
      .deleteFrom('user_role')
      .where('user_id', '=', ids.reader)
      .where('role_id', '=', role_id)
      .execute();
  });

  it('add users to a role before its deletion, or get not found', async () => {
    const role = dataOf(
      await app.call('POST', '/api/v2/roles', adminKeys('production'), roleNamed('Doomed')),
    ).id;
    const user = naming('users', await userId(app, 'production', 'reader@acme.example'));
    const answers = await Promise.all(
      times(20, (i) =>
        i === 10
          ? app.call('DELETE', `/api/v2/roles/${role}`, adminKeys('production'))
          : app.call('POST', `/api/v2/roles/${role}/users`, adminKeys('production'), user),
      ),
    );
    expect(answers[10]).toMatchObject({ status: 204 });
    for (const { status } of answers) expect([200, 204, 404]).toContain(status);
  });

  it('send the same events in different orders without a deadlock', async () => {
    const start = new Date().toISOString();
    const events = times(300, (i) => ({
      type: 'ci_test',
      id: `test-${i}`,
      attributes: { 'test.name': 'a', 'test.suite': 'b', 'test.status': 'pass', start, duration: 1 },
    }));
    const orders = [events, events.toReversed(), [...events.slice(150), ...events.slice(0, 150)]];
    const { 'DD-API-KEY': apiKey = '' } = adminKeys('production');
    const answers = await Promise.all(
      times(24, (i) =>
        app.call('POST', '/api/v2/events/ci_tests', { 'DD-API-KEY': apiKey }, { data: orders[i % 3] }),
      ),
    );
    expect(countBy(answers)).toEqual({ 202: 24 });
  });

  it('respect the limit of failed sign-ins', async () => {
    const attempts = times(30, () =>
      app.call(
        'POST',
        '/api/console/session',
        { Origin: 'http://localhost:3000' },
        { email: 'reader@acme.example', password: 'a wrong password' },
      ),
    );
    expect(countBy(await Promise.all(attempts))).toEqual({ 401: 10, 429: 20 });
  });
});

interface Attributes {
  connection_types: string[];
  extensions: { connection_types: string[] };
}

function invite(app: TestApp) {
  return app.call('POST', '/api/v2/users', adminKeys('production'), invitationOf('new@acme.example'));
}

function create(app: TestApp, source: OrgKey, sink: OrgKey) {
  return app.call('POST', PATH, adminKeys(source), connectionTo(ORG[sink]));
}

async function sinksOf(app: TestApp, source: OrgKey): Promise<string[]> {
  const rows = await app.database.db
    .selectFrom('org_connection')
    .select('sink_org_id')
    .where('source_org_id', '=', ORG[source])
    .execute();
  return rows.map((row) => row.sink_org_id);
}

function times<Result>(count: number, make: (index: number) => Result): Result[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function countBy(answers: readonly { status: number }[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

interface PolicyBody {
  data: { attributes: { bindings: { principals: string[] }[] } };
}
