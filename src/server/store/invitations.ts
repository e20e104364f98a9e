import { sql } from 'kysely';
import type { Db, Scope } from '../db/scope.ts';
import { findPasswordHash } from './credentials.ts';
import { hashSecret } from './hash-secret.ts';
import { lockPerson } from './persons.ts';

/*
 * `can_sign_in`: whether the person has a password or a verified email. A link must not set a password for such a person,
 * because the inviter has the link, too.
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
 * Takes the open invitation of a link's secret out of the database: of two uses of one link, the second finds nothing. Locks
 * its user and person until the transaction ends.
 */
export async function takeInvitation(db: Db, secret: string) {
  const invitation = await openInvitations(db, secret)
    .select(['user.id as user_id', 'user.account_id', 'user.org_id', 'user.person_id'])
    .forUpdate('user')
    .executeTakeFirst();
  if (!invitation) return undefined;
  const person = await lockPerson(db, invitation.person_id);
  const taken = await db
    .deleteFrom('invitation')
    .where('user_id', '=', invitation.user_id)
    .where('hash', '=', hashSecret(secret))
    .executeTakeFirst();
  if (taken.numDeletedRows === 0n) return undefined;
  return { ...invitation, person, can_sign_in: person.email_verified || (await hasPassword(db, person.id)) };
}

/**
 * Opens a user's invitation for 7 days, which ends an earlier one. Returns when it expires.
 *
 * @param hash digest of the secret in the link (`hashSecret`)
 */
export async function openInvitation(
  db: Db,
  { accountId, orgId }: Scope,
  userId: string,
  hash: string,
): Promise<string> {
  await deleteInvitation(db, userId);
  const { expires_at } = await db
    .insertInto('invitation')
    .values({
      account_id: accountId,
      org_id: orgId,
      user_id: userId,
      hash,
      expires_at: sql<string>`now() + interval '7 days'`,
    })
    .returning('expires_at')
    .executeTakeFirstOrThrow();
  return expires_at;
}

/** Deletes a user's invitation. */
export async function deleteInvitation(db: Db, userId: string): Promise<void> {
  await db.deleteFrom('invitation').where('user_id', '=', userId).execute();
}

function openInvitations(db: Db, secret: string) {
  return db
    .selectFrom('invitation')
    .innerJoin('user', 'user.id', 'invitation.user_id')
    .where('invitation.hash', '=', hashSecret(secret))
    .where('invitation.expires_at', '>', sql<string>`now()`)
    .where('user.pending', '=', true)
    .where('user.disabled', '=', false);
}

async function hasPassword(db: Db, personId: string): Promise<boolean> {
  return (await findPasswordHash(db, personId)) !== undefined;
}
