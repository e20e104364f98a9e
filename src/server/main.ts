import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { sql } from 'kysely';
import { pino } from 'pino';
import { createApp } from './app.ts';
import { type Configuration, ConfigurationError, isLoopback, readConfiguration } from './configuration.ts';
import type { Database } from './db/database.ts';
import { migrate } from './db/migrate.ts';
import { openDatabase } from './db/open.ts';
import { DatabaseUnavailable } from './db/pool.ts';
import { applyDirectory } from './directory/apply.ts';
import { isDemoPossible, openDemo } from './demo/account.ts';
import { readDirectory } from './directory/read.ts';
import { createSingleSignOn } from './identity/single-sign-on.ts';
import { sessionSecret } from './identity/session-secret.ts';
import type { BackgroundWork } from './telemetry/background.ts';
import { startDemoTelemetry } from './demo/telemetry/emit.ts';
import { startPartitions } from './telemetry/partitions.ts';
import { startRetention } from './telemetry/retention.ts';
import { welcome } from './demo/welcome.ts';

const CONSOLE_FOLDER = join(import.meta.dirname, '../../dist');

/**
 * Limits of requests that read telemetry. The embedded database has one connection, which such a request blocks; on a server,
 * half of the connections stay free for other requests.
 */
const QUERIES = {
  embedded: { queryTimeoutMs: 2_000, queryWaitMs: 30_000, concurrentQueries: 1, penalizesCutOffs: true },
  server: { queryTimeoutMs: 30_000, queryWaitMs: 30_000, concurrentQueries: 10, penalizesCutOffs: false },
};

/** Time that running requests get to complete when the server stops. */
const STOP_TIMEOUT_MS = 10_000;

try {
  await start(readConfiguration(process.env));
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  process.stderr.write(`Cannot start: ${error.message}\n`);
  process.exitCode = 1;
}

/**
 * Starts the server and runs until SIGTERM or SIGINT. Checks everything that can prevent the start before it writes to the
 * database.
 */
async function start(configuration: Configuration): Promise<void> {
  const { databaseUrl, dataDir, port, host } = configuration;
  const log = pino({ level: configuration.logLevel, base: null });
  const directory = await readDirectoryFile(configuration);
  const database = await orConfigurationError('opened', openDatabase({ databaseUrl, dataDir, log }));
  const { db } = database;
  const server = createServer();
  try {
    await orConfigurationError('prepared', migrate(database));
    const servesDemo = !directory && (await isDemoPossible(db));
    if (servesDemo) refusePublicDemo(configuration);
    const secret = configuration.sessionSecret ?? (await sessionSecret(dataDir));

    const handler = handleWhenReady(server);
    const address = await listen(server, port, host);
    const publicUrl = configuration.publicUrl ?? `http://${urlHost(host)}:${address.port}`;
    if (directory) await applyDirectory({ db, log }, directory);
    const demo = servesDemo ? await openDemo({ db, log }) : undefined;
    const { oidc, passwordSignIn } = configuration;
    const app = createApp({
      db,
      telemetryDb: database.telemetryDb,
      cancelBackend: database.cancelBackend,
      ...QUERIES[database.kind],
      passwordSignIn,
      singleSignOn: oidc && createSingleSignOn({ ...oidc, secret, publicUrl }),
      log,
      now: Date.now,
      publicUrl,
      origins: originsOf(publicUrl),
      socketAddress: (c) => getConnInfo(c).remote.address ?? 'unknown',
      checkReady: async () => {
        await sql`select 1`.execute(db);
      },
      demoPeople: demo?.people ?? [],
      consoleFolder: existsSync(CONSOLE_FOLDER) ? CONSOLE_FOLDER : undefined,
    });
    handler.resolve(getRequestListener(app.fetch));
    const background = [
      startPartitions({ db, log, now: Date.now }),
      startRetention({ db, log, now: Date.now }),
    ];
    if (demo) background.push(startDemoTelemetry({ db, log, now: Date.now, orgs: demo.orgs }));
    stopOnSignals(server, database, background);
    log.info(
      { publicUrl, address: address.address, port: address.port, database: database.kind },
      'listening',
    );
    // Last, so that no log line hides the keys of the first start.
    if (demo) process.stdout.write(welcome(publicUrl, demo));
  } catch (error) {
    server.close();
    server.closeAllConnections();
    await database.close();
    throw error;
  }
}

/** Converts a database error during the start to a configuration error. */
async function orConfigurationError<Result>(done: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof DatabaseUnavailable) throw new ConfigurationError(cause.message, { cause });
    throw new ConfigurationError(`the database cannot be ${done}: ${messageOf(cause)}`, { cause });
  }
}

function refusePublicDemo({ host, publicUrl }: Configuration): void {
  if (isLoopback(host) && (!publicUrl || isLoopback(new URL(publicUrl).hostname))) return;
  throw new ConfigurationError(
    `the demo account has no passwords, so it is only served on this machine, not on HOST=${host}` +
      `${publicUrl ? ` with PUBLIC_URL=${publicUrl}` : ''}. Set DIRECTORY_FILE to a file with your own organizations.`,
  );
}

/** Accepts requests from the start, and answers them once the app is ready. */
function handleWhenReady(server: Server) {
  const handler = Promise.withResolvers<ReturnType<typeof getRequestListener>>();
  server.on('request', (request, response) => {
    void handler.promise.then((handle) => handle(request, response));
  });
  return handler;
}

async function readDirectoryFile({ directoryFile }: Configuration) {
  if (directoryFile === undefined) return undefined;
  const text = await readFile(directoryFile, 'utf8').catch((error: unknown) => {
    throw new ConfigurationError(`DIRECTORY_FILE cannot be read: ${messageOf(error)}`);
  });
  try {
    return readDirectory(text, process.env);
  } catch (error) {
    if (error instanceof ConfigurationError)
      error.message = `${directoryFile} has mistakes\n${error.message}`;
    throw error;
  }
}

function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const isTaken = 'code' in error && error.code === 'EADDRINUSE';
      reject(
        new ConfigurationError(
          isTaken
            ? `port ${port} is already in use. Stop the other program, or set PORT to another port.`
            : `cannot listen on ${urlHost(host)}:${port}: ${error.message}`,
        ),
      );
    });
    server.listen(port, host.replace(/^\[|\]$/g, ''), () => {
      const address = server.address();
      if (address !== null && typeof address === 'object') resolve(address);
    });
  });
}

/** On the first signal, completes running requests and closes the database. On the second, ends immediately. */
function stopOnSignals(server: Server, database: Database, background: readonly BackgroundWork[]): void {
  const stop = () => {
    for (const signal of ['SIGTERM', 'SIGINT']) process.removeListener(signal, stop);
    setTimeout(() => server.closeAllConnections(), STOP_TIMEOUT_MS).unref();
    const stopped = Promise.all(background.map((work) => work.stop()));
    server.close(() => void stopped.then(() => database.close()));
    server.closeIdleConnections();
  };
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, stop);
}

/** Returns the origins of the console. On this machine, all loopback names are equivalent. */
function originsOf(publicUrl: string): string[] {
  const { hostname, port, protocol, origin } = new URL(publicUrl);
  if (!isLoopback(hostname)) return [origin];
  return ['127.0.0.1', 'localhost', '[::1]'].map((name) => new URL(`${protocol}//${name}:${port}`).origin);
}

/** Returns the message of an error, or the code of a network error, which may have no message. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ('code' in error ? String(error.code) : error.name);
}

function urlHost(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}
