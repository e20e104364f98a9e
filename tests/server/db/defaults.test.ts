import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../src/server/db/database.ts';
import { describeOnBothDatabases } from '../../support/databases.ts';

describeOnBothDatabases('Column defaults', (open) => {
  let database: Database;
  let account: { id: string; max_destinations: number | null };
  let org: { id: string; cross_org_visibility: boolean };
  let person: { id: string; email_verified: boolean };
  let user: { id: string; pending: boolean; active: boolean };
  beforeAll(async () => {
    database = await open();
    const { db } = database;
    account = await db
      .insertInto('account')
      .values({ name: 'Acme' })
      .returning(['id', 'max_destinations'])
      .executeTakeFirstOrThrow();
    org = await db
      .insertInto('org')
      .values({ account_id: account.id, name: 'Acme Production', site: 'us1' })
      .returning(['id', 'cross_org_visibility'])
      .executeTakeFirstOrThrow();
    person = await db
      .insertInto('person')
      .values({ email: 'nora@acme.example', name: 'Nora' })
      .returning(['id', 'email_verified'])
      .executeTakeFirstOrThrow();
    user = await db
      .insertInto('user')
      .values({
        account_id: account.id,
        org_id: org.id,
        person_id: person.id,
        email: 'nora@acme.example',
      })
      .returning(['id', 'pending', 'active'])
      .executeTakeFirstOrThrow();
  });

  it('leave the email of a person unverified', () => {
    expect(person.email_verified).toBe(false);
  });

  it('leave a user pending', () => {
    expect(user).toMatchObject({ pending: true, active: false });
  });

  it('leave cross-organization visibility off', () => {
    expect(org.cross_org_visibility).toBe(false);
  });

  it('limit an account to 5 destinations per organization', () => {
    expect(account.max_destinations).toBe(5);
  });

  it('never give an application key all permissions of its user', async () => {
    await expect(
      sql`insert into application_key (account_id, org_id, user_id, name, hash, last4)
        values (${account.id}, ${org.id}, ${user.id}, 'cli', 'a digest', 'last')`.execute(database.db),
    ).rejects.toThrow('null value in column "scopes"');
  });

  it('are true in no other column', async () => {
    const { rows } = await sql<{ column: string }>`
      select table_name || '.' || column_name as column from information_schema.columns
      where table_schema = 'public' and column_default = 'true'`.execute(database.db);
    expect(rows).toEqual([{ column: 'user.pending' }]);
  });
});
