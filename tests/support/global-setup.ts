import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openEmbedded } from '../../src/server/db/embedded/embedded-database.ts';
import { migrate } from '../../src/server/db/migrate.ts';
import { openServer } from '../../src/server/db/server.ts';
import { migratedDatabase, runSql, startPostgres, urlOfDatabase } from './postgres.ts';

declare global {
  /** Shared by the whole run: each project loads this module and sets up. */
  var sharedDatabases: { users: number; made: Promise<Databases> } | undefined;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** File with the migrated, empty embedded database, which opens quickly. */
    embeddedTar: string;
    /** Address of the PostgreSQL server, if one is installed. Tests may create databases there. */
    postgresUrl: string | undefined;
  }
}

interface Databases {
  embeddedTar: string;
  postgresUrl: string | undefined;
  remove: () => Promise<void>;
}

/** Creates, once for the whole run, what would take seconds in every test. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const shared = (globalThis.sharedDatabases ??= { users: 0, made: makeDatabases() });
  shared.users += 1;
  const { embeddedTar, postgresUrl, remove } = await shared.made;
  project.provide('embeddedTar', embeddedTar);
  project.provide('postgresUrl', postgresUrl);

  return async () => {
    shared.users -= 1;
    if (shared.users > 0) return;
    globalThis.sharedDatabases = undefined;
    await remove();
  };
}

async function makeDatabases(): Promise<Databases> {
  const folder = await mkdtemp(join(tmpdir(), 'databases-'));
  const embeddedTar = join(folder, 'embedded.tar');
  const [cluster] = await Promise.all([startMigratedPostgres(), dumpMigrated(embeddedTar)]);
  if (cluster === undefined) {
    console.log('skipped: no PostgreSQL server binary found, tests on a PostgreSQL server are left out');
  }
  return {
    embeddedTar,
    postgresUrl: cluster?.ownerUrl,
    async remove() {
      await cluster?.stop();
      await rm(folder, { recursive: true });
    },
  };
}

async function startMigratedPostgres(): ReturnType<typeof startPostgres> {
  const cluster = await startPostgres();
  if (cluster === undefined) return undefined;
  await runSql(cluster.ownerUrl, `create database ${migratedDatabase}`);
  const database = await openServer({ databaseUrl: urlOfDatabase(cluster.ownerUrl, migratedDatabase) });
  await migrate(database);
  await database.close();
  return cluster;
}

async function dumpMigrated(file: string): Promise<void> {
  const database = await openEmbedded({});
  await migrate(database);
  await writeFile(file, await database.dump());
  await database.close();
}
