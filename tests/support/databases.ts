import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { afterAll, describe, inject, onTestFinished, TestRunner } from 'vitest';
import type { Database } from '../../src/server/db/database.ts';
import {
  type EmbeddedDatabase,
  type EmbeddedOptions,
  openEmbedded,
} from '../../src/server/db/embedded/embedded-database.ts';
import { openServer, type ServerOptions } from '../../src/server/db/server.ts';
import { migratedDatabase, runSql, urlOfDatabase } from './postgres.ts';

/** Opens a new, migrated, empty database. It is closed when the test, or else the suite, ends. */
export type OpenDatabase = () => Promise<Database>;

/** Runs a suite on the embedded database, and on a PostgreSQL server if one is installed. */
export function describeOnBothDatabases(
  name: string,
  suite: (open: OpenDatabase, kind: Database['kind']) => void,
): void {
  describe(`${name} (embedded)`, () => suite(closing(openTestDatabase), 'embedded'));
  describe.skipIf(!hasServer())(`${name} (PostgreSQL server)`, () =>
    suite(closing(openServerCopy), 'server'),
  );
}

/** Returns whether a PostgreSQL server is installed. */
export function hasServer(): boolean {
  return inject('postgresUrl') !== undefined;
}

/** Opens a migrated, empty embedded database in memory. The caller closes it. */
export async function openTestDatabase(options: EmbeddedOptions = {}): Promise<EmbeddedDatabase> {
  const loadDataDir = new Uint8Array(await readFile(inject('embeddedTar')));
  // A read that is interrupted ends the engine, and with it a database in memory. A test must ask for that.
  return openEmbedded({ loadDataDir, readTimeoutMs: 600_000, patienceMs: 600_000, ...options });
}

/** Opens a migrated, empty database on the PostgreSQL server. It is dropped when the caller closes it. */
export async function openServerCopy(options: Omit<ServerOptions, 'databaseUrl'> = {}): Promise<Database> {
  const { databaseUrl, drop } = await createServerDatabase(`template ${migratedDatabase}`);
  const database = await openServer({ databaseUrl, ...options });
  return { ...database, close: () => database.close().then(drop) };
}

/** Creates a database on the PostgreSQL server with options of `create database`. */
export async function createServerDatabase(
  options = '',
): Promise<{ databaseUrl: string; drop: () => Promise<void> }> {
  const postgresUrl = inject('postgresUrl');
  if (postgresUrl === undefined) throw new Error('There is no PostgreSQL server; ask hasServer() first');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await runSql(postgresUrl, `create database ${name} ${options}`);
  return {
    databaseUrl: urlOfDatabase(postgresUrl, name),
    drop: () => runSql(postgresUrl, `drop database if exists ${name} with (force)`),
  };
}

function closing(open: OpenDatabase): OpenDatabase {
  const opened: Database[] = [];
  afterAll(async () => {
    await Promise.all(opened.map((database) => database.close()));
  });
  return async () => {
    const database = await open();
    if (TestRunner.getCurrentTest() !== undefined) onTestFinished(() => database.close());
    else opened.push(database);
    return database;
  };
}

/** Deletes all rows of a database, which is faster than opening another. */
export async function emptyDatabase({ db }: Database): Promise<void> {
  await sql`truncate account, person, directory_grant, sign_in_attempt, metric_point, event cascade`.execute(
    db,
  );
}
