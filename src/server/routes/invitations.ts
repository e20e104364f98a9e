import { Hono } from 'hono';
import { type Invitation, InvitationAcceptance, InvitationRequest } from '../../contract/console/schema.ts';
import { PATHS } from '../../contract/paths.ts';
import { DomainError } from '../../rules/errors.ts';
import { decideAcceptance } from '../../rules/invitations.ts';
import { countAttemptFrom } from '../identity/attempts.ts';
import { refuseForeignPages, refuseStalePages } from '../identity/authenticate.ts';
import { hashPassword } from '../identity/passwords.ts';
import { readSession } from '../identity/sessions.ts';
import { signInWithPassword } from '../identity/sign-in.ts';
import type { AppEnv, Dependencies } from '../http/env.ts';
import { readBody } from '../http/validate.ts';
import { findInvitation, takeInvitation } from '../store/invitations.ts';
import { insertPassword } from '../store/credentials.ts';
import { activateUser, namePerson } from '../store/persons.ts';
import { presentSession } from '../present/session.ts';

/** What happens with the link that an invitation hands out. Unknown, used, taken back and run out are all one 404. */
export function invitations(dependencies: Dependencies) {
  const { db, passwordSignIn, origins } = dependencies;

  return new Hono<AppEnv>({ strict: false })
    .post(PATHS.invitation, async (c) => {
      refuseForeignPages(c.req.raw, origins);
      const { secret } = await readBody(c, InvitationRequest);
      const refund = await countAttemptFrom(c, dependencies);
      const invitation = await findInvitation(db, secret);
      if (!invitation) throw noLongerValid();
      await refund();
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
      const refund = await countAttemptFrom(c, dependencies);
      const found = await findInvitation(db, secret);
      if (!found) throw noLongerValid();
      await refund();

      const acceptance = { signedInAs: signedIn?.id, setsPassword: newPerson !== undefined, passwordSignIn };
      // Once before the password is hashed, which takes a while, and once when nothing can change any more.
      decideAcceptance(
        { personId: found.person_id, email: found.email, canSignIn: found.can_sign_in },
        acceptance,
      );
      const hash = newPerson && (await hashPassword(newPerson.password));
      const { person } = await db.transaction().execute(async (db) => {
        const invitation = await takeInvitation(db, secret);
        if (!invitation) throw noLongerValid();
        decideAcceptance(
          {
            personId: invitation.person_id,
            email: invitation.person.email,
            canSignIn: invitation.can_sign_in,
          },
          acceptance,
        );
        if (newPerson && hash !== undefined) {
          await insertPassword(db, invitation.person_id, hash);
          await namePerson(db, invitation.person_id, newPerson.name);
        }
        await activateUser(db, invitation.user_id, newPerson?.name ?? knownName(invitation.person));
        return invitation;
      });

      if (!newPerson) {
        if (signedIn) return c.json(await presentSession(db, signedIn));
        throw noLongerValid();
      }
      const joined = await signInWithPassword(c, dependencies, {
        email: person.email,
        password: newPerson.password,
      });
      // Meanwhile single sign-on has shown who they are, which ends the password that the link has set.
      if (!joined) throw new DomainError('conflict', 'invitation_accepted_sign_in');
      return c.json(await presentSession(db, joined));
    });
}

/** Who has not been given a name yet goes by their e-mail. */
function knownName({ name, email }: { name: string; email: string }): string | undefined {
  return name === email ? undefined : name;
}

function noLongerValid(): DomainError {
  return new DomainError('not_found', 'invitation_invalid');
}
