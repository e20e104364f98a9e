import { stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { openEmbedded } from '../../../src/server/db/embedded/embedded-database.ts';
import { createServerDatabase, hasServer } from '../../support/databases.ts';
import {
  dataDirectory,
  DIRECTORY,
  directoryFile,
  emptyFolder,
  HEADERS,
  KEYS,
} from '../../support/installation.ts';
import { runSql } from '../../support/postgres.ts';
import { endAll, refusedStart, startServer, stopStart } from '../../support/process.ts';
import { TIME_FACTOR } from '../../support/time-factor.ts';

const SECRET = 'a secret of no importance but long';

afterEach(endAll);

describe('the product, started without any configuration', () => {
  // It makes a database and starts twice, which takes a busy machine its time.
  it('serves the demo account, prints its keys once, and keeps changes', async () => {
    const DATA_DIR = await emptyFolder();
    const first = await startServer({ DATA_DIR });
    await expect.poll(() => first.output()).toContain('Stop with Ctrl+C');
    const [apiKey, applicationKey] = ['DD-API-KEY', 'DD-APPLICATION-KEY'].map(
      (name) => new RegExp(`${name}: (\\w+)`).exec(first.output())?.[1] ?? '',
    );
    const keys = { 'DD-API-KEY': apiKey ?? '', 'DD-APPLICATION-KEY': applicationKey ?? '' };
    const list = async (url: string) => {
      const response = await fetch(`${url}/api/v2/org_connections`, { headers: keys });
      const { data } = (await response.json()) as { data: { id: string }[] };
      return data.map(({ id }) => id);
    };
    const [deleted = '', ...kept] = await list(first.url);
    await fetch(`${first.url}/api/v2/org_connections/${deleted}`, { method: 'DELETE', headers: keys });
    expect(await first.end('SIGTERM')).toBe(0);

    const second = await startServer({ DATA_DIR });
    expect(await list(second.url)).toEqual(kept);
    expect(second.output()).not.toContain(apiKey);
    const { mode } = await stat(join(DATA_DIR, 'session-secret'));
    expect(mode & 0o077).toBe(0);
    expect(await second.end('SIGINT')).toBe(0);
  });

  it('logs one line per request, without query, keys or cookies', async () => {
    const server = await startServer({ DATA_DIR: await dataDirectory() });
    await fetch(`${server.url}/api/v2/org_connections?secret=in-query`, {
      headers: { 'DD-API-KEY': 'secret-in-header', Cookie: 'session=secret-in-cookie' },
    });
    await fetch(`${server.url}/invitations/secret-in-link`);
    await server.end('SIGTERM');
    const lines = server
      .output()
      .split('\n')
      .filter((line) => line.includes('"msg":"request"'))
      .map((line): unknown => JSON.parse(line));
    expect(lines).toEqual([
      expect.objectContaining({
        method: 'GET',
        path: '/api/v2/org_connections',
        status: 401,
        ms: expect.any(Number),
      }),
      expect.objectContaining({ path: '/invitations/...' }),
    ]);
    expect(server.output()).not.toMatch(/in-query|in-header|in-cookie|in-link/);
  });

  it('has metrics with a token, and still ends when it is told to', async () => {
    const METRICS_TOKEN = 'token-of-metrics-0000';
    const server = await startServer({ DATA_DIR: await dataDirectory(), METRICS_TOKEN });
    const scrape = () =>
      fetch(`${server.url}/metrics`, { headers: { Authorization: `Bearer ${METRICS_TOKEN}` } });
    await scrape();
    const text = await (await scrape()).text();
    expect(text).toContain('route="/metrics",status="200"} 1\n');
    expect(text).toContain('database_connections{state="total"} 1\n');
    expect(await server.end('SIGTERM')).toBe(0);
    expect(server.output()).not.toContain(METRICS_TOKEN);
  });

  it('refuses a second process on the same data directory', async () => {
    const DATA_DIR = await dataDirectory();
    await startServer({ DATA_DIR });
    const { code, output } = await refusedStart({ DATA_DIR });
    expect(code).toBe(1);
    expect(output).toContain(`The data directory ${DATA_DIR} is already in use`);
    expect(output).not.toContain('    at ');
  });
});

describe('the product, while it applies a large directory file', () => {
  it('answers health checks, and logs its progress', { timeout: 180_000 * TIME_FACTOR }, async () => {
    const PORT = await freePort();
    const state = { isStarted: false };
    const starting = startServer({
      PORT,
      DATA_DIR: await dataDirectory(),
      DIRECTORY_FILE: await largeDirectoryFile(),
      ...KEYS,
    }).finally(() => (state.isStarted = true));
    const seen = new Set<string>();
    while (!state.isStarted) {
      for (const path of ['/healthz', '/readyz', '/api/v2/org_connections']) {
        const response = await fetch(`http://127.0.0.1:${PORT}${path}`).catch(() => undefined);
        if (response && !state.isStarted) seen.add(`${response.status} ${await response.text()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const server = await starting;
    expect([...seen]).toContain('200 {"status":"ok"}');
    expect([...seen]).toContain('503 {"status":"not ready","reason":"The server is starting; try again"}');
    expect([...seen]).toContain('503 {"errors":["The server is starting; try again"]}');
    expect(server.output()).toContain('"msg":"applying the directory file"');
    expect(server.output()).toContain('"msg":"directory file applied"');
  });
});

describe('the product, stopped while it starts', () => {
  it('ends without an error, and starts again', { timeout: 180_000 * TIME_FACTOR }, async () => {
    const environment = {
      DATA_DIR: await dataDirectory(),
      DIRECTORY_FILE: await largeDirectoryFile(),
      LOG_LEVEL: 'info',
      ...KEYS,
    };
    const { code, output } = await stopStart(environment, '"msg":"applying the directory file"', 'SIGTERM');
    expect({ code, output }).toMatchObject({ code: 0, output: expect.not.stringContaining('Cannot start') });
    expect(output).not.toContain('"msg":"listening"');
    expect(output).not.toContain('    at ');
    expect(await (await startServer(environment)).end('SIGTERM')).toBe(0);
  });
});

/** A directory file whose passwords take seconds to hash. */
function largeDirectoryFile(): Promise<string> {
  const users = Array.from(
    { length: 80 },
    (_, n) => `{ email: u${n}@acme.example, password: password-${n} }`,
  );
  return directoryFile(DIRECTORY.replace('users: [', `users: [${users.join(', ')}, `));
}

async function freePort(): Promise<string> {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as { port: number };
  await new Promise((resolve) => taken.close(resolve));
  return String(port);
}

describe('the product, configured', () => {
  it('serves the users of the directory file, and no demo', async () => {
    const { port, output } = await startBehindProxy();
    const response = await fetch(`http://127.0.0.1:${port}/api/v2/org_connections`, { headers: HEADERS });
    expect(response.status).toBe(200);
    const demo = await fetch(`http://127.0.0.1:${port}/api/console/demo-people`);
    expect(await demo.json()).toEqual({ people: [] });
    expect(output()).not.toContain('demo account');
  });

  it('takes the address of a client from a trusted proxy', async () => {
    const server = await startServer({ DATA_DIR: await dataDirectory(), TRUST_PROXY: '1' });
    const { people } = (await (await fetch(`${server.url}/api/console/demo-people`)).json()) as {
      people: { email: string }[];
    };
    const response = await fetch(`${server.url}/api/console/demo-session`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Origin: server.url,
        'X-Forwarded-For': '6.6.6.6, 198.51.100.7',
      },
      body: JSON.stringify({ email: people[0]?.email }),
    });
    expect(response.status).toBe(200);
    await expect.poll(() => server.output()).toContain('"ip":"198.51.100.7"');
  });

  it.skipIf(!hasServer())('runs on a PostgreSQL server', async () => {
    const { databaseUrl, drop } = await createServerDatabase();
    onTestFinished(drop);
    const environment = {
      DATABASE_URL: databaseUrl,
      SESSION_SECRET: SECRET,
      DIRECTORY_FILE: await directoryFile(DIRECTORY),
      ...KEYS,
    };
    const servers = await Promise.all([startServer(environment), startServer(environment)]);
    for (const { url } of servers) {
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
      expect((await fetch(`${url}/api/v2/org_connections`, { headers: HEADERS })).status).toBe(200);
    }
    expect(await Promise.all(servers.map((server) => server.end('SIGTERM')))).toEqual([0, 0]);
  });

  it.skipIf(!hasServer())('refuses to start on a PostgreSQL server that is read-only', async () => {
    const { databaseUrl, drop } = await createServerDatabase();
    onTestFinished(drop);
    const name = new URL(databaseUrl).pathname.slice(1);
    await runSql(databaseUrl, `alter database ${name} set default_transaction_read_only = on`);
    const { code, output } = await refusedStart({ DATABASE_URL: databaseUrl, SESSION_SECRET: SECRET });
    expect(code).toBe(1);
    expect(output).toContain('Cannot start: the database is read-only');
    expect(output).toContain('Set DATABASE_URL to a server that accepts changes.');
    expect(output).not.toContain('    at ');
  });

  it.each<[string, Record<string, string>, string]>([
    [
      'a configuration with mistakes',
      { PORT: 'eighty', LOG_LEVEL: 'loud' },
      'PORT must be a port number from 0 to 65535\nLOG_LEVEL must be',
    ],
    [
      'a database that does not answer',
      { DATABASE_URL: 'postgres://127.0.0.1:1/x', SESSION_SECRET: SECRET },
      'the database cannot be reached: connect ECONNREFUSED',
    ],
    [
      'a directory file that is not there',
      { DIRECTORY_FILE: '/nowhere.yaml' },
      'DIRECTORY_FILE cannot be read: ENOENT',
    ],
  ])('refuses to start with %s', async (_, environment, words) => {
    const { code, output } = await refusedStart({ DATA_DIR: await emptyFolder(), ...environment });
    expect(code).toBe(1);
    expect(output).toContain(words);
    expect(output).not.toContain('    at ');
  });

  it('refuses to start with a mistake in the directory file, and names its line', async () => {
    const DIRECTORY_FILE = await directoryFile(
      DIRECTORY.replace('org_connections_write', 'org_connections_wite'),
    );
    const { code, output } = await refusedStart({ DATA_DIR: await dataDirectory(), DIRECTORY_FILE, ...KEYS });
    expect(code).toBe(1);
    expect(output).toContain(`${DIRECTORY_FILE} has mistakes`);
    expect(output).toContain('line 7: ');
    expect(output).toContain('unknown permission "org_connections_wite"');
  });

  it.each([
    { HOST: '0.0.0.0', PUBLIC_URL: 'http://cov.acme.example' },
    { PUBLIC_URL: 'https://cov.acme.example' },
  ])('refuses to serve the demo to other machines, and does not create it: %j', async (environment) => {
    const DATA_DIR = await dataDirectory();
    const { code, output } = await refusedStart({ DATA_DIR, ...environment });
    expect(code).toBe(1);
    expect(output).toContain('the demo account has no passwords');

    const database = await openEmbedded({ dataDir: DATA_DIR });
    expect(await database.db.selectFrom('account').select('name').execute()).toEqual([]);
    await database.close();
  });

  it('starts while the single sign-on provider is down, with passwords switched off', async () => {
    const { url } = await startServer({
      DATA_DIR: await dataDirectory(),
      DIRECTORY_FILE: await directoryFile(DIRECTORY),
      ...KEYS,
      OIDC_ISSUER: 'http://127.0.0.1:1',
      OIDC_CLIENT_ID: 'console',
      OIDC_LABEL: 'Acme ID',
      PASSWORD_SIGN_IN: 'off',
    });
    const methods = await fetch(`${url}/api/console/sign-in-methods`);
    expect(await methods.json()).toEqual({ passwords: false, single_sign_on: { label: 'Acme ID' } });
    const start = await fetch(`${url}/api/console/oidc/start`, { redirect: 'manual' });
    expect(start.headers.get('Location')).toBe(`${url}/sign-in?error=unavailable`);
  });

  it('refuses a damaged session secret', async () => {
    const DATA_DIR = await dataDirectory();
    await writeFile(join(DATA_DIR, 'session-secret'), '');
    const { code, output } = await refusedStart({ DATA_DIR });
    expect(code).toBe(1);
    expect(output).toContain('session-secret is damaged');
  });

  it('sets Secure cookies if its address is https', async () => {
    const { port, end } = await startBehindProxy();
    const response = await fetch(`http://127.0.0.1:${port}/api/console/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: 'https://cov.acme.example' },
      body: JSON.stringify({ email: 'admin@acme.example', password: 'a-password-of-admin' }),
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('Set-Cookie')).toMatch(/^__Secure-.*; HttpOnly; Secure; SameSite=Lax/);
    await end('SIGTERM');
  });

  it('starts while its files are watched, as in development', async () => {
    const server = await startServer({ DATA_DIR: await dataDirectory() }, { nodeFlags: ['--watch'] });
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    await server.end('SIGTERM');
  });

  it('refuses a port in use, and prints the keys of the demo at the next start', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    const { port } = await new Promise<{ port: number }>((resolve) =>
      taken.once('listening', () => resolve(taken.address() as { port: number })),
    );
    const DATA_DIR = await dataDirectory();
    const { code, output } = await refusedStart({ DATA_DIR, PORT: String(port) });
    expect(code).toBe(1);
    expect(output).toContain(`port ${port} is already in use`);

    const server = await startServer({ DATA_DIR });
    await expect.poll(() => server.output()).toContain('DD-API-KEY: ');
  });
});

/** The product as it runs behind a proxy that terminates TLS. */
async function startBehindProxy() {
  const DIRECTORY_FILE = await directoryFile(DIRECTORY);
  const server = await startServer({
    DATA_DIR: await dataDirectory(),
    DIRECTORY_FILE,
    ...KEYS,
    PUBLIC_URL: 'https://cov.acme.example',
  });
  const { port } = /"port":(?<port>\d+)/.exec(server.output())?.groups ?? {};
  return { port, output: () => server.output(), end: (signal: NodeJS.Signals) => server.end(signal) };
}
