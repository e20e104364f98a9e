import { connect } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { PATHS, REQUEST_ID_HEADER } from '../../../src/contract/paths.ts';
import { adminKeys, ORG } from '../../support/account.ts';
import { createTestApp } from '../../support/app.ts';
import { roleNamed } from '../../support/directory.ts';
import { listen } from '../../support/listen.ts';
import { readableLog } from '../../support/log.ts';
import { setUpApp } from '../../support/setup-app.ts';

const ready = setUpApp();

describe('the id of a request', () => {
  const { log, lines } = readableLog();

  it('is in the answer and in each of its log lines', async () => {
    const app = createTestApp(ready.database, { log });
    const response = await app.request(PATHS.roles, {
      method: 'POST',
      headers: { ...adminKeys('production'), 'Content-Type': 'application/json' },
      body: JSON.stringify(roleNamed('Observed')),
    });
    expect(response.status).toBe(200);
    const id = response.headers.get(REQUEST_ID_HEADER);
    expect(id).toMatch(/^[\w-]{36}$/);
    expect(lines.map(({ msg, request_id }) => [msg, request_id])).toEqual([
      ['change', id],
      ['request', id],
    ]);
  });

  it.each([
    ['the caller’s', 'deploy-7.a_B', 'deploy-7.a_B'],
    ['the server’s if the caller’s is too long', 'x'.repeat(65), expect.stringMatching(/^[\da-f-]{36}$/)],
    ['the server’s if the caller’s has other characters', 'a b"', expect.stringMatching(/^[\da-f-]{36}$/)],
    ['the server’s if the caller’s is empty', '', expect.stringMatching(/^[\da-f-]{36}$/)],
  ])('is %s', async (_, given, expected) => {
    for (const path of ['/healthz', '/api/v2/unknown', PATHS.roles]) {
      const response = await ready.request(path, { headers: { [REQUEST_ID_HEADER]: given } });
      expect(response.headers.get(REQUEST_ID_HEADER)).toEqual(expected);
    }
  });
});

it('names request and caller in the line of an unexpected error', async () => {
  const { log, lines } = readableLog();
  const app = createTestApp(ready.database, {
    log,
    now: () => {
      throw new Error('no clock');
    },
  });
  const response = await app.request(`${PATHS.roles}/00000000-0000-4000-8000-000000000000`, {
    headers: { ...adminKeys('production'), [REQUEST_ID_HEADER]: 'r-1' },
  });
  expect(response.status).toBe(404);
  const failed = await app.request('/api/v1/metrics?from=0', { headers: adminKeys('production') });
  expect(failed.status).toBe(500);
  expect(lines.filter(({ level }) => level === 50)).toEqual([
    expect.objectContaining({
      msg: 'unexpected error',
      request_id: failed.headers.get(REQUEST_ID_HEADER),
      method: 'GET',
      path: '/api/v1/metrics',
      org: ORG.production,
      user: expect.any(String),
    }),
  ]);
});

it.each([PATHS.roles, PATHS.logs, PATHS.session, `${PATHS.queries}/scalar`])(
  'does not take a client that hangs up while it sends for an error: %s',
  async (path) => {
    const { log, lines } = readableLog();
    const app = createTestApp(ready.database, { log });
    let arrived = Promise.withResolvers<void>();
    const server = await listen({
      fetch(request, env) {
        arrived.resolve();
        return app.fetch(request, env);
      },
    });
    for (const length of ['Content-Length: 5000', 'Transfer-Encoding: chunked']) {
      arrived = Promise.withResolvers();
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
      const keys = Object.entries({ ...adminKeys('production'), Origin: 'http://localhost:3000' });
      const headers = keys.map(([name, value]) => `${name}: ${value}\r\n`).join('');
      socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}${length}\r\n\r\n5\r\n{"dat`);
      await arrived.promise;
      socket.destroy();
    }
    await vi.waitFor(() => expect(lines.filter(({ msg }) => msg === 'request')).toHaveLength(2), 10_000);
    expect(lines.filter(({ msg }) => msg === 'request')).toEqual([
      expect.objectContaining({ path, status: 408 }),
      expect.objectContaining({ path, status: 408 }),
    ]);
    expect(lines.filter(({ level }) => Number(level) >= 40)).toEqual([]);
    await server.close();
  },
);

it.each([
  ['/invitations/SECRET', '/invitations/...'],
  ['/Invitations/SECRET', '/invitations/...'],
  ['//INVITATIONS//SECRET', '//invitations/...'],
  ['/invitations%2fSECRET', '/invitations/...'],
  ['/%69nvitation%73/SECRET', '/invitations/...'],
  ['/%C3%28/%49nvitations/SECRET', '/ã(/invitations/...'],
  ['/x/../invitations/SECRET/more', '/invitations/...'],
  ['/console/invitations/SECRET', '/console/invitations/...'],
  ['/invitations', '/invitations'],
  ['/v1/input/0123456789abcdef0123456789abcdef', '/v1/input/...'],
  ['/api/v2/logs/api-key-of-production-0000', '/api/v2/logs/...'],
  [
    '/api/v2/org_connections/11111111-1111-4111-8111-111111111111',
    '/api/v2/org_connections/11111111-1111-4111-8111-111111111111',
  ],
  ['/api/v2/current_user/application_keys', '/api/v2/current_user/application_keys'],
  ['/api/v2/roles/a%2Fb%', '/api/v2/roles/a%2Fb%'],
])('logs the path %s as %s', async (path, logged) => {
  const { log, lines } = readableLog();
  await createTestApp(ready.database, { log }).request(path);
  expect(lines).toEqual([expect.objectContaining({ path: logged })]);
  expect(JSON.stringify(lines)).not.toMatch(/secret/i);
});
