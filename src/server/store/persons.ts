import { sql } from 'kysely';
import type { Db } from '../db/scope.ts';

/*
 * Lock order: the rows of a person's users before the person's own, as disabling a user does. The reverse order could
 * deadlock with it.
 */

/** Locks a person until the transaction ends. Serializes sign-in, verification of the email and acceptance of invitations. */
export async function lockPerson(db: Db, personId: string) {
  return db
    .selectFrom('person')
    .select(['id', 'email', 'name', 'email_verified'])
    .where('id', '=', personId)
    .forUpdate()
    .executeTakeFirstOrThrow();
}

/** Lists the ids of the persons who have one of the emails. */
export async function listPersonIds(
  db: Db,
  emails: readonly string[],
): Promise<{ id: string; email: string }[]> {
  return db
    .selectFrom('person')
    .select(['id', 'email'])
    .where('email', '=', sql<string>`any(${[...emails]}::text[])`)
    .execute();
}

/** Creates a person with a verified email and returns their id; undefined if there is a person with that email. */
export async function insertVerifiedPerson(
  db: Db,
  { email, name }: { email: string; name: string },
): Promise<string | undefined> {
  const row = await db
    .insertInto('person')
    .values({ email, name, email_verified: true })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning('id')
    .executeTakeFirst();
  return row?.id;
}

/** Renames a person. */
export async function renamePerson(db: Db, personId: string, name: string): Promise<void> {
  await db
    .updateTable('person')
    .set({ name, updated_at: sql<string>`now()` })
    .where('id', '=', personId)
    .execute();
}

/** Marks a person's email as verified; returns whether it was unverified. */
export async function markVerified(db: Db, personId: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('person')
    .set({ email_verified: true, updated_at: sql<string>`now()` })
    .where('id', '=', personId)
    .where('email_verified', '=', false)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/**
 * The id of the person with an email, who is created without a verified email if they are missing. A database function,
 * because an organization's request may name persons but not read them.
 */
export function invitedPerson(email: string) {
  return sql<string>`invited_person(${email})`;
}
