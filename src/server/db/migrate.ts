import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type QueryExecutorProvider, sql } from 'kysely';
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration';
import type { Database } from './database.ts';

const migrationsFolder = join(import.meta.dirname, 'migrations');

/**
 * Brings the database's schema up to date: applies the SQL files of `migrations/` that it has not seen, in order, in one
 * transaction. Servers that start at once wait for one another. Throws what the database refused.
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

/** One message, because a file is several statements. */
async function run(text: string, db: QueryExecutorProvider): Promise<void> {
  await sql.raw(text).execute(db);
}
