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
import { applyDirectory } from './directory/apply.ts';
import { openDemo } from './directory/demo.ts';
import { readDirectory } from './directory/read.ts';
import { createSignIn } from './http/sign-in.ts';
import { sessionSecret } from './session-secret.ts';
import { welcome } from './welcome.ts';

const CONSOLE_FOLDER = join(import.meta.dirname, '../../dist');

/** How long requests under way may take to finish when the server is asked to stop. */
const STOP_PATIENCE_MS = 10_000;

try {
  await start(readConfiguration(process.env));
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  process.stderr.write(`Cannot start: ${error.message}\n`);
  process.exitCode = 1;
}

/** Opens everything, in the order in which each part needs the one before, and serves until a signal says to stop. */
async function start(configuration: Configuration): Promise<void> {
  const { databaseUrl, dataDir, port, host } = configuration;
  const log = pino({ level: configuration.logLevel, base: null });
  const directory = await readDirectoryFile(configuration);
  const database = await openDatabase({ databaseUrl, dataDir, log }).catch((cause: unknown) => {
    throw new ConfigurationError(`the database cannot be opened: ${wordsOf(cause)}`, { cause });
  });
  try {
    await migrate(database);
    if (directory) await applyDirectory(database.db, directory);
    const demo = directory ? undefined : await openDemo(database.db);
    if (demo && !isLoopback(host)) {
      throw new ConfigurationError(
        `the demo account lets anybody in, so it is not served on HOST=${host}. ` +
          'Name your own organizations in a DIRECTORY_FILE, or leave HOST at 127.0.0.1.',
      );
    }

    const secret = configuration.sessionSecret ?? (await sessionSecret(dataDir));
    const server = createServer();
    const address = await listen(server, port, host);
    const publicUrl = configuration.publicUrl ?? `http://${urlHost(host)}:${address.port}`;
    const app = createApp({
      db: database.db,
      signIn: createSignIn({ db: database.db, secret, publicUrl }),
      log,
      origins: originsOf(publicUrl),
      socketAddress: (c) => getConnInfo(c).remote.address ?? 'unknown',
      checkReady: async () => {
        await sql`select 1`.execute(database.db);
      },
      demoPeople: demo?.people ?? [],
      consoleFolder: existsSync(CONSOLE_FOLDER) ? CONSOLE_FOLDER : undefined,
    });
    const handle = getRequestListener(app.fetch);
    server.on('request', (request, response) => void handle(request, response));
    stopOnSignals(server, database);
    log.info(
      { publicUrl, address: address.address, port: address.port, database: database.kind },
      'listening',
    );
    if (demo) process.stdout.write(welcome(publicUrl, demo));
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function readDirectoryFile({ directoryFile }: Configuration) {
  if (directoryFile === undefined) return undefined;
  const text = await readFile(directoryFile, 'utf8').catch((error: unknown) => {
    throw new ConfigurationError(`DIRECTORY_FILE cannot be read: ${String(error)}`);
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
    server.once('error', (error) =>
      reject(new ConfigurationError(`cannot listen on ${urlHost(host)}:${port}: ${error.message}`)),
    );
    server.listen(port, host.replace(/^\[|\]$/g, ''), () => {
      const address = server.address();
      if (address !== null && typeof address === 'object') resolve(address);
    });
  });
}

/** On the first signal, finishes what is under way and lets go of the database; on a second, ends at once. */
function stopOnSignals(server: Server, database: Database): void {
  const stop = () => {
    for (const signal of ['SIGTERM', 'SIGINT']) process.removeListener(signal, stop);
    setTimeout(() => server.closeAllConnections(), STOP_PATIENCE_MS).unref();
    server.close(() => void database.close());
    server.closeIdleConnections();
  };
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, stop);
}

/** A console on this machine is the same by any of the machine's own names. */
function originsOf(publicUrl: string): string[] {
  const { hostname, port, origin } = new URL(publicUrl);
  if (!isLoopback(hostname)) return [origin];
  return [origin, ...['127.0.0.1', 'localhost', '[::1]'].map((name) => `http://${name}:${port}`)];
}

/** What an error says; one of several attempts to connect says nothing but its code. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ('code' in error ? String(error.code) : error.name);
}

function urlHost(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}
