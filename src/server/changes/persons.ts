import type { Db } from '../db/scope.ts';
import { deletePassword, findPersonByEmail, insertPassword } from '../store/credentials.ts';
import { deleteApplicationKeysOfUsers } from '../store/application-keys.ts';
import {
  insertVerifiedPerson,
  lockPerson,
  markVerified,
  renamePerson as renamePersonRow,
} from '../store/persons.ts';
import { deleteSessionsOfPerson } from '../store/sessions.ts';
import { listUserIdsOfPerson, lockAdmissibleUsers } from '../store/users.ts';
import type { Changed, SystemChanges } from './change.ts';
import { activateUser } from './users.ts';

/**
 * Creates a person with a verified email, or verifies the email of the existing one ({@link verifyEmail}). Returns their id.
 */
export async function saveVerifiedPerson(
  tx: Db,
  { email, name }: { email: string; name: string },
): Promise<Changed<string>> {
  const id = await insertVerifiedPerson(tx, { email, name });
  if (id !== undefined) {
    const after = { email, name, email_verified: true };
    return { result: id, event: { action: 'created', resource: { type: 'person', id }, after } };
  }
  const found = await findPersonByEmail(tx, email);
  if (!found) throw new Error('A person who exists cannot be found');
  const { event } = await verifyEmail(tx, found.id);
  return { result: found.id, event };
}

/**
 * Marks a person's email as verified. If it was not, deletes the person's password, sessions and application keys: anyone with
 * the link of an invitation may have set them up.
 */
export async function verifyEmail(tx: Db, id: string): Promise<Changed<void>> {
  if (!(await markVerified(tx, id))) return { result: undefined, event: undefined };
  await deletePassword(tx, id);
  await deleteSessionsOfPerson(tx, id);
  await deleteApplicationKeysOfUsers(tx, await listUserIdsOfPerson(tx, id));
  return {
    result: undefined,
    event: {
      action: 'modified',
      resource: { type: 'person', id },
      before: { email_verified: false },
      after: { email_verified: true },
    },
  };
}

/** Renames a person. */
export async function renamePerson(tx: Db, id: string, name: string): Promise<Changed<void>> {
  const { name: earlierName } = await lockPerson(tx, id);
  await renamePersonRow(tx, id, name);
  return {
    result: undefined,
    event: {
      action: 'modified',
      resource: { type: 'person', id },
      before: { name: earlierName },
      after: { name },
    },
  };
}

/** Gives a person a password, unless they have one. */
export async function setFirstPassword(tx: Db, id: string, hash: string): Promise<Changed<void>> {
  const isNew = await insertPassword(tx, id, hash);
  return {
    result: undefined,
    event: isNew ? { action: 'created', resource: { type: 'password', id } } : undefined,
  };
}

/**
 * Admits a person whose email a single sign-on provider has verified: verifies the email here and accepts every open invitation
 * of it, in all organizations. Takes the provider's name if the person has none.
 *
 * @returns undefined if the email has no active or invited user; nothing has changed then
 */
export async function admitVerified(
  { db, run, runIn }: SystemChanges,
  { email, name }: { email: string; name: string | undefined },
): Promise<{ personId: string } | undefined> {
  const users = await lockAdmissibleUsers(db, email);
  const personId = users[0]?.person_id;
  if (personId === undefined) return undefined;
  const person = await lockPerson(db, personId);
  const isNamed = person.name !== person.email;
  if (!isNamed && name !== undefined) await run((tx) => renamePerson(tx, personId, name));
  await run((tx) => verifyEmail(tx, personId));
  for (const { id, account_id, org_id, pending } of users) {
    if (!pending) continue;
    const scope = { accountId: account_id, orgId: org_id };
    await runIn(scope, (tx) => activateUser(tx, id, isNamed ? person.name : name));
  }
  return { personId };
}
