import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createOpenApiDocument } from '../../../src/contract/openapi.ts';
import { PERMISSIONS } from '../../../src/contract/permissions/constants.ts';
import { openEmbedded } from '../../../src/server/db/embedded/embedded-database.ts';
import { migrate } from '../../../src/server/db/migrate.ts';
import { adminKeys, connectionTo, EMAIL, ORG, PASSWORD, productionKeys } from '../../support/account.ts';
import { createTestApp, listRoutes, ORIGIN, startApp, type TestApp } from '../../support/app.ts';
import { openTestDatabase } from '../../support/databases.ts';

let app: TestApp;
let ready = true;
beforeAll(async () => {
  app = await startApp(await openTestDatabase(), {
    checkReady: async () => {
      if (!ready) throw new Error('no database');
    },
  });
});
afterAll(() => app.database.close());

describe('organizations', () => {
  it('are those of the account, with the visible properties', async () => {
    const { status, body } = await app.call('GET', '/api/v2/org', productionKeys('member'));
    expect(status).toBe(200);
    const { data, included } = body as {
      data: { relationships: { managed_orgs: { data: { id: string }[] } } };
      included: { id: string; attributes: { name: string; extensions: object } }[];
    };
    expect(data).toMatchObject({
      type: 'managed_orgs',
      id: ORG.production,
      relationships: { current_org: { data: { type: 'orgs', id: ORG.production } } },
    });
    const { globex: _, ...ofAccount } = ORG;
    expect(data.relationships.managed_orgs.data.map(({ id }) => id).toSorted()).toEqual(
      Object.values(ofAccount).toSorted(),
    );
    const extensions = Object.fromEntries(included.map(({ id, attributes }) => [id, attributes.extensions]));
    expect(extensions[ORG.production]).toEqual({
      site: 'us1',
      hipaa: false,
      cross_org_visibility: true,
      destinations_used: 0,
      max_destinations: 5,
    });
    expect(extensions[ORG.health]).toEqual({ site: 'us1', hipaa: true, cross_org_visibility: true });
    expect(extensions[ORG.labs]).toEqual({ site: 'us1', hipaa: false, cross_org_visibility: false });
    expect(included[0]?.attributes).toMatchObject({
      public_id: expect.any(String),
      description: '',
      sharing: expect.any(String),
      url: '',
      disabled: false,
      created_at: expect.any(String),
      modified_at: expect.any(String),
    });
  });

  it('are listed by v1, too', async () => {
    const { status, body } = await app.call('GET', '/api/v1/org', adminKeys('globex'));
    expect(status).toBe(200);
    expect(body).toMatchObject({ orgs: [{ name: 'Globex Production', public_id: expect.any(String) }] });
  });
});

describe('permissions', () => {
  it('have descriptions', async () => {
    const { body } = await app.call('GET', '/api/v2/permissions', productionKeys('member'));
    const { data } = body as { data: { id: string; attributes: { name: string } }[] };
    expect(data.map(({ attributes }) => attributes.name)).toEqual(PERMISSIONS.map(({ name }) => name));
    expect(data[0]).toMatchObject({
      type: 'permissions',
      attributes: {
        display_name: 'Org Connections Read',
        group_name: 'Access Management',
        display_type: 'read',
        restricted: false,
        name_aliases: [],
        created: expect.any(String),
      },
    });
  });

  it('are marked as restricted only where the real service marks them', async () => {
    const { body } = await app.call('GET', '/api/v2/permissions', productionKeys('member'));
    const { data } = body as { data: { attributes: { name: string; restricted: boolean } }[] };
    const restricted = data.map(({ attributes }) => [attributes.name, attributes.restricted]);
    expect(Object.fromEntries(restricted)).toEqual({
      org_connections_read: false,
      org_connections_write: false,
      user_access_manage: false,
      api_keys_write: false,
      user_app_keys: false,
      teams_manage: false,
      timeseries_query: false,
      logs_read_index_data: false,
      logs_live_tail: false,
      ci_visibility_read: true,
      test_optimization_read: false,
      audit_logs_read: false,
      dashboards_read: true,
      dashboards_write: false,
      notebooks_read: true,
      notebooks_write: false,
    });
  });
});

/** Body of a policy with too many bindings, none of which is one. */
const bindings = (count: number) =>
  JSON.stringify({
    data: { type: 'restriction_policy', attributes: { bindings: Array.from({ length: count }, () => 1) } },
  });

/** Body of a policy with many correct bindings. */
function restrictionPolicy(count: number): string {
  const binding = { relation: 'viewer', principals: [`org:${ORG.production}`] };
  const attributes = { bindings: Array.from({ length: count }, () => binding) };
  const id = `cross-org-connection:${ORG.labs}`;
  return JSON.stringify({ data: { type: 'restriction_policy', id, attributes } });
}

describe('a body', () => {
  const members = JSON.stringify(Object.fromEntries(Array.from({ length: 10_001 }, (_, n) => [`m${n}`, n])));
  it.each([
    ['is nested too deeply', '['.repeat(1_000_000), 400, 'The body is nested deeper than 64 levels'],
    ['has too many values', bindings(50_001), 413, 'The body has more than 50000 values'],
    ['has too many members', members, 413, 'The body has more than 10000 members in one object'],
    ['has a list that is too long', restrictionPolicy(1001), 400, 'must have at most'],
  ])('that %s is refused', async (_, body, status, words) => {
    const path = `/api/v2/restriction_policy/cross-org-connection:${ORG.labs}`;
    const answer = await app.call('POST', path, adminKeys('production'), body);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toContain(words);
  });
});

describe('the limit of destinations', () => {
  it.each([
    [1, 1],
    [null, 8],
  ])('is a setting of the account: %s', async (max_destinations, possible) => {
    const { db } = app.database;
    await db.updateTable('account').set({ max_destinations }).where('name', '=', 'Acme').execute();
    const statuses = [];
    for (const sink of [ORG.staging, ORG.security, ORG.payments, ORG.health, ORG.data, ORG.sandbox]) {
      const { status } = await app.call(
        'POST',
        '/api/v2/org_connections',
        adminKeys('production'),
        connectionTo(sink),
      );
      statuses.push(status);
    }
    const used = Math.min(possible, 6);
    expect(statuses).toEqual([...Array(used).fill(200), ...Array(6 - used).fill(400)]);
    const { body } = await app.call('GET', '/api/v2/org', adminKeys('production'));
    const { included } = body as { included: { id: string; attributes: { extensions: object } }[] };
    expect(included.find(({ id }) => id === ORG.production)?.attributes.extensions).toMatchObject({
      destinations_used: used,
      max_destinations,
    });
    await db.deleteFrom('org_connection').execute();
    await db.updateTable('account').set({ max_destinations: 5 }).execute();
  });
});

describe('paths', () => {
  it.each(['/api', '/api/', '/api/v2/nothing', '/api/v2/org/x', '/api/v3/org_connections'])(
    '%s is a JSON 404',
    async (path) => {
      expect(await app.call('GET', path, adminKeys('production'))).toEqual({
        status: 404,
        body: { errors: ['Not found'] },
      });
    },
  );

  it('accept a trailing slash', async () => {
    for (const path of [
      '/api/v1/validate/',
      '/api/v2/org/',
      '/api/v1/org/',
      '/api/v2/current_user/',
      '/api/v2/permissions/',
    ]) {
      expect(await app.call('GET', path, adminKeys('production'))).toMatchObject({ status: 200 });
    }
  });
});

describe('health', () => {
  it('needs no credentials, and readiness needs a database', async () => {
    expect(await app.call('GET', '/healthz')).toEqual({ status: 200, body: { status: 'ok' } });
    expect(await app.call('GET', '/readyz')).toEqual({ status: 200, body: { status: 'ready' } });
    ready = false;
    expect(await app.call('GET', '/readyz')).toEqual({
      status: 503,
      body: { status: 'not ready', reason: expect.any(String) },
    });
    expect(await app.call('GET', '/healthz')).toMatchObject({ status: 200 });
    ready = true;
  });
});

describe('the reference', () => {
  it("is an OpenAPI document with exactly the app's routes", async () => {
    const { body } = await app.call('GET', '/api/openapi.json');
    const described = Object.entries((body as { paths: Record<string, object> }).paths).flatMap(
      ([path, item]) => Object.keys(item).map((method) => `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`),
    );
    const apart = ['/api/docs', '/api/openapi.json', '/healthz', '/metrics', '/readyz'];
    const routes = listRoutes()
      .filter(({ path }) => !apart.some((other) => path.startsWith(other)))
      .map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:\w+/g, '{}')}`);
    expect(described.toSorted()).toEqual(routes.toSorted());
  });

  it('describes request and response bodies by named schemas', () => {
    expect(Object.keys(createOpenApiDocument().components?.schemas ?? {})).toEqual(
      expect.arrayContaining([
        'OrgConnection',
        'OrgConnectionCreateRequest',
        'Errors',
        'ManagedOrgsResponse',
      ]),
    );
  });

  it('is a page that loads only our files', async () => {
    const page = await app.request('/api/docs');
    expect(page.headers.get('Content-Type')).toContain('text/html');
    expect(page.headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'");
    const html = await page.text();
    const loaded = [...html.matchAll(/(?:src|href)="(\/api[^"]+)"/g)].map(([, path = '']) => path);
    expect(loaded).toHaveLength(3);
    for (const path of loaded) expect((await app.request(path)).status, path).toBe(200);
  });
});

describe('every response', () => {
  it('forbids content sniffing, framing and caching', async () => {
    for (const path of ['/api/v2/org', '/api/nothing', '/api/console/session']) {
      const { headers } = await app.request(path, { headers: adminKeys('production') });
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('Cache-Control')).toBe('no-store');
      expect(headers.get('Access-Control-Allow-Origin')).toBeNull();
      expect(headers.get('Strict-Transport-Security')).toBeNull();
    }
  });

  it('tells browsers to use https if the console has an https address', async () => {
    const secure = createTestApp(app.database, { publicUrl: 'https://console.acme.example' });
    const { headers } = await secure.request('/healthz');
    expect(headers.get('Strict-Transport-Security')).toBe('max-age=31536000');
  });
});

describe('the built console', () => {
  it('is cached forever if the name contains a digest, and revalidated otherwise', async () => {
    const consoleFolder = await mkdtemp(join(tmpdir(), 'console-'));
    onTestFinished(() => rm(consoleFolder, { recursive: true }));
    await mkdir(join(consoleFolder, 'assets'));
    await mkdir(join(consoleFolder, '.vite'));
    await writeFile(join(consoleFolder, 'index.html'), '<title>Console</title>');
    await writeFile(join(consoleFolder, 'assets/index-1234.js'), 'run()');
    await writeFile(join(consoleFolder, '.vite/manifest.json'), '{}');
    const served = await startApp(app.database, { consoleFolder });
    const get = async (path: string) => {
      const response = await served.request(path);
      return [response.status, response.headers.get('Cache-Control'), await response.text()];
    };
    const page = [200, 'no-cache', '<title>Console</title>'];
    expect(await get('/')).toEqual(page);
    expect(await get(`/orgs/${ORG.production}/settings/cross-org-visibility`)).toEqual(page);
    expect(await get('/assets/index-1234.js')).toEqual([200, 'public, max-age=31536000, immutable', 'run()']);
    for (const path of [
      '/assets/index-0000.js',
      '/favicon.ico',
      '/.git/config.yaml',
      '/.vite/manifest.json',
    ]) {
      expect((await get(path)).slice(0, 2), path).toEqual([404, null]);
    }
    for (const range of ['bytes=0-3', 'bytes=9-2', 'bytes=99-', 'lines=1-2', 'bytes=x']) {
      const response = await served.request('/', { headers: { Range: range } });
      expect([response.status, await response.text()], range).toEqual([200, '<title>Console</title>']);
    }
    for (const path of [
      '/..%2f..%2fetc/passwd',
      '/assets/..%2f..%2findex.html',
      '/%2e%2e/%2e%2e/etc/passwd',
    ]) {
      expect((await get(path)).join(), path).not.toContain('root:');
    }
  });
});

describe('a database that takes too long', () => {
  it('gets 503 for all requests, and the next request is served', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'slow-'));
    const database = await openEmbedded({ dataDir, queryTimeoutMs: 1000 });
    onTestFinished(async () => {
      await database.close();
      await rm(dataDir, { recursive: true });
    });
    await migrate(database);
    const slow = await startApp(database);
    const { headers } = await slow.request('/api/console/session', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: ORIGIN },
      body: JSON.stringify({ email: EMAIL.reader, password: PASSWORD }),
    });
    const cookie = headers.get('Set-Cookie')?.split(';')[0] ?? '';
    await slow.connect('production', 'staging');
    const forever = sql`(select count(*) from generate_series(1, 1000000000)) > 0`;
    await sql`create policy slow on org_connection as restrictive for select using (${forever})`.execute(
      database.db,
    );
    await sql`alter table session rename to stored_session`.execute(database.db);
    await sql`create view session as select * from stored_session where ${forever}`.execute(database.db);

    const tookTooLong = { status: 503, body: { errors: ['The database took too long; try again'] } };
    expect(await slow.call('GET', '/api/v2/org_connections', adminKeys('production'))).toEqual(tookTooLong);
    expect(await slow.call('GET', '/api/console/session', { Cookie: cookie })).toEqual(tookTooLong);
    expect(await slow.call('GET', '/api/v2/permissions', productionKeys('member'))).toMatchObject({
      status: 200,
    });
  });
});

describe('an unexpected error', () => {
  it('shows no details', async () => {
    const database = await openTestDatabase();
    const broken = await startApp(database);
    await database.db.schema.dropTable('org_connection').cascade().execute();
    expect(await broken.call('GET', '/api/v2/org_connections', adminKeys('production'))).toEqual({
      status: 500,
      body: { errors: ['Internal server error'] },
    });
    await database.close();
  });
});
