import { Hono } from 'hono';
import { type Invitation, InvitationAcceptance, InvitationRequest } from '../../contract/console/schema.ts';
import { PATHS } from '../../contract/paths.ts';
import { DomainError } from '../../rules/errors.ts';
import { decideAcceptance } from '../../rules/invitations.ts';
import { beginAttempt } from '../identity/attempts.ts';
import { refuseForeignPages, refuseStalePages } from '../identity/authenticate.ts';
import { hashPassword } from '../identity/passwords.ts';
import { readSession } from '../identity/sessions.ts';
import { signInWithPassword } from '../identity/sign-in.ts';
import type { AppEnv, Dependencies } from '../http/env.ts';
import { readBody } from '../http/validate.ts';
import { changeAsSystem } from '../changes/change.ts';
import { acceptInvitation } from '../changes/invitations.ts';
import { findInvitation } from '../store/invitations.ts';
import { presentSession } from '../present/session.ts';

/** The link of an invitation: read it and accept it. Unknown, used, revoked and expired links get the same 404. */
export function invitations(dependencies: Dependencies) {
  const { db, passwordSignIn, origins } = dependencies;

  return new Hono<AppEnv>({ strict: false })
    .post(PATHS.invitation, async (c) => {
      refuseForeignPages(c.req.raw, origins);
      const { secret } = await readBody(c, InvitationRequest);
      const attempt = await beginAttempt(c, dependencies);
      const invitation = await findInvitation(db, secret);
      if (!invitation) throw noLongerValid();
      await attempt.refund();
      return c.json({
        org: { id: invitation.org_id, name: invitation.org_name },
        email: invitation.email,
        expires_at: invitation.expires_at,
        can_sign_in: invitation.can_sign_in,
      } satisfies Invitation);
    })

    .post(PATHS.invitationAcceptance, async (c) => {
      refuseForeignPages(c.req.raw, origins);
      const { secret, new_person: newPerson } = await readBody(c, InvitationAcceptance);
      // A new person is authenticated by the link, not by the cookie.
      const signedIn = newPerson ? undefined : await readSession(c, dependencies);
      if (signedIn) refuseStalePages(c.req.raw, signedIn);
      const attempt = await beginAttempt(c, dependencies);
      const found = await findInvitation(db, secret);
      if (!found) throw noLongerValid();
      await attempt.refund();

      const acceptance = { signedInAs: signedIn?.id, setsPassword: newPerson !== undefined, passwordSignIn };
      // Decided here, before the password is hashed, which is slow, and again in the transaction.
      decideAcceptance(
        { personId: found.person_id, email: found.email, canSignIn: found.can_sign_in },
        acceptance,
      );
      const hash = newPerson && (await hashPassword(newPerson.password));
      const email = await changeAsSystem(dependencies, 'invitation', (changes) =>
        acceptInvitation(
          changes,
          secret,
          acceptance,
          newPerson && hash !== undefined ? { name: newPerson.name, passwordHash: hash } : undefined,
        ),
      );
      if (email === undefined) throw noLongerValid();

      if (!newPerson) {
        if (signedIn) return c.json(await presentSession(db, signedIn));
        throw noLongerValid();
      }
      const joined = await signInWithPassword(c, dependencies, {
        email,
        password: newPerson.password,
      });
      // Meanwhile single sign-on has verified the email, which deletes the password that the link has set.
      if (!joined) throw new DomainError('conflict', 'invitation_accepted_sign_in');
      return c.json(await presentSession(db, joined));
    });
}

function noLongerValid(): DomainError {
  return new DomainError('not_found', 'invitation_invalid');
}
