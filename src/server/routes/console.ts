import { Hono } from 'hono';
import {
  type DemoPeople,
  DemoSignInRequest,
  type SignInMethods,
  SignInRequest,
} from '../../contract/console/schema.ts';
import { PATHS } from '../../contract/paths.ts';
import { DomainError } from '../../rules/errors.ts';
import { beginAttempt } from '../identity/attempts.ts';
import { refuseForeignPages, refuseStalePages } from '../identity/authenticate.ts';
import { endSession, readSession } from '../identity/sessions.ts';
import { signInAs, signInWithPassword } from '../identity/sign-in.ts';
import type { AppEnv, Dependencies } from '../http/env.ts';
import { unauthorized } from '../http/errors.ts';
import { readBody } from '../http/validate.ts';
import { presentSession } from '../present/session.ts';

/** The console's session: read it, sign in, sign out. Also the sign-in methods and the people of the demo account. */
export function consoleSession(dependencies: Dependencies) {
  const { db, passwordSignIn, singleSignOn, origins, demoPeople } = dependencies;

  return new Hono<AppEnv>({ strict: false })
    .get(PATHS.session, async (c) => {
      const person = await readSession(c, dependencies);
      if (!person) throw unauthorized();
      return c.json(await presentSession(db, person));
    })

    .post(PATHS.session, async (c) => {
      refuseForeignPages(c.req.raw, origins);
      if (!passwordSignIn) throw new DomainError('forbidden', 'passwords_disabled');
      const { email, password } = await readBody(c, SignInRequest);
      const normalEmail = email.trim().toLowerCase();
      const attempt = await beginAttempt(c, dependencies, normalEmail);
      const person = await signInWithPassword(c, dependencies, { email: normalEmail, password }).catch(
        async (error: unknown) => {
          // A busy server must not lock anyone out.
          await attempt.refund();
          throw error;
        },
      );
      if (!person) throw new DomainError('unauthenticated', 'credentials_incorrect');
      await attempt.succeed();
      return c.json(await presentSession(db, person));
    })

    .delete(PATHS.session, async (c) => {
      refuseForeignPages(c.req.raw, origins);
      const person = await readSession(c, dependencies);
      if (person) refuseStalePages(c.req.raw, person);
      await endSession(c, dependencies);
      return c.body(null, 204);
    })

    .get(PATHS.signInMethods, (c) =>
      c.json({
        passwords: passwordSignIn,
        single_sign_on: singleSignOn ? { label: singleSignOn.label } : null,
      } satisfies SignInMethods),
    )

    .get(PATHS.demoPeople, (c) => c.json({ people: [...demoPeople] } satisfies DemoPeople))

    .post(PATHS.demoSession, async (c) => {
      refuseForeignPages(c.req.raw, origins);
      const { email } = await readBody(c, DemoSignInRequest);
      const offered = demoPeople.some((one) => one.email === email);
      const person = offered ? await signInAs(c, dependencies, email) : undefined;
      if (!person) throw new DomainError('not_found', 'demo_person_unknown');
      return c.json(await presentSession(db, person));
    });
}
