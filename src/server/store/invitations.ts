import { sql } from 'kysely';
import type { Db } from '../db/scope.ts';
import { hashKey } from './actors.ts';
import { findPasswordHash } from './credentials.ts';
import { lockPerson } from './persons.ts';

/*
 * `can_sign_in`: whether the person is somebody already, who has a password or is vouched for, by the directory file or a
 * provider of single sign-on. A link must not give such a person a password, because whoever invited them holds it too.
 */

/** Finds the open invitation of a link's secret; undefined if it was used, has expired, or its user is disabled. */
export async function findInvitation(db: Db, secret: string) {
  const row = await openInvitations(db, secret)
    .innerJoin('org', 'org.id', 'user.org_id')
    .innerJoin('person', 'person.id', 'user.person_id')
    .select(['user.id as user_id', 'user.person_id', 'user.email', 'invitation.expires_at'])
    .select('person.email_verified')
    .select(['org.id as org_id', 'org.name as org_name'])
    .executeTakeFirst();
  return row && { ...row, can_sign_in: row.email_verified || (await hasPassword(db, row.person_id)) };
}

/**
 * Takes the open invitation that a secret belongs to out of the database, for whoever is first: of two uses of one link
 * the second finds nothing. Its user and person are locked until the transaction ends, so what is said of them holds.
 */
export async function takeInvitation(db: Db, secret: string) {
  const invitation = await openInvitations(db, secret)
    .select(['user.id as user_id', 'user.person_id'])
    .forUpdate('user')
    .executeTakeFirst();
  if (!invitation) return undefined;
  const person = await lockPerson(db, invitation.person_id);
  const taken = await db
    .deleteFrom('invitation')
    .where('user_id', '=', invitation.user_id)
    .where('hash', '=', hashKey(secret))
    .executeTakeFirst();
  if (taken.numDeletedRows === 0n) return undefined;
  return { ...invitation, person, can_sign_in: person.email_verified || (await hasPassword(db, person.id)) };
}

function openInvitations(db: Db, secret: string) {
  return db
    .selectFrom('invitation')
    .innerJoin('user', 'user.id', 'invitation.user_id')
    .where('invitation.hash', '=', hashKey(secret))
    .where('invitation.expires_at', '>', sql<string>`now()`)
    .where('user.pending', '=', true)
    .where('user.disabled', '=', false);
}

async function hasPassword(db: Db, personId: string): Promise<boolean> {
  return (await findPasswordHash(db, personId)) !== undefined;
}
