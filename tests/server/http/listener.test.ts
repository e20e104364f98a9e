import { once } from 'node:events';
import { Agent, request as send } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PATHS } from '../../../src/contract/paths.ts';
import { adminKeys } from '../../support/account.ts';
import { setUpApp, setUpServer } from '../../support/setup-app.ts';

const MEGABYTE = 1024 * 1024;

const app = setUpApp();
const server = setUpServer(app);

/** Requests that are refused before their body is read. */
const REFUSED: [
  name: string,
  path: string,
  headers: Record<string, string>,
  bytes: number,
  status: number,
][] = [
  ['without credentials', PATHS.logs, {}, 5 * MEGABYTE, 403],
  ['without credentials, short', PATHS.logs, {}, MEGABYTE / 2, 403],
  ['from another site', PATHS.session, { Origin: 'http://other.example' }, MEGABYTE / 2, 403],
  ['to an unknown path', '/api/v2/unknown', {}, MEGABYTE / 2, 404],
  ['to an unknown page', '/unknown', {}, 3 * MEGABYTE, 404],
  ['with a large body', PATHS.roles, adminKeys('production'), 2 * MEGABYTE, 413],
  ['with a very large body', PATHS.logs, adminKeys('production'), 30 * MEGABYTE, 413],
];

describe('a request that is refused before its body is read', () => {
  it.each(REFUSED)('%s: the next request succeeds', async (_, path, headers, bytes, status) => {
    const body = Buffer.alloc(bytes, 'x');
    const outcomes = [];
    for (let count = 0; count < 20; count += 1) {
      const refused = await fetch(server.url + path, { method: 'POST', headers, body });
      await refused.text();
      const next = await fetch(`${server.url}/healthz`);
      outcomes.push([refused.status, (await next.json()) as object]);
    }
    expect(outcomes).toEqual(Array.from({ length: 20 }, () => [status, { status: 'ok' }]));
  });

  it.each(REFUSED)(
    '%s, without a length: the next request succeeds',
    async (_, path, headers, bytes, status) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      onTestFinished(() => agent.destroy());
      for (let count = 0; count < 5; count += 1) {
        const refused = send(server.url + path, { method: 'POST', headers, agent });
        refused.on('error', () => {}); // the body may not have been sent completely
        refused.write(Buffer.alloc(bytes, 'x'));
        refused.end();
        const [response] = await once(refused, 'response');
        expect(response).toMatchObject({ statusCode: status });
        await text(response);
        const next = send(`${server.url}/healthz`, { agent }).end();
        expect((await once(next, 'response'))[0]).toMatchObject({ statusCode: 200 });
        next.destroy();
      }
    },
  );

  it('keeps its connection if the body is short, and else announces that it closes', async () => {
    const connections = [];
    for (const bytes of [MEGABYTE / 2, 2 * MEGABYTE]) {
      const refused = await fetch(server.url + PATHS.logs, {
        method: 'POST',
        body: Buffer.alloc(bytes, 'x'),
      });
      connections.push(refused.headers.get('Connection'));
    }
    expect(connections).toEqual(['keep-alive', 'close']);
  });

  it('is answered while the client does not send its body', async () => {
    const { port } = new URL(server.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(`POST ${PATHS.logs} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nx`);
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1.1 403 /);
    expect(answer).toMatch(/^Connection: close\r$/im);
  });
});
