import { sql } from 'kysely';
import { DatabaseError } from 'pg';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { Database } from '../../../src/server/db/database.ts';
import { describeOnBothDatabases } from '../../support/databases.ts';

describeOnBothDatabases('The database', (open) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
    await sql`create table note (id int constraint one_note_per_id primary key, text text not null)`.execute(
      database.db,
    );
  });
  beforeEach(() => sql`truncate note`.execute(database.db));

  async function notes(): Promise<string[]> {
    const { rows } = await sql<{ text: string }>`select text from note order by id`.execute(database.db);
    return rows.map(({ text }) => text);
  }

  test('names the violated constraint', async () => {
    const insert = sql`insert into note values (1, 'a'), (1, 'b')`.execute(database.db);
    await expect(insert).rejects.toThrow(DatabaseError);
    await expect(insert).rejects.toMatchObject({
      code: '23505',
      constraint: 'one_note_per_id',
      table: 'note',
      detail: 'Key (id)=(1) already exists.',
    });
  });

  test('names the column that lacks a value', async () => {
    const insert = sql`insert into note values (${1}, ${null})`.execute(database.db);
    await expect(insert).rejects.toMatchObject({ code: '23502', column: 'text', table: 'note' });
  });

  test('counts the rows that a statement changed', async () => {
    const { numAffectedRows } = await sql`insert into note values (1, 'a'), (2, 'b')`.execute(database.db);
    expect(numAffectedRows).toBe(2n);
  });

  test('runs several statements of one message atomically', async () => {
    await sql.raw(`insert into note values (1, 'a'); insert into note values (2, 'b')`).execute(database.db);
    expect(await notes()).toEqual(['a', 'b']);

    const failing = sql.raw(`insert into note values (3, 'c'); insert into note values (1, 'again')`);
    await expect(failing.execute(database.db)).rejects.toMatchObject({ code: '23505' });
    expect(await notes()).toEqual(['a', 'b']);
  });

  test('begins a transaction and sets its scope in one message', async () => {
    await database.db.connection().execute(async (connection) => {
      await sql.raw(`begin; select set_config('app.org', 'of this transaction', true)`).execute(connection);
      const scope = sql<{ org: string }>`select current_setting('app.org') as org`;
      expect((await scope.execute(connection)).rows).toEqual([{ org: 'of this transaction' }]);
      await sql`rollback`.execute(connection);
      expect((await scope.execute(connection)).rows).toEqual([{ org: '' }]);
    });
  });

  test('rolls back a failed transaction and throws its error', async () => {
    const transaction = database.db.transaction().execute(async (trx) => {
      await sql`insert into note values (1, 'a')`.execute(trx);
      await sql`insert into note values (1, 'b')`.execute(trx);
    });
    await expect(transaction).rejects.toMatchObject({ constraint: 'one_note_per_id' });
    expect(await notes()).toEqual([]);
  });

  test('refuses to commit a transaction in which a statement failed', async () => {
    const transaction = database.db.transaction().execute(async (trx) => {
      await sql`insert into note values (1, 'a')`.execute(trx);
      await expect(sql`select 1 / 0`.execute(trx)).rejects.toMatchObject({ code: '22012' });
      await expect(sql`select 1`.execute(trx)).rejects.toMatchObject({ code: '25P02' });
    });
    await expect(transaction).rejects.toThrow();
    expect(await notes()).toEqual([]);
  });

  test('isolates concurrent transactions', async () => {
    const ids = Array.from({ length: 30 }, (_, id) => id);
    const outcomes = await Promise.allSettled(
      ids.map((id) =>
        database.db.transaction().execute(async (trx) => {
          await sql`insert into note values (${id}, ${`of ${id}`})`.execute(trx);
          const { rows } = await sql<{ text: string }>`select text from note where id >= 0
            and xmin = pg_current_xact_id()::xid`.execute(trx);
          if (id % 3 === 0) throw new Error(`no ${id}`);
          return rows.map(({ text }) => text);
        }),
      ),
    );
    for (const id of ids) {
      expect(outcomes[id]).toMatchObject(
        id % 3 === 0
          ? { status: 'rejected', reason: new Error(`no ${id}`) }
          : { status: 'fulfilled', value: [`of ${id}`] },
      );
    }
    expect(await notes()).toEqual(ids.filter((id) => id % 3 !== 0).map((id) => `of ${id}`));
  });

  test('works in UTC', async () => {
    const { rows } = await sql`select current_setting('TimeZone') as zone`.execute(database.db);
    expect(rows).toEqual([{ zone: 'UTC' }]);
  });

  test('finishes running and queued queries when it is closed, and then refuses others', async () => {
    const own = await open();
    const queries = Array.from({ length: 40 }, (_, n) =>
      sql<{ n: number }>`select ${n}::int as n, pg_sleep(0.001)`.execute(own.db),
    );
    const closing = [own.close(), own.close()];
    expect((await Promise.all(queries)).map(({ rows }) => rows[0]?.n)).toEqual(queries.map((_, n) => n));
    await Promise.all(closing);
    await expect(sql`select 1`.execute(own.db)).rejects.toThrow();
  });
});
