import { DomainError } from './errors.ts';

/** Person that an invitation is for. */
interface InvitedPerson {
  personId: string;
  email: string;
  /** Whether the person already has a way to sign in. */
  canSignIn: boolean;
}

/** Request to accept an invitation, by the holder of its link. */
interface Acceptance {
  /** Id of the person signed in to the browser, if any. */
  signedInAs: string | undefined;
  /** Whether the request sets a name and a password, for a new person. */
  setsPassword: boolean;
  /** Whether password sign-in is enabled. */
  passwordSignIn: boolean;
}

/**
 * Throws `forbidden` unless the invitation may be accepted this way. The inviter knows the link too, so the link alone
 * may create a new person, but an existing person must be signed in.
 */
export function decideAcceptance(invited: InvitedPerson, acceptance: Acceptance): void {
  if (!acceptance.setsPassword) {
    if (acceptance.signedInAs === invited.personId) return;
    throw signInAs(invited.email);
  }
  if (!acceptance.passwordSignIn) throw new DomainError('forbidden', 'passwords_disabled');
  if (invited.canSignIn) throw signInAs(invited.email);
}

function signInAs(email: string): DomainError {
  return new DomainError('forbidden', 'invitation_for_other_person', { email });
}
