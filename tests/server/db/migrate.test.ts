import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../../src/server/db/database.ts';
import { openEmbedded } from '../../../src/server/db/embedded/embedded-database.ts';
import { migrate } from '../../../src/server/db/migrate.ts';
import { scoped } from '../../../src/server/db/scope.ts';
import { openServer } from '../../../src/server/db/server.ts';
import { createServerDatabase, describeOnBothDatabases, hasServer } from '../../support/databases.ts';

const FOLDER = join(import.meta.dirname, '../../../src/server/db/migrations');

async function migrations(database: Database): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(
    database.db,
  );
  return rows.map(({ name }) => name);
}

describe('A new database', () => {
  test('is migrated once by concurrent calls (embedded)', async () => {
    const database = await openEmbedded({});
    await Promise.all([migrate(database), migrate(database)]);
    await migrate(database);
    expect(await migrations(database)).toContain('0001_directory');
    await database.close();
  });

  test('renames teams of the same name, which an earlier version allowed', async () => {
    const database = await openEmbedded({});
    const { db } = database;
    const released = await mkdtemp(join(tmpdir(), 'migrations-'));
    for (const file of ['0001_directory', '0002_org_connection', '0003_row_level_security'])
      await copyFile(join(FOLDER, `${file}.sql`), join(released, `${file}.sql`));
    await migrate(database, released);
    await sql`with a as (insert into account (name) values ('Acme') returning id),
      o as (insert into org (account_id, name, site) select id, 'Acme', 'us1' from a returning id, account_id)
      insert into team (account_id, org_id, name, handle)
      select account_id, id, name, handle
      from o, (values ('Core', 'core'), ('Core', 'core-2'), ('Data', 'data')) as t (name, handle)`.execute(
      db,
    );
    await migrate(database);
    const names = await db.selectFrom('team').select('name').orderBy('name').execute();
    expect(names.map(({ name }) => name)).toEqual([
      'Core',
      expect.stringMatching(/^Core \(core(-2)?\)$/),
      'Data',
    ]);
    await database.close();
    await rm(released, { recursive: true });
  });

  test('keeps passwords and ends sessions of a version that used better-auth', async () => {
    const database = await openEmbedded({});
    const { db } = database;
    const released = await mkdtemp(join(tmpdir(), 'migrations-'));
    for (const file of await readdir(FOLDER))
      if (file < '0008') await copyFile(join(FOLDER, file), join(released, file));
    await migrate(database, released);
    await sql`with p as (insert into person (email, name) values ('a@acme.example', 'A') returning id),
      s as (insert into session (person_id, token, expires_at) select id, 'a token', now() + interval '1 day' from p)
      insert into credential (person_id, provider_id, provider_account_id, password)
      select id, 'credential', id, 'salt:key' from p`.execute(db);
    await migrate(database);
    expect(await db.selectFrom('credential').select('password_hash').execute()).toEqual([
      { password_hash: 'salt:key' },
    ]);
    expect(await db.selectFrom('session').selectAll().execute()).toEqual([]);
    await database.close();
    await rm(released, { recursive: true });
  });

  test('works with an owner who is not a superuser and cannot assume roles that they create', async () => {
    const database = await openEmbedded({});
    const { db } = database;
    await sql`create role owner createrole`.execute(db);
    await sql`grant all on schema public to owner`.execute(db);
    await sql`grant create on database postgres to owner`.execute(db);
    await sql`set session authorization owner`.execute(db);
    await migrate(database);
    const ids = { accountId: crypto.randomUUID(), orgId: crypto.randomUUID() };
    expect(await scoped(db, ids, (own) => own.selectFrom('org').selectAll().execute())).toEqual([]);
    await database.close();
  });

  test.skipIf(!hasServer())('is migrated once by two servers that start at the same time', async () => {
    const { databaseUrl, drop } = await createServerDatabase();
    const servers = await Promise.all([openServer({ databaseUrl }), openServer({ databaseUrl })]);
    await Promise.all(servers.map((server) => migrate(server)));
    for (const server of servers) expect(await migrations(server)).toContain('0001_directory');
    await Promise.all(servers.map((server) => server.close()));
    await drop();
  });
});

describeOnBothDatabases('A database', (open) => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'migrations-'));
    await writeFile(
      join(folder, '0001_first.sql'),
      `create table first (id int); insert into first values (1)`,
    );
    await writeFile(join(folder, 'notes.txt'), 'not a migration');
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function openEmpty(): Promise<Database> {
    const database = await open();
    await sql.raw('drop table kysely_migration, kysely_migration_lock').execute(database.db);
    return database;
  }

  test('gets the missing migrations, in order', async () => {
    const database = await openEmpty();
    await migrate(database, folder);
    await writeFile(join(folder, '0002_second.sql'), 'create table second (id int); drop table first');
    await migrate(database, folder);
    expect(await migrations(database)).toEqual(['0001_first', '0002_second']);
  });

  test('is unchanged after a failed migration, which throws its error', async () => {
    const database = await openEmpty();
    await writeFile(join(folder, '0002_second.sql'), 'drop table first; drop table nothing');
    await expect(migrate(database, folder)).rejects.toThrow('table "nothing" does not exist');
    expect(await migrations(database)).toEqual([]);
    await expect(sql`select * from first`.execute(database.db)).rejects.toThrow('does not exist');
  });
});
