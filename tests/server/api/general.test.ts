import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOpenApiDocument } from '../../../src/contract/openapi.ts';
import { PERMISSIONS } from '../../../src/contract/permissions.ts';
import { createApp } from '../../../src/server/app.ts';
import type { Dependencies } from '../../../src/server/http/env.ts';
import { adminKeys, ORG, productionKeys } from '../../support/account.ts';
import { startApp, type TestApp } from '../../support/app.ts';
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
  it('are those of the account, with what the caller may know of each', async () => {
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

  it('are listed by the older version too', async () => {
    const { status, body } = await app.call('GET', '/api/v1/org', adminKeys('globex'));
    expect(status).toBe(200);
    expect(body).toMatchObject({ orgs: [{ name: 'Globex Production', public_id: expect.any(String) }] });
  });
});

describe('permissions', () => {
  it('are told with what each is for', async () => {
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
  it('is told without credentials, and readiness only with a database', async () => {
    expect(await app.call('GET', '/healthz')).toEqual({ status: 200, body: { status: 'ok' } });
    expect(await app.call('GET', '/readyz')).toEqual({ status: 200, body: { status: 'ready' } });
    ready = false;
    expect(await app.call('GET', '/readyz')).toEqual({ status: 503, body: { status: 'not ready' } });
    expect(await app.call('GET', '/healthz')).toMatchObject({ status: 200 });
    ready = true;
  });
});

describe('the reference', () => {
  it('is an OpenAPI document that names every route, and no other', async () => {
    const { body } = await app.call('GET', '/api/openapi.json');
    const described = Object.entries((body as { paths: Record<string, object> }).paths).flatMap(
      ([path, item]) => Object.keys(item).map((method) => `${method} ${path}`),
    );
    const apart = ['/api/docs', '/api/openapi.json', '/healthz', '/readyz'];
    const routes = createApp({ origins: [] } as unknown as Dependencies)
      .routes.filter(({ method, path }) => method !== 'ALL' && !apart.some((other) => path.startsWith(other)))
      .map(({ method, path }) => `${method.toLowerCase()} ${path.replace('/:id', '/{connection_id}')}`);
    expect(described.toSorted()).toEqual([...new Set(routes)].toSorted());
  });

  it('describes bodies and answers by schemas of their own', () => {
    expect(Object.keys(createOpenApiDocument().components?.schemas ?? {})).toEqual(
      expect.arrayContaining([
        'OrgConnection',
        'OrgConnectionCreateRequest',
        'Errors',
        'ManagedOrgsResponse',
      ]),
    );
  });

  it('is a page with everything that it loads', async () => {
    const page = await app.request('/api/docs');
    expect(page.headers.get('Content-Type')).toContain('text/html');
    const html = await page.text();
    const loaded = [...html.matchAll(/(?:src|href)="(\/api[^"]+)"/g)].map(([, path = '']) => path);
    expect(loaded).toHaveLength(3);
    for (const path of loaded) expect((await app.request(path)).status, path).toBe(200);
  });
});

describe('every answer', () => {
  it('keeps browsers from guessing, framing and storing', async () => {
    for (const path of ['/api/v2/org', '/api/nothing', '/api/console/session']) {
      const { headers } = await app.request(path, { headers: adminKeys('production') });
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('Cache-Control')).toBe('no-store');
      expect(headers.get('Access-Control-Allow-Origin')).toBeNull();
    }
  });
});

describe('an unexpected error', () => {
  it('tells nothing of itself', async () => {
    const database = await openTestDatabase();
    const broken = await startApp(database);
    await database.db.schema.dropTable('org_connection').execute();
    expect(await broken.call('GET', '/api/v2/org_connections', adminKeys('production'))).toEqual({
      status: 500,
      body: { errors: ['Internal server error'] },
    });
    await database.close();
  });
});
