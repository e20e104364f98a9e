import { betterAuth } from 'better-auth';
import { APIError, createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import type { KyselyPlugin } from 'kysely';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Db } from '../db/scope.ts';
import { deleteSession, hasPassword } from '../store/persons.ts';

/** A person as sign-in knows them; what they may do is decided by the users that they are. */
export interface Person {
  id: string;
  email: string;
  name: string;
}

/** A person who has just signed in, and the headers that give their browser its cookies. */
interface SignedIn {
  person: Person;
  headers: Headers;
}

/** Who is behind a browser. Sessions live in the database; the cookie is signed, HttpOnly and SameSite. */
export interface SignIn {
  /** Undefined: the e-mail or the password is not right. */
  withPassword(email: string, password: string): Promise<SignedIn | undefined>;
  /**
   * Signs a person in without asking anything of them: for whoever has shown elsewhere who they are, at a provider of
   * single sign-on, and for the people of the demo account, whom anybody may be. Undefined: no such person.
   */
  asPerson(email: string): Promise<SignedIn | undefined>;
  /** The person whose session a request carries. */
  whoIs(request: Headers): Promise<Person | undefined>;
  /** Ends the session that a request carries; answers the headers that clear its cookies. */
  end(request: Headers): Promise<Headers>;
}

interface SignInOptions {
  db: Db;
  log: Logger;
  /** Signs the cookies. Whoever knows it and can read the session table could pose as anybody. */
  secret: string;
  /** Where browsers reach the console; cookies are `Secure` if it is https. */
  publicUrl: string;
}

/** Sign-in through better-auth over our tables. None of the library's own routes is served. */
export function createSignIn({ db, log, secret, publicUrl }: SignInOptions): SignIn {
  const auth = betterAuth({
    baseURL: publicUrl,
    secret,
    database: { db: db.withPlugin(momentsAsDates), type: 'postgres' },
    emailAndPassword: { enabled: true, disableSignUp: true },
    user: {
      modelName: 'person',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    session: {
      modelName: 'session',
      expiresIn: 7 * 24 * 60 * 60,
      fields: {
        userId: 'person_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    account: {
      modelName: 'credential',
      fields: {
        userId: 'person_id',
        providerId: 'provider_id',
        accountId: 'provider_account_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    verification: {
      modelName: 'verification',
      fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    // Attempts are limited by routes/console.ts: the library's own limiter trusts a header that anyone can send.
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: 'cross-org-visibility',
      useSecureCookies: publicUrl.startsWith('https:'),
      database: { generateId: 'uuid' },
      ipAddress: { disableIpTracking: true },
    },
    telemetry: { enabled: false },
    logger: { level: 'warn', log: (_, message) => log.warn({ library: 'better-auth' }, message) },
    plugins: [continueAs],
  });

  return {
    async withPassword(email, password) {
      try {
        const { headers, response } = await auth.api.signInEmail({
          body: { email, password },
          returnHeaders: true,
        });
        // Since it was looked at, the person may have been verified, which ends what was set up before.
        if (!(await hasPassword(db, response.user.id))) {
          await deleteSession(db, response.token);
          return undefined;
        }
        return { person: response.user, headers };
      } catch (error) {
        // No e-mail at all, or a password longer than any: as wrong as a wrong one.
        if (error instanceof APIError && error.statusCode < 500) return undefined;
        throw causeOf(error);
      }
    },
    async asPerson(email) {
      const { headers, response } = await auth.api.continueAs({ body: { email }, returnHeaders: true });
      return response ? { person: response, headers } : undefined;
    },
    async whoIs(request) {
      return whoIs(request);
    },
    async end(request) {
      const { headers } = await auth.api.signOut({ headers: request, returnHeaders: true });
      // The library answers success whether or not the session could be deleted.
      if (await whoIs(request)) throw new Error('The session could not be ended');
      return headers;
    },
  };

  async function whoIs(request: Headers): Promise<Person | undefined> {
    try {
      const session = await auth.api.getSession({ headers: request, query: { disableRefresh: true } });
      return session?.user;
    } catch (error) {
      throw causeOf(error);
    }
  }
}

/** What went wrong below the library, which wraps it in an error of its own. */
function causeOf(error: unknown): unknown {
  return error instanceof APIError && error.cause instanceof Error ? error.cause : error;
}

/** Signing in without a password. No route of the library is reachable from outside; this one not even in principle. */
const continueAs = {
  id: 'continue-as',
  endpoints: {
    continueAs: createAuthEndpoint.serverOnly(
      { method: 'POST', body: z.object({ email: z.string() }) },
      async (context) => {
        const found = await context.context.internalAdapter.findUserByEmail(context.body.email);
        if (!found) return null;
        const session = await context.context.internalAdapter.createSession(found.user.id);
        await setSessionCookie(context, { session, user: found.user });
        return found.user;
      },
    ),
  },
};

/** The library compares moments as Dates, where our rows carry them as they travel. */
const momentsAsDates: KyselyPlugin = {
  transformQuery: ({ node }) => node,
  transformResult: async ({ result }) => ({
    ...result,
    rows: result.rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([column, value]) => [
          column,
          column.endsWith('_at') && typeof value === 'string' ? new Date(value) : value,
        ]),
      ),
    ),
  }),
};
