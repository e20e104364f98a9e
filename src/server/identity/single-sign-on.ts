import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import * as openid from 'openid-client';
import { z } from 'zod';
import { PATHS } from '../../contract/paths.ts';
import type { SignOnFailure } from '../../contract/console/constants.ts';
import { isLoopback, type OidcConfiguration } from '../configuration.ts';

/** Whom a provider vouches for. */
interface VerifiedPerson {
  /** As we keep e-mail addresses: in lower case. */
  email: string;
  name: string | undefined;
}

/** What the browser keeps between going to the provider and coming back: what ties the answer to the question. */
type PendingSignIn = z.infer<typeof PendingSignIn>;

/** A provider that vouches for people: OpenID Connect, authorization code flow with PKCE, state and nonce. */
export interface SingleSignOn {
  /** What people call it, as in "Continue with ...". */
  readonly label: string;
  /**
   * Where to send a browser, and the value of the cookie that it must bring back. `next` is kept for afterwards.
   *
   * @throws SignOnFailed `unavailable`
   */
  begin(next: string): Promise<{ location: URL; cookie: string }>;
  /** What a cookie says was begun. Undefined: it is missing, forged or too old. */
  resume(cookie: string | undefined): PendingSignIn | undefined;
  /**
   * Exchanges the provider's answer, the query of the callback's address, for the person whom it vouches for.
   *
   * @throws SignOnFailed
   */
  finish(search: string, begun: PendingSignIn): Promise<VerifiedPerson>;
}

/** Nobody could be signed in. What the person is told is the code alone; the detail is for the log and holds no secrets. */
export class SignOnFailed extends Error {
  override readonly name = 'SignOnFailed';
  readonly code: SignOnFailure;

  constructor(code: SignOnFailure, detail?: string) {
    super(detail ?? code);
    this.code = code;
  }
}

/** How long a person may take at the provider. */
export const SIGN_ON_PATIENCE_SECONDS = 10 * 60;

/** How long the provider may take to answer one request of ours. */
const PROVIDER_TIMEOUT_SECONDS = 10;

const PendingSignIn = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  next: z.string(),
  expires: z.number(),
});

interface SingleSignOnOptions extends OidcConfiguration {
  /** The secret of the session cookies; what signs ours is derived from it, so that neither can pass for the other. */
  secret: string;
  publicUrl: string;
}

/** Single sign-on at any provider. It is asked for its metadata when somebody first needs it, until it has answered. */
export function createSingleSignOn(options: SingleSignOnOptions): SingleSignOn {
  const callback = options.publicUrl + PATHS.singleSignOnCallback;
  const seal = createSeal(options.secret);
  let discovered: Promise<openid.Configuration> | undefined;

  return {
    label: options.label,

    async begin(next) {
      const provider = await discoverOnce();
      const begun: PendingSignIn = {
        state: openid.randomState(),
        nonce: openid.randomNonce(),
        verifier: openid.randomPKCECodeVerifier(),
        next,
        expires: Date.now() + SIGN_ON_PATIENCE_SECONDS * 1000,
      };
      const location = openid.buildAuthorizationUrl(provider, {
        redirect_uri: callback,
        scope: 'openid email profile',
        state: begun.state,
        nonce: begun.nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(begun.verifier),
        code_challenge_method: 'S256',
      });
      return { location, cookie: seal.close(JSON.stringify(begun)) };
    },

    resume(cookie) {
      const text = cookie === undefined ? undefined : seal.open(cookie);
      if (text === undefined) return undefined;
      const begun = PendingSignIn.parse(JSON.parse(text));
      return begun.expires > Date.now() ? begun : undefined;
    },

    async finish(search, begun) {
      // Told apart from other faults, because it has a harmless reason: another tab began anew.
      if (new URLSearchParams(search).get('state') !== begun.state) throw new SignOnFailed('expired');
      const provider = await discoverOnce();
      const claims = await exchange(provider, new URL(callback + search), begun);
      // An address that only looks like another must not become it: `toLowerCase` would make a k of the Kelvin sign.
      const email = claims.email.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
      return { email, name: claims.name };
    },
  };

  async function discoverOnce(): Promise<openid.Configuration> {
    discovered ??= discover(options);
    try {
      return await discovered;
    } catch (error) {
      discovered = undefined;
      throw new SignOnFailed('unavailable', `the provider's metadata cannot be read: ${wordsOf(error)}`);
    }
  }
}

function discover({ issuer, clientId, clientSecret }: OidcConfiguration): Promise<openid.Configuration> {
  const url = new URL(issuer);
  return openid.discovery(url, clientId, undefined, authenticateClient(clientSecret), {
    timeout: PROVIDER_TIMEOUT_SECONDS,
    execute: [
      // The signature of the ID token is checked although it comes straight from the provider.
      openid.enableNonRepudiationChecks,
      ...(isLoopback(url.hostname) ? [openid.allowInsecureRequests] : []),
    ],
  });
}

/** The secret travels as the provider wants it: as the standard has it by default, unless it takes the other way alone. */
function authenticateClient(clientSecret: string | undefined): openid.ClientAuth {
  if (clientSecret === undefined) return openid.None();
  const basic = openid.ClientSecretBasic(clientSecret);
  const post = openid.ClientSecretPost(clientSecret);
  return (server, ...request) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    return (methods.includes('client_secret_basic') ? basic : post)(server, ...request);
  };
}

/** What the provider says of the person: in the ID token, or where that says nothing of their e-mail, when asked. */
async function exchange(
  provider: openid.Configuration,
  answer: URL,
  begun: PendingSignIn,
): Promise<{ email: string; name: string | undefined }> {
  try {
    const tokens = await openid.authorizationCodeGrant(provider, answer, {
      expectedState: begun.state,
      expectedNonce: begun.nonce,
      pkceCodeVerifier: begun.verifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (!claims) throw new SignOnFailed('failed', 'there is no ID token');
    if (claims.email !== undefined && claims.email_verified !== undefined) return requireVerified(claims);
    if (provider.serverMetadata().userinfo_endpoint === undefined) throw new SignOnFailed('unverified');
    return requireVerified(await openid.fetchUserInfo(provider, tokens.access_token, claims.sub));
  } catch (error) {
    throw explain(error);
  }
}

function requireVerified(claims: Record<string, unknown>): { email: string; name: string | undefined } {
  const { email, email_verified: isVerified, name } = claims;
  if (typeof email !== 'string' || isVerified !== true) throw new SignOnFailed('unverified');
  return { email, name: typeof name === 'string' ? name.trim().slice(0, 200) || undefined : undefined };
}

/** Of what the library says, only words of its own and codes of the standard: causes hold answers, and so tokens. */
function explain(error: unknown): SignOnFailed {
  if (error instanceof SignOnFailed) return error;
  if (error instanceof openid.AuthorizationResponseError) {
    return error.error === 'access_denied'
      ? new SignOnFailed('cancelled')
      : new SignOnFailed('failed', 'the provider answered with an error');
  }
  if (error instanceof openid.ResponseBodyError) {
    return new SignOnFailed('failed', `the provider refused with status ${error.status}`);
  }
  if (error instanceof openid.ClientError) {
    const code = error.code === 'OAUTH_TIMEOUT' ? 'unavailable' : 'failed';
    return new SignOnFailed(code, error.message);
  }
  // What fetch throws when there is no answer at all.
  if (error instanceof TypeError) return new SignOnFailed('unavailable', 'the provider cannot be reached');
  return new SignOnFailed('failed', 'an unexpected fault');
}

/** What went wrong with a document that is public: the cause says it best. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${wordsOf(error.cause)}` : error.message;
}

/** Texts that leave the server and come back unchanged, or not at all. */
function createSeal(secret: string) {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'cross-org-visibility single sign-on', 32));
  const sign = (content: string) => createHmac('sha256', key).update(content).digest();
  return {
    close(text: string): string {
      const content = Buffer.from(text).toString('base64url');
      return `${content}.${sign(content).toString('base64url')}`;
    },
    open(sealed: string): string | undefined {
      const [content = '', signature = ''] = sealed.split('.');
      const given = Buffer.from(signature, 'base64url');
      const right = sign(content);
      if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
      return Buffer.from(content, 'base64url').toString();
    },
  };
}
