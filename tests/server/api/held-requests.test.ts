import { request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { adminKeys, connectionTo, EMAIL, ORG, securityKeys } from '../../support/account.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { emptyDatabase, openTestDatabase } from '../../support/databases.ts';
import { roleId, userId } from '../../support/directory.ts';
import { listen } from '../../support/listen.ts';

/** A client that sends the headers of a request and holds its body back, while a right is taken away from it. */
describe('A request that is held open', () => {
  let app: TestApp;
  let server: Awaited<ReturnType<typeof listen>>;
  /** Called when the headers of a request have arrived. */
  let received: () => void;

  beforeAll(async () => {
    app = await startApp(await openTestDatabase());
    server = await listen({
      ...app,
      fetch: (request) => {
        received();
        return app.fetch(request);
      },
    });
  });
  beforeEach(async () => {
    await emptyDatabase(app.database);
    app = await startApp(app.database);
  });
  afterAll(async () => {
    await server.close();
    await app.database.close();
  });

  it('creates nothing after its permission was removed', async () => {
    const send = await hold(
      'POST',
      '/api/v2/org_connections',
      securityKeys('editor'),
      connectionTo(ORG.payments),
    );
    await app.call(
      'DELETE',
      `/api/v2/roles/${await roleId(app, 'security', 'Editor')}/users`,
      adminKeys('security'),
      {
        data: { type: 'users', id: await userId(app, 'security', EMAIL.editor) },
      },
    );
    expect(await send()).toBe(403);
    expect(await app.database.db.selectFrom('org_connection').selectAll().execute()).toEqual([]);
  });

  it('does not restore a role that the user has lost', async () => {
    const admin = adminKeys('security');
    const editorRole = await roleId(app, 'security', 'Admin');
    const editor = await userId(app, 'security', EMAIL.editor);
    const member = { data: { type: 'users', id: editor } };
    await app.call('POST', `/api/v2/roles/${editorRole}/users`, admin, member);
    const send = await hold('POST', `/api/v2/roles/${editorRole}/users`, securityKeys('editor'), member);
    await app.call('DELETE', `/api/v2/roles/${editorRole}/users`, admin, member);
    expect(await send()).toBe(403);
  });

  it('is refused after its user was disabled', async () => {
    const query = { data: { type: 'logs_restriction_queries', attributes: { restriction_query: 'a:b' } } };
    const send = await hold(
      'POST',
      '/api/v2/logs/config/restriction_queries',
      securityKeys('guardian'),
      query,
    );
    const guardian = await userId(app, 'security', EMAIL.guardian);
    await app.call('DELETE', `/api/v2/users/${guardian}`, adminKeys('security'));
    expect(await send()).toBe(401);
  });

  it('stores nothing after its API key was revoked', async () => {
    const created = await app.call('POST', '/api/v2/api_keys', adminKeys('security'), {
      data: { type: 'api_keys', attributes: { name: 'shipper' } },
    });
    const { id, attributes } = (created.body as { data: { id: string; attributes: { key: string } } }).data;
    const send = await hold('POST', '/api/v2/logs', { 'DD-API-KEY': attributes.key }, [{ message: 'late' }]);
    expect((await app.call('DELETE', `/api/v2/api_keys/${id}`, adminKeys('security'))).status).toBe(204);
    // The key is checked again if the body took longer than a second.
    await sleep(1_100);
    expect(await send()).toBe(403);
    expect(await app.database.db.selectFrom('event').selectAll().execute()).toEqual([]);
  });

  /** Sends headers and the first byte of the body. The returned function sends the rest and resolves with the status. */
  async function hold(method: string, path: string, headers: Record<string, string>, body: object) {
    const text = JSON.stringify(body);
    const request = httpRequest(`${server.url}${path}`, {
      method,
      headers: { ...headers, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) },
    });
    const status = new Promise<number | undefined>((resolve, reject) => {
      request.on('response', (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on('error', reject);
    });
    const arrived = new Promise<void>((resolve) => {
      received = resolve;
    });
    request.write(text.slice(0, 1));
    await arrived;
    return () => {
      request.end(text.slice(1));
      return status;
    };
  }
});
