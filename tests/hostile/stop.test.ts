import { once } from 'node:events';
import { Agent, type IncomingMessage, request as send } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { connectionTo } from '../support/account.ts';
import { dataDirectory, DIRECTORY, directoryFile, HEADERS, KEYS } from '../support/installation.ts';
import { endAll, startServer } from '../support/process.ts';
import { TIME_FACTOR } from '../support/time-factor.ts';

const STAGING = '22222222-2222-4222-8222-222222222222';

const PATIENTLY = { interval: 5, timeout: 20_000 * TIME_FACTOR };

afterEach(endAll);

/** Sends requests one after another on one connection, until an answer closes it. Returns the number of answers. */
async function sendUntilClosed(url: string): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  for (let answers = 1; ; answers += 1) {
    const request = send(`${url}/api/v2/org_connections`, { agent, headers: HEADERS }).end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(200);
    await text(response);
    if (response.headers.connection === 'close') return answers;
  }
}

describe('the product, stopped by SIGTERM under load', () => {
  it('says that it is not ready, completes all requests and resets no connection', async () => {
    const server = await startServer({
      DATA_DIR: await dataDirectory(),
      DIRECTORY_FILE: await directoryFile(DIRECTORY),
      ...KEYS,
    });
    const slow = connect(Number(new URL(server.url).port), '127.0.0.1');
    const slowAnswer = text(slow);
    const body = JSON.stringify(connectionTo(STAGING));
    const keys = Object.entries(HEADERS).map(([name, value]) => `${name}: ${value}\r\n`);
    slow.write(
      `POST /api/v2/org_connections HTTP/1.1\r\nHost: localhost\r\n${keys.join('')}` +
        `Content-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`,
    );
    const clients = Array.from({ length: 8 }, () => sendUntilClosed(server.url));
    await expect.poll(() => server.output().split('org_connections').length, PATIENTLY).toBeGreaterThan(20);

    const ended = server.end('SIGTERM');
    await expect.poll(async () => (await fetch(`${server.url}/readyz`)).status, PATIENTLY).toBe(503);
    for (const answers of await Promise.all(clients)) expect(answers).toBeGreaterThan(0);
    // Until the server refuses new connections.
    await expect
      .poll(
        () =>
          fetch(`${server.url}/readyz`).then(
            ({ status }) => status,
            () => 'refused',
          ),
        PATIENTLY,
      )
      .toBe('refused');
    slow.write(body.slice(10));
    expect(await slowAnswer).toMatch(/^HTTP\/1.1 200 [^]*^connection: close\r$/im);
    expect(await ended).toBe(0);

    const lines = server
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    const warnings = lines.map((line) => JSON.parse(line) as { level: number; msg: string; reason?: string });
    expect(
      new Set(
        warnings.filter(({ level }) => level >= 40).map(({ msg, reason }) => `${msg}: ${reason ?? ''}`),
      ),
    ).toEqual(new Set(['not ready: The server is stopping; try again']));
  });
});
