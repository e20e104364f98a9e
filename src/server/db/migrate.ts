import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type QueryExecutorProvider, sql } from 'kysely';
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration';
import type { Database } from './database.ts';

const migrationsFolder = join(import.meta.dirname, 'migrations');

/**
 * Updates the database's schema: applies the missing SQL files of `migrations/` in order, in one transaction. Servers that start at
 * the same time wait for each other. Throws the database's error.
 */
export async function migrate(database: Database, folder = migrationsFolder): Promise<void> {
  await database.withLongTimeout(async (connection) => {
    const migrator = new Migrator({ db: connection, provider: sqlFiles(folder) });
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw error;
  });
}

function sqlFiles(folder: string): MigrationProvider {
  return {
    async getMigrations() {
      const files = (await readdir(folder)).filter((file) => file.endsWith('.sql'));
      const migrations = files.map(async (file): Promise<[string, Migration]> => {
        const text = await readFile(join(folder, file), 'utf8');
        return [basename(file, '.sql'), { up: (db) => run(text, db) }];
      });
      return Object.fromEntries(await Promise.all(migrations));
    },
  };
}

/** Sends a file as one message, because it contains several statements. */
async function run(text: string, db: QueryExecutorProvider): Promise<void> {
  await sql.raw(text).execute(db);
}
