import { sql } from 'kysely';
import type { Db } from '../db/scope.ts';

/** Lets only one transaction of all servers apply a directory at a time, and lets others wait for long. */
export async function lockDirectory(db: Db): Promise<void> {
  await sql`set local statement_timeout = 0`.execute(db);
  await sql`select pg_advisory_xact_lock(hashtext('directory'))`.execute(db);
}

/** Lists what directory files have given before, by subject. */
export async function listGrants(db: Db): Promise<Set<string>> {
  const rows = await db.selectFrom('directory_grant').select('subject').execute();
  return new Set(rows.map((row) => row.subject));
}

/** Records that a directory file has given these subjects. */
export async function insertGrants(db: Db, subjects: readonly string[]): Promise<void> {
  await sql`insert into directory_grant (subject) select unnest(${[...subjects]}::text[])`.execute(db);
}

/** Lists the roles, teams and users of an organization. */
export async function loadMembers(db: Db, orgId: string) {
  return {
    roles: await db.selectFrom('role').select(['id', 'name']).where('org_id', '=', orgId).execute(),
    teams: await db.selectFrom('team').select(['id', 'handle', 'name']).where('org_id', '=', orgId).execute(),
    users: await db
      .selectFrom('user')
      .innerJoin('person', 'person.id', 'user.person_id')
      .select(['user.id', 'user.email', 'user.name', 'user.person_id', 'person.email_verified'])
      .where('user.org_id', '=', orgId)
      .execute(),
  };
}
