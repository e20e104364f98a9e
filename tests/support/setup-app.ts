import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Database } from '../../src/server/db/database.ts';
import type { Dependencies } from '../../src/server/http/env.ts';
import { startApp, type TestApp } from './app.ts';
import { emptyDatabase, type OpenDatabase, openTestDatabase } from './databases.ts';
import { listen } from './listen.ts';

/** Starts the app with the test directory, for all tests of a file or suite. The database is embedded, unless `open` is given. */
export function setUpApp(overrides: Partial<Dependencies> = {}, open?: OpenDatabase): TestApp {
  let app: TestApp | undefined;
  const database = setUpDatabase(open);
  beforeAll(async () => {
    app = await startApp(database(), overrides);
  });
  return current(() => started(app));
}

/** Starts the app for each test of a file or suite, with the test directory and nothing else in its database. */
export function setUpFreshApp(open?: OpenDatabase): TestApp {
  let app: TestApp | undefined;
  const database = setUpDatabase(open);
  beforeEach(async () => {
    await emptyDatabase(database());
    app = await startApp(database());
  });
  return current(() => started(app));
}

/** Serves an app on a free port, for all tests of a file or suite. */
export function setUpServer(app: TestApp): { readonly url: string } {
  let server: Awaited<ReturnType<typeof listen>> | undefined;
  beforeAll(async () => {
    server = await listen(app);
  });
  afterAll(() => server?.close());
  return {
    get url() {
      return started(server).url;
    },
  };
}

/** Opens a database for all tests. One from `open` is closed by its suite. */
function setUpDatabase(open?: OpenDatabase): () => Database {
  let database: Database | undefined;
  beforeAll(async () => {
    database = await (open ?? openTestDatabase)();
  });
  if (!open) afterAll(() => database?.close());
  return () => started(database);
}

/** An app that stands for the one of the current test. */
function current(app: () => TestApp): TestApp {
  return {
    fetch: (request, env) => app().fetch(request, env),
    request: (path, init) => app().request(path, init),
    call: (...call) => app().call(...call),
    connect: (...connection) => app().connect(...connection),
    get database() {
      return app().database;
    },
  };
}

function started<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('Use this in a test or hook');
  return value;
}
