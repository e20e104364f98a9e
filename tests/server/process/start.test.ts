import { cp, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openEmbedded } from '../../../src/server/db/embedded.ts';
import { createServerDatabase, hasServer } from '../../support/databases.ts';
import { endAll, refusedStart, startServer } from '../../support/process.ts';

const SECRET = 'a secret of no importance but long';

const DIRECTORY = `
accounts:
  - name: Acme
    orgs:
      - name: Acme Production
        site: us1
        roles: [{ name: Admin, permissions: [org_connections_read, org_connections_write] }]
        users: [{ email: admin@acme.example, password: a-password-of-admin, roles: [Admin] }]
        api_keys: [{ name: ci, key: "\${API_KEY}" }]
        application_keys: [{ name: cli, key: "\${APPLICATION_KEY}", user: admin@acme.example }]
      - { id: 22222222-2222-4222-8222-222222222222, name: Acme Staging, site: us1 }
`;
const KEYS = { API_KEY: 'an-api-key-of-production', APPLICATION_KEY: 'an-app-key-of-production' };
const HEADERS = { 'DD-API-KEY': KEYS.API_KEY, 'DD-APPLICATION-KEY': KEYS.APPLICATION_KEY };

/** Data of the demo account, which most tests start from, because making a new database takes seconds. */
let demoData: string;
beforeAll(async () => {
  demoData = await mkdtemp(join(tmpdir(), 'cross-org-visibility-demo-'));
  const server = await startServer({ DATA_DIR: demoData });
  await server.end('SIGTERM');
});
afterAll(() => rm(demoData, { recursive: true }));
afterEach(endAll);

describe('the product, started without any configuration', () => {
  it('serves the demo account, prints its keys once, and keeps what was done in it', async () => {
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

  it('writes one line a request, without its query, keys or cookies', async () => {
    const server = await startServer({ DATA_DIR: await demoFolder() });
    await fetch(`${server.url}/api/v2/org_connections?secret=in-query`, {
      headers: { 'DD-API-KEY': 'secret-in-header', Cookie: 'session=secret-in-cookie' },
    });
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
    ]);
    expect(server.output()).not.toMatch(/in-query|in-header|in-cookie/);
  });

  it('is refused to a second process on the same data', async () => {
    const DATA_DIR = await demoFolder();
    await startServer({ DATA_DIR });
    const { code, output } = await refusedStart({ DATA_DIR });
    expect(code).toBe(1);
    expect(output).toContain(`The data directory ${DATA_DIR} is already in use`);
    expect(output).not.toContain('    at ');
  });
});

describe('the product, configured', () => {
  it('serves those whom the directory file names, and no demo', async () => {
    const { port, output } = await startBehindProxy();
    const response = await fetch(`http://127.0.0.1:${port}/api/v2/org_connections`, { headers: HEADERS });
    expect(response.status).toBe(200);
    const demo = await fetch(`http://127.0.0.1:${port}/api/console/demo-people`);
    expect(await demo.json()).toEqual({ people: [] });
    expect(output()).not.toContain('demo account');
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

  it.each<[string, Record<string, string>, string[]]>([
    ['a port that is none', { PORT: 'eighty' }, ['PORT must be a port']],
    ['an address that is none', { PUBLIC_URL: 'acme' }, ['PUBLIC_URL must be an http or https address']],
    [
      'another database',
      { DATABASE_URL: 'mysql://localhost' },
      ['DATABASE_URL must be a postgres:// address'],
    ],
    ['a short secret', { SESSION_SECRET: 'short' }, ['SESSION_SECRET must have at least 32 characters']],
    ['an unknown level', { LOG_LEVEL: 'loud' }, ['LOG_LEVEL must be one of fatal, error, warn, info']],
    [
      'no secret beside a database',
      { DATABASE_URL: 'postgres://localhost/x' },
      ['SESSION_SECRET is required beside DATABASE_URL'],
    ],
    ['several mistakes', { PORT: '-1', LOG_LEVEL: 'loud' }, ['PORT', 'LOG_LEVEL']],
    [
      'a database that does not answer',
      { DATABASE_URL: 'postgres://127.0.0.1:1/x', SESSION_SECRET: SECRET },
      ['the database cannot be opened: connect ECONNREFUSED'],
    ],
    [
      'a directory file that is not there',
      { DIRECTORY_FILE: '/nowhere.yaml' },
      ['DIRECTORY_FILE cannot be read'],
    ],
    ['an address with a path', { PUBLIC_URL: 'https://acme.example/cov' }, ['PUBLIC_URL must have no path']],
    [
      'an address for all without a public one',
      { HOST: '0.0.0.0' },
      ['PUBLIC_URL is required beside HOST=0.0.0.0'],
    ],
  ])('refuses to start with %s, in clear words', async (_, environment, words) => {
    const { code, output } = await refusedStart({ DATA_DIR: await demoFolder(), ...environment });
    expect(code).toBe(1);
    for (const word of words) expect(output).toContain(word);
    expect(output).not.toContain('    at ');
  });

  it('refuses to start with a mistake in the directory file, and names its line', async () => {
    const DIRECTORY_FILE = await directoryFile(
      DIRECTORY.replace('org_connections_write', 'org_connections_wite'),
    );
    const { code, output } = await refusedStart({ DATA_DIR: await demoFolder(), DIRECTORY_FILE, ...KEYS });
    expect(code).toBe(1);
    expect(output).toContain(`${DIRECTORY_FILE} has mistakes`);
    expect(output).toContain('line 7: ');
    expect(output).toContain('unknown permission "org_connections_wite"');
  });

  it.each([
    { HOST: '0.0.0.0', PUBLIC_URL: 'http://cov.acme.example' },
    { PUBLIC_URL: 'https://cov.acme.example' },
  ])('refuses to serve the demo to everybody, and leaves none behind: %j', async (environment) => {
    const DATA_DIR = await emptyFolder();
    const { code, output } = await refusedStart({ DATA_DIR, ...environment });
    expect(code).toBe(1);
    expect(output).toContain('the demo account lets anybody in');

    const DIRECTORY_FILE = await directoryFile(DIRECTORY);
    const server = await startServer({ DATA_DIR, DIRECTORY_FILE, ...KEYS, LOG_LEVEL: 'info' });
    await server.end('SIGTERM');
    const database = await openEmbedded({ dataDir: DATA_DIR });
    const accounts = await database.db.selectFrom('account').select('name').execute();
    await database.close();
    expect(accounts).toEqual([{ name: 'Acme' }]);
  });

  it('refuses a secret that was damaged', async () => {
    const DATA_DIR = await demoFolder();
    await writeFile(join(DATA_DIR, 'session-secret'), '');
    const { code, output } = await refusedStart({ DATA_DIR });
    expect(code).toBe(1);
    expect(output).toContain('session-secret is damaged');
  });

  it('gives cookies to https alone when its address is https', async () => {
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
    const server = await startServer({ DATA_DIR: await demoFolder() }, ['--watch']);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    await server.end('SIGTERM');
  });

  it('refuses a port that is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    const { port } = await new Promise<{ port: number }>((resolve) =>
      taken.once('listening', () => resolve(taken.address() as { port: number })),
    );
    const { code, output } = await refusedStart({ DATA_DIR: await demoFolder(), PORT: String(port) });
    expect(code).toBe(1);
    expect(output).toContain(`cannot listen on 127.0.0.1:${port}`);
  });
});

describe('the product, ended in the middle of writes', () => {
  it('has kept everything that it answered with success, each time', async () => {
    const DATA_DIR = await demoFolder();
    const DIRECTORY_FILE = await directoryFile(DIRECTORY);
    const environment = { DATA_DIR, DIRECTORY_FILE, ...KEYS, LOG_LEVEL: 'info' };
    for (let round = 0; round < 4; round += 1) {
      const server = await startServer(environment);
      const api = `${server.url}/api/v2/org_connections`;
      const call = async (method: string, path = '', body?: object) => {
        const init = { method, headers: HEADERS, ...(body && { body: JSON.stringify(body) }) };
        const response = await fetch(api + path, init);
        return { status: response.status, body: (await response.json()) as { data: { id: string } } };
      };
      const existing = (await (await fetch(api, { headers: HEADERS })).json()) as { data: { id: string }[] };
      for (const { id } of existing.data) await call('DELETE', `/${id}`);
      const created = await call('POST', '', CREATE);
      expect(created.status).toBe(200);
      const { id } = created.body.data;

      let answered: string[] = ['metrics'];
      let asked: string[] = answered;
      let answers = 0;
      const writing = (async () => {
        for (let write = 0; ; write += 1) {
          asked = [['logs'], ['audit'], ['metrics', 'logs'], ['logs', 'audit']][write % 4] ?? [];
          const attributes = { connection_types: asked };
          const { status } = await call('PATCH', `/${id}`, {
            data: { type: 'org_connection', id, attributes },
          });
          expect(status).toBe(200);
          answered = asked;
          answers += 1;
        }
      })().catch((error: unknown) => expect(String(error)).toContain('fetch failed'));
      await expect.poll(() => answers, { interval: 3, timeout: 10_000 }).toBeGreaterThan(10 + 7 * round);
      await server.end('SIGKILL');
      await writing;

      const again = await startServer(environment);
      const response = await fetch(`${again.url}/api/v2/org_connections/${id}`, { headers: HEADERS });
      const { data } = (await response.json()) as { data: { attributes: { connection_types: string[] } } };
      // The write that was under way may have been kept without its answer having arrived.
      expect([answered, asked]).toContainEqual(data.attributes.connection_types);
      expect(await again.end('SIGTERM')).toBe(0);
    }
  }, 120_000);
});

const CREATE = {
  data: {
    type: 'org_connection',
    relationships: { sink_org: { data: { type: 'orgs', id: '22222222-2222-4222-8222-222222222222' } } },
  },
};

/** The product as it runs behind a proxy that terminates TLS. */
async function startBehindProxy() {
  const DIRECTORY_FILE = await directoryFile(DIRECTORY);
  const server = await startServer({
    DATA_DIR: await demoFolder(),
    DIRECTORY_FILE,
    ...KEYS,
    PUBLIC_URL: 'https://cov.acme.example',
  });
  const { port } = /"port":(?<port>\d+)/.exec(server.output())?.groups ?? {};
  return { port, output: () => server.output(), end: (signal: NodeJS.Signals) => server.end(signal) };
}

async function emptyFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'cross-org-visibility-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function demoFolder(): Promise<string> {
  const path = await emptyFolder();
  await cp(demoData, path, { recursive: true });
  return path;
}

async function directoryFile(text: string): Promise<string> {
  const path = join(await emptyFolder(), 'directory.yaml');
  await writeFile(path, text);
  return path;
}
