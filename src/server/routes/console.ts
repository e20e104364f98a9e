import { isIPv6 } from 'node:net';
import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import {
  type ConsoleSession,
  type DemoPeople,
  DemoSignInRequest,
  SignInRequest,
} from '../../contract/console.schema.ts';
import { PATHS } from '../../contract/paths.ts';
import { refuseForeignPages } from '../http/authenticate.ts';
import type { AppEnv, Dependencies } from '../http/env.ts';
import { unauthorized } from '../http/errors.ts';
import type { Person } from '../http/sign-in.ts';
import { readBody } from '../http/validate.ts';
import { forgetExpiredSessions, listUsersOfPerson, recordSignIn } from '../store/actors.ts';
import { countAttempt, forgetAttempts, uncountAttempt } from '../store/sign-in-attempts.ts';

/** Failed attempts to sign in that a quarter of an hour allows, before even the right password is refused. */
const ATTEMPTS_PER_EMAIL = 10;
const ATTEMPTS_PER_ADDRESS = 50;

/** Signing in and out of the console, and what it needs to know of the person who did. */
export function consoleSession({ db, signIn, origins, socketAddress, demoPeople }: Dependencies) {
  return new Hono<AppEnv>({ strict: false })
    .get(PATHS.session, async (c) => {
      const person = await signIn.whoIs(c.req.raw.headers);
      if (!person) throw unauthorized();
      return c.json(await presentSession(person));
    })

    .post(PATHS.session, async (c) => {
      refuseForeignPages(c.req.raw, origins);
      const { email, password } = await readBody(c, SignInRequest);
      const normalEmail = email.trim().toLowerCase();
      const byEmail = `email:${normalEmail}`;
      const byAddress = `address:${networkOf(socketAddress(c))}`;
      // The address first: whoever is past its limit counts against nobody's e-mail any more.
      if ((await countAttempt(db, byAddress)) > ATTEMPTS_PER_ADDRESS) throw tooManyAttempts();
      if ((await countAttempt(db, byEmail)) > ATTEMPTS_PER_EMAIL) throw tooManyAttempts();
      const signedIn = await signIn.withPassword(normalEmail, password);
      if (!signedIn) throw new HTTPException(401, { message: 'The e-mail or the password is not right' });
      await forgetAttempts(db, byEmail);
      await uncountAttempt(db, byAddress);
      await forgetExpiredSessions(db);
      await recordSignIn(db, signedIn.person.id);
      return withCookies(c.json(await presentSession(signedIn.person)), signedIn.headers);
    })

    .delete(PATHS.session, async (c) => {
      refuseForeignPages(c.req.raw, origins);
      return withCookies(c.body(null, 204), await signIn.end(c.req.raw.headers));
    })

    .get(PATHS.demoPeople, (c) => c.json({ people: [...demoPeople] } satisfies DemoPeople))

    .post(PATHS.demoSession, async (c) => {
      refuseForeignPages(c.req.raw, origins);
      const { email } = await readBody(c, DemoSignInRequest);
      const offered = demoPeople.some((person) => person.email === email);
      const signedIn = offered ? await signIn.asPerson(email) : undefined;
      if (!signedIn)
        throw new HTTPException(404, { message: 'Nobody of this e-mail is in the demo account' });
      await recordSignIn(db, signedIn.person.id);
      return withCookies(c.json(await presentSession(signedIn.person)), signedIn.headers);
    });

  async function presentSession(person: Person): Promise<ConsoleSession> {
    const users = await listUsersOfPerson(db, person.id);
    return {
      person: { email: person.email, name: person.name },
      users: users.map((user) => ({
        id: user.id,
        roles: user.roles,
        teams: user.teams,
        permissions: user.permissions,
        org: { id: user.org_id, name: user.org_name, site: user.site, hipaa: user.hipaa },
      })),
    };
  }
}

function withCookies(response: Response, headers: Headers): Response {
  for (const cookie of headers.getSetCookie()) response.headers.append('Set-Cookie', cookie);
  return response;
}

function tooManyAttempts(): HTTPException {
  return new HTTPException(429, { message: 'Too many attempts to sign in; try again in 15 minutes' });
}

/** What one attacker has of addresses: a single one of version 4, but a whole /64 of version 6. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(address)?.[1];
  if (mapped) return mapped;
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const front = head.split(':').filter(Boolean);
  const back = (tail ?? '').split(':').filter(Boolean);
  const gap = tail === undefined ? 0 : 8 - front.length - back.length;
  return [...front, ...Array.from({ length: gap }, () => '0'), ...back].slice(0, 4).join(':');
}
