import { sql } from 'kysely';
import type { Db } from '../db/scope.ts';
import { deletePassword } from './credentials.ts';
import { deleteSessionsOfPerson } from './sessions.ts';

/**
 * Whatever locks several of these rows takes a user's before the person's, as disabling a user does: two that lock in
 * different orders would wait for each other.
 */

/** Locks a person until the transaction ends, so that nobody signs in as them or proves who they are meanwhile. */
export async function lockPerson(db: Db, personId: string) {
  return db
    .selectFrom('person')
    .select(['id', 'email', 'name', 'email_verified'])
    .where('id', '=', personId)
    .forUpdate()
    .executeTakeFirstOrThrow();
}

/** Names a person. */
export async function namePerson(db: Db, personId: string, name: string): Promise<void> {
  await db
    .updateTable('person')
    .set({ name, updated_at: sql<string>`now()` })
    .where('id', '=', personId)
    .execute();
}

/**
 * Notes that an e-mail is proved to be the person's. If that is news, then their password, their sessions and their
 * application keys are gone after it: anybody who held a link to an invitation may have set them up.
 */
export async function markVerified(db: Db, personId: string): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('person')
    .set({ email_verified: true, updated_at: sql<string>`now()` })
    .where('id', '=', personId)
    .where('email_verified', '=', false)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return;
  await deletePassword(db, personId);
  await deleteSessionsOfPerson(db, personId);
  await db
    .deleteFrom('application_key')
    .where('user_id', 'in', db.selectFrom('user').select('id').where('person_id', '=', personId))
    .execute();
}

/**
 * Admits whoever a provider of single sign-on vouches for: their e-mail is verified by it, and with it every open
 * invitation of that e-mail is accepted, in whichever organization; one that has run out is not. A name that the provider knows is taken where none
 * is known here.
 *
 * @returns undefined if nobody of this e-mail is an active or invited user of any organization; nothing has changed then
 */
export function admitVerified(
  db: Db,
  { email, name }: { email: string; name: string | undefined },
): Promise<{ personId: string } | undefined> {
  return db.transaction().execute(async (db) => {
    const users = await db
      .selectFrom('user')
      .innerJoin('person', 'person.id', 'user.person_id')
      .select(['user.id', 'user.person_id', 'user.pending'])
      .where('person.email', '=', email)
      .where((eb) =>
        eb.or([
          eb('user.active', '=', true),
          eb.and([
            eb('user.pending', '=', true),
            eb('user.disabled', '=', false),
            eb.exists(
              eb
                .selectFrom('invitation')
                .select('invitation.user_id')
                .whereRef('invitation.user_id', '=', 'user.id')
                .where('invitation.expires_at', '>', sql<string>`now()`),
            ),
          ]),
        ]),
      )
      .orderBy('user.id')
      .forUpdate('user')
      .execute();
    const personId = users[0]?.person_id;
    if (personId === undefined) return undefined;
    const person = await lockPerson(db, personId);
    const isNamed = person.name !== person.email;
    if (!isNamed && name !== undefined) await namePerson(db, personId, name);
    await markVerified(db, personId);
    for (const user of users) {
      if (user.pending) await activateUser(db, user.id, isNamed ? person.name : name);
    }
    return { personId };
  });
}

/** Makes a pending user an active one, whose invitation has done its work. */
export async function activateUser(db: Db, userId: string, name: string | undefined): Promise<void> {
  await db
    .updateTable('user')
    .set({ pending: false, modified_at: sql<string>`now()`, ...(name !== undefined && { name }) })
    .where('id', '=', userId)
    .execute();
  await db.deleteFrom('invitation').where('user_id', '=', userId).execute();
}
