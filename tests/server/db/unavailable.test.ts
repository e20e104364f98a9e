import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { PATHS } from '../../../src/contract/paths.ts';
import { DatabaseReadOnly } from '../../../src/server/db/pool.ts';
import { adminKeys } from '../../support/account.ts';
import { createTestApp } from '../../support/app.ts';
import { describeOnBothDatabases } from '../../support/databases.ts';
import { roleNamed } from '../../support/directory.ts';
import { setUpApp } from '../../support/setup-app.ts';

describeOnBothDatabases('A request while the database is unavailable', (open) => {
  const app = setUpApp({}, open);

  /** Makes the database refuse new roles with an error of PostgreSQL. */
  async function failWith(code: string): Promise<void> {
    const { db } = app.database;
    await sql
      .raw(
        `create or replace function fail() returns trigger language plpgsql as
         $$ begin raise exception 'words of the database' using errcode = '${code}'; end $$;
         create or replace trigger fail before insert on role for each row execute function fail()`,
      )
      .execute(db);
  }

  it.each([
    ['53100', 'The disk of the database is full; free space on it, then try again'],
    ['25006', 'The database is read-only at the moment; try again'],
    ['57P01', 'The database cannot be reached; try again'],
    ['57014', 'The database took too long; try again'],
    ['40001', 'The database is busy; try again'],
  ])('gets a 503 that says so and when to try again: %s', async (code, text) => {
    await failWith(code);
    const response = await app.request(PATHS.roles, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...adminKeys('production') },
      body: JSON.stringify(roleNamed('Any')),
    });
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ errors: [text] });
    expect(response.headers.get('Retry-After')).toMatch(/^\d+$/);
    // Reads go on.
    expect((await app.call('GET', PATHS.roles, adminKeys('production'))).status).toBe(200);
  });
});

describe('/readyz', () => {
  const app = setUpApp();

  it('says why the server is not ready', async () => {
    const unready = createTestApp(app.database, {
      checkReady: () => Promise.reject(new DatabaseReadOnly('the database is read-only')),
    });
    const response = await unready.request('/readyz');
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      status: 'not ready',
      reason: 'The database is read-only at the moment; try again',
    });
    expect(response.headers.get('Retry-After')).toMatch(/^\d+$/);
  });
});
