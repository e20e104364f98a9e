import { DomainError } from './errors.ts';

/** Whom an invitation is for. */
interface Invited {
  personId: string;
  email: string;
  /** Whether they are somebody already, who has shown or can show who they are. */
  canSignIn: boolean;
}

/** How somebody who holds the link wants to accept it. */
interface Acceptance {
  /** The person who is signed in where the link is used. */
  signedInAs: string | undefined;
  /** Whether a name and a password are given, for a new person. */
  setsPassword: boolean;
  /** Whether passwords are switched on here. */
  passwordSignIn: boolean;
}

/**
 * Decides whether a link may be used in this way. Whoever invited somebody holds the link as well, so it may make a new
 * person, but says nothing of who uses it where that person exists: they must be signed in.
 *
 * @throws DomainError `forbidden`
 */
export function decideAcceptance(invited: Invited, acceptance: Acceptance): void {
  if (!acceptance.setsPassword) {
    if (acceptance.signedInAs === invited.personId) return;
    throw new DomainError('forbidden', `Sign in as ${invited.email} to accept this invitation`);
  }
  if (!acceptance.passwordSignIn) {
    throw new DomainError('forbidden', PASSWORDS_ARE_OFF);
  }
  if (invited.canSignIn) {
    throw new DomainError('forbidden', `Sign in as ${invited.email} to accept this invitation`);
  }
}

/** What is said to whoever uses a password where passwords are switched off. */
export const PASSWORDS_ARE_OFF = 'Passwords are switched off here: use single sign-on';
