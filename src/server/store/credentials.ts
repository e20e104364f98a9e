import type { Db } from '../db/scope.ts';

/** Finds a person by email, with the hash of their password if they have one. */
export async function findPersonByEmail(db: Db, email: string) {
  return db
    .selectFrom('person')
    .leftJoin('credential', 'credential.person_id', 'person.id')
    .select(['person.id', 'person.email', 'person.name', 'credential.password_hash'])
    .where('person.email', '=', email)
    .executeTakeFirst();
}

/** Returns the hash of a person's password. */
export async function findPasswordHash(db: Db, personId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('credential')
    .select('password_hash')
    .where('person_id', '=', personId)
    .executeTakeFirst();
  return row?.password_hash;
}

/** Gives a person a password, unless they have one. Returns whether they had none. */
export async function insertPassword(db: Db, personId: string, hash: string): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('credential')
    .values({ person_id: personId, password_hash: hash })
    .onConflict((conflict) => conflict.column('person_id').doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** Deletes a person's password. */
export async function deletePassword(db: Db, personId: string): Promise<void> {
  await db.deleteFrom('credential').where('person_id', '=', personId).execute();
}
