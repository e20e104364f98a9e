import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Logger } from 'pino';
import { DomainError } from '../rules/errors.ts';
import { createApp, createStartingApp } from './app.ts';
import { type Configuration, ConfigurationError, isLoopback, readConfiguration } from './configuration.ts';
import type { Database } from './db/database.ts';
import { migrate } from './db/migrate.ts';
import { openDatabase } from './db/open.ts';
import { DatabaseReadOnly, DatabaseUnavailable } from './db/pool.ts';
import { applyDirectory } from './directory/apply.ts';
import { type Demo, isDemoPossible, openDemo } from './demo/account.ts';
import { readDirectory } from './directory/read.ts';
import type { Directory } from './directory/schema.ts';
import { clientAddress } from './http/client-address.ts';
import { Metrics } from './http/metrics.ts';
import { RateLimiter, startSharingRates } from './http/rate-limits.ts';
import { createLog } from './http/request-log.ts';
import { type HttpServer, listen } from './http/server.ts';
import { createSingleSignOn } from './identity/single-sign-on.ts';
import { sessionSecret } from './identity/session-secret.ts';
import type { BackgroundWork } from './telemetry/background.ts';
import { startDemoTelemetry } from './demo/telemetry/emit.ts';
import { startPartitions } from './telemetry/partitions.ts';
import { startRetention } from './telemetry/retention.ts';
import { welcome } from './demo/welcome.ts';

const CONSOLE_FOLDER = join(import.meta.dirname, '../../dist');

/**
 * Limits of requests that read or store telemetry. The embedded database has one connection, which such a request blocks; on a server,
 * half of the connections stay free for other requests.
 */
const QUERIES = {
  embedded: {
    queryTimeoutMs: 2_000,
    queryWaitMs: 30_000,
    concurrentQueries: 1,
    concurrentIntake: 1,
    penalizesCutOffs: true,
  },
  server: {
    queryTimeoutMs: 30_000,
    queryWaitMs: 30_000,
    concurrentQueries: 10,
    concurrentIntake: 4,
    penalizesCutOffs: false,
  },
};

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Time in which load balancers see that the server stops. Not on Ctrl+C. */
const STOP_ACCEPT_MS = 1_000;
/** Time that running requests get to complete when the server stops. */
const STOP_COMPLETE_MS = 10_000;

try {
  await start(readConfiguration(process.env));
} catch (error) {
  if (!(error instanceof ConfigurationError || error instanceof DatabaseUnavailable)) throw error;
  process.stderr.write(`Cannot start: ${error.message}\n`);
  process.exitCode = 1;
}

/**
 * Starts the server and runs until SIGTERM or SIGINT. Checks everything that can prevent the start before it writes to the
 * database.
 */
async function start(configuration: Configuration): Promise<void> {
  const { databaseUrl, dataDir, host } = configuration;
  const log = createLog(configuration.logLevel);
  const directory = await readDirectoryFile(configuration);
  const database = await orConfigurationError('opened', openDatabase({ databaseUrl, dataDir, log }));
  const { db } = database;
  let http: HttpServer | undefined;
  try {
    const listening = await listenOrExplain(configuration, log);
    http = listening;
    let background: BackgroundWork[] | undefined;
    stopOnSignals(listening, database, () => background);
    await orConfigurationError('prepared', migrate(database));
    const servesDemo = !directory && (await isDemoPossible(db));
    if (servesDemo) refusePublicDemo(configuration);
    const secret = configuration.sessionSecret ?? (await sessionSecret(dataDir));

    const { address } = listening;
    const publicUrl = configuration.publicUrl ?? `http://${urlHost(host)}:${address.port}`;
    const demo = await loadAccounts(database, log, { directory, servesDemo });
    const { oidc, passwordSignIn } = configuration;
    const rateLimiter = new RateLimiter(configuration.rateLimits, Date.now);
    const metrics =
      configuration.metrics &&
      new Metrics({ ...configuration.metrics, connections: () => database.connections() });
    const app = createApp({
      db,
      telemetryDb: database.telemetryDb,
      cancelBackend: database.cancelBackend,
      ...QUERIES[database.kind],
      passwordSignIn,
      singleSignOn: oidc && createSingleSignOn({ ...oidc, secret, publicUrl }),
      log,
      now: Date.now,
      rateLimiter,
      metrics,
      publicUrl,
      origins: originsOf(publicUrl),
      clientAddress: (c) =>
        clientAddress(
          getConnInfo(c).remote.address ?? 'unknown',
          c.req.header('X-Forwarded-For'),
          configuration.trustedProxies,
        ),
      checkReady: async () => {
        if (listening.isStopping) throw new DomainError('unavailable', 'server_stopping');
        await database.checkReady();
      },
      demoPeople: demo?.people ?? [],
      consoleFolder: existsSync(CONSOLE_FOLDER) ? CONSOLE_FOLDER : undefined,
    });
    background = [startPartitions({ db, log, now: Date.now }), startRetention({ db, log, now: Date.now })];
    if (database.kind === 'server') background.push(startSharingRates({ db, rateLimiter, log }));
    if (demo) background.push(startDemoTelemetry({ db, log, now: Date.now, orgs: demo.orgs }));
    listening.serve(app);
    log.info(
      { publicUrl, address: address.address, port: address.port, database: database.kind },
      'listening',
    );
    // Last, so that no log line hides the keys of the first start.
    if (demo) process.stdout.write(welcome(publicUrl, demo));
  } catch (error) {
    http?.abort();
    await database.close();
    throw error;
  }
}

/** Applies the directory file, or opens the demo. Both may wait for other servers that do the same. */
async function loadAccounts(
  database: Database,
  log: Logger,
  { directory, servesDemo }: { directory: Directory | undefined; servesDemo: boolean },
): Promise<Demo | undefined> {
  return database.withLongTimeout(async (db) => {
    if (directory) await applyDirectory({ db, log }, directory);
    return servesDemo ? openDemo({ db, log }) : undefined;
  });
}

/** Converts a database error during the start to a configuration error. */
async function orConfigurationError<Result>(done: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof DatabaseReadOnly) {
      throw new ConfigurationError(`${cause.message}. Set DATABASE_URL to a server that accepts changes.`, {
        cause,
      });
    }
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

async function listenOrExplain({ host, port }: Configuration, log: Logger): Promise<HttpServer> {
  try {
    return await listen({ host: host.replace(/^\[|\]$/g, ''), port }, createStartingApp(log));
  } catch (error) {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw new ConfigurationError(
      isTaken
        ? `port ${port} is already in use. Stop the other program, or set PORT to another port.`
        : `cannot listen on ${urlHost(host)}:${port}: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

/**
 * On the first signal, completes running requests and closes the database. On the second, ends immediately.
 *
 * @param background returns the background work; undefined while the server starts
 */
function stopOnSignals(
  http: HttpServer,
  database: Database,
  background: () => readonly BackgroundWork[] | undefined,
): void {
  const stop = (signal: NodeJS.Signals) => {
    for (const other of SIGNALS) process.removeListener(other, stop);
    const acceptMs = signal === 'SIGTERM' ? STOP_ACCEPT_MS : 0;
    const work = background();
    void Promise.all([
      http.stop({ acceptMs, completeMs: STOP_COMPLETE_MS }),
      ...(work ?? []).map((one) => one.stop()),
    ]).then(() => {
      // A start may hold the database for minutes. Ending it loses nothing that it has committed.
      if (work === undefined) process.exit(0);
      return database.close();
    });
  };
  for (const signal of SIGNALS) process.on(signal, stop);
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
