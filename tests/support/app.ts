import type { HttpBindings } from '@hono/node-server';
import { PATHS } from '../../src/contract/paths.ts';
import { createApp } from '../../src/server/app.ts';
import type { Database } from '../../src/server/db/database.ts';
import { applyDirectory } from '../../src/server/directory/apply.ts';
import type { Dependencies } from '../../src/server/http/env.ts';
import { RateLimiter } from '../../src/server/http/rate-limits.ts';
import { hashPassword } from '../../src/server/identity/passwords.ts';
import { adminKeys, connectionTo, ORG, type OrgKey, PASSWORD, TEST_DIRECTORY } from './account.ts';
import { log } from './log.ts';
import { TIME_FACTOR } from './time-factor.ts';

export const ORIGIN = 'http://localhost:3000';

export interface TestApp {
  /** The app itself: a function from Request to Response. */
  fetch(request: Request, env?: HttpBindings): Promise<Response>;
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Calls the API with a JSON body and returns the response. */
  call(method: string, path: string, headers?: Record<string, string>, body?: unknown): Promise<Answer>;
  /** Connects two organizations as the source's administrator; returns the connection's id. */
  connect(source: OrgKey, sink: OrgKey, attributes?: object): Promise<string>;
  database: Database;
}

interface Answer {
  status: number;
  body: unknown;
}

/** One hash for all passwords, which are the same: hashing each would take longer than most tests. */
const passwordHash = hashPassword(PASSWORD);

/** Lists the app's routes, with parameters as `:name`. */
export function listRoutes(): { method: string; path: string }[] {
  const { routes } = createApp({
    origins: [],
    publicUrl: ORIGIN,
    concurrentQueries: 1,
    concurrentIntake: 1,
  } as unknown as Dependencies);
  const handled = routes.filter(({ method }) => method !== 'ALL');
  const unique = new Map(handled.map(({ method, path }) => [`${method} ${path}`, { method, path }]));
  return [...unique.values()];
}

/** Creates the real app over a migrated database, and applies the test directory. */
export async function startApp(database: Database, overrides: Partial<Dependencies> = {}): Promise<TestApp> {
  await applyDirectory({ db: database.db, log }, TEST_DIRECTORY, () => passwordHash);
  return createTestApp(database, overrides);
}

/** Creates the real app over a migrated database. */
export function createTestApp(database: Database, overrides: Partial<Dependencies> = {}): TestApp {
  const app = createApp({
    db: database.db,
    telemetryDb: database.telemetryDb,
    penalizesCutOffs: false,
    cancelBackend: database.cancelBackend,
    queryTimeoutMs: 30_000 * TIME_FACTOR,
    queryWaitMs: 30_000 * TIME_FACTOR,
    concurrentQueries: 10,
    concurrentIntake: 4,
    passwordSignIn: true,
    singleSignOn: undefined,
    log,
    now: Date.now,
    rateLimiter: new RateLimiter({ api: 0, queries: 0, intake: 0 }, Date.now),
    metrics: undefined,
    publicUrl: ORIGIN,
    origins: [ORIGIN],
    clientAddress: () => '192.0.2.1',
    checkReady: async () => {
      await database.db.selectFrom('account').select('id').execute();
    },
    demoPeople: [],
    ...overrides,
  });
  const request: TestApp['request'] = async (path, init) => app.request(path, init);
  const call: TestApp['call'] = async (method, path, headers = {}, body?) => {
    const response = await request(path, {
      method,
      headers: { 'Content-Type': 'application/json', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text === '' ? undefined : withoutCodes(JSON.parse(text), 'DD-API-KEY' in headers),
    };
  };
  return {
    fetch: async (incoming, env) => app.fetch(incoming, env),
    request,
    call,
    async connect(source, sink, attributes) {
      const { status, body } = await call(
        'POST',
        PATHS.orgConnections,
        adminKeys(source),
        connectionTo(ORG[sink], attributes),
      );
      if (status !== 200)
        throw new Error(`${source} and ${sink} cannot be connected: ${JSON.stringify(body)}`);
      return (body as { data: { id: string } }).data.id;
    },
    database,
  };
}

/** Checks the codes of an error body, which only the console gets, one for each text. Tests then compare the texts. */
function withoutCodes(body: unknown, isProgram: boolean): unknown {
  if (typeof body !== 'object' || body === null || !('errors' in body && 'codes' in body)) return body;
  const { codes, ...rest } = body;
  if (isProgram || (codes as unknown[]).length !== (rest.errors as unknown[]).length) {
    throw new Error(`Unexpected codes: ${JSON.stringify(body)}`);
  }
  return rest;
}
