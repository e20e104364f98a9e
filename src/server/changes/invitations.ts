import { decideAcceptance } from '../../rules/invitations.ts';
import { takeInvitation } from '../store/invitations.ts';
import type { SystemChanges } from './change.ts';
import { renamePerson, setFirstPassword } from './persons.ts';
import { activateUser } from './users.ts';

/**
 * Accepts the invitation of a link, by a signed-in person or as a new person who sets a name and a password.
 *
 * @returns the email of the person; undefined if the invitation is not open any more
 * @throws DomainError as {@link decideAcceptance}
 */
export async function acceptInvitation(
  { db, run, runIn }: SystemChanges,
  secret: string,
  acceptance: Parameters<typeof decideAcceptance>[1],
  newPerson: { name: string; passwordHash: string } | undefined,
): Promise<string | undefined> {
  const invitation = await takeInvitation(db, secret);
  if (!invitation) return undefined;
  const { person, user_id, account_id, org_id } = invitation;
  decideAcceptance(
    { personId: person.id, email: person.email, canSignIn: invitation.can_sign_in },
    acceptance,
  );
  if (newPerson) {
    await run((tx) => setFirstPassword(tx, person.id, newPerson.passwordHash));
    await run((tx) => renamePerson(tx, person.id, newPerson.name));
  }
  // The name of a person without a name is their email.
  const knownName = person.name === person.email ? undefined : person.name;
  await runIn({ accountId: account_id, orgId: org_id }, (tx) =>
    activateUser(tx, user_id, newPerson?.name ?? knownName),
  );
  return person.email;
}
