import type { Context } from 'hono';
import * as openid from 'openid-client';
import { DISGUISES } from '../../contract/common/storable-text.ts';
import { PATHS } from '../../contract/paths.ts';
import type { SignOnFailure } from '../../contract/console/constants.ts';
import { isLoopback, type OidcConfiguration } from '../configuration.ts';
import { type PendingSignIn, storePendingSignIn, takePendingSignIn } from './pending-sign-in.ts';

/** A person whose email the provider has verified. */
interface VerifiedPerson {
  /** In lower case. */
  email: string;
  name: string | undefined;
}

/** Single sign-on with one provider: OpenID Connect, authorization code flow with PKCE, state and nonce. */
export interface SingleSignOn {
  /** Name of the provider, as in "Continue with ...". */
  readonly label: string;
  /**
   * Begins a sign-in: sets its cookie and returns the provider's address to redirect to.
   *
   * @param next page to open afterwards
   * @throws SignOnFailed `unavailable`
   */
  begin(c: Context, next: string): Promise<URL>;
  /** Returns the sign-in that the provider's response belongs to; undefined if its cookie is missing, forged or expired. */
  resume(c: Context): Promise<PendingSignIn | undefined>;
  /**
   * Exchanges the provider's response for the verified person.
   *
   * @param search query of the callback's address
   * @throws SignOnFailed
   */
  finish(search: string, pending: PendingSignIn): Promise<VerifiedPerson>;
}

/** A failed single sign-on. The person sees a text for the code; the detail is for the log and contains no secrets. */
export class SignOnFailed extends Error {
  override readonly name = 'SignOnFailed';
  readonly code: SignOnFailure;

  constructor(code: SignOnFailure, detail?: string) {
    super(detail ?? code);
    this.code = code;
  }
}

/** Timeout of a request to the provider. */
const PROVIDER_TIMEOUT_SECONDS = 10;

interface SingleSignOnOptions extends OidcConfiguration {
  /** Signs the cookie of a sign-in in progress. */
  secret: string;
  publicUrl: string;
}

/** Creates single sign-on with a provider. Fetches its metadata at the first sign-in, and again after a failure. */
export function createSingleSignOn(options: SingleSignOnOptions): SingleSignOn {
  const callback = options.publicUrl + PATHS.singleSignOnCallback;
  let discovered: Promise<openid.Configuration> | undefined;

  return {
    label: options.label,

    async begin(c, next) {
      const provider = await discoverOnce();
      const pending = {
        state: openid.randomState(),
        nonce: openid.randomNonce(),
        verifier: openid.randomPKCECodeVerifier(),
        next,
      };
      await storePendingSignIn(c, options, pending);
      return openid.buildAuthorizationUrl(provider, {
        redirect_uri: callback,
        scope: 'openid email profile',
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(pending.verifier),
        code_challenge_method: 'S256',
      });
    },

    resume: (c) => takePendingSignIn(c, options, c.req.query('state')),

    async finish(search, pending) {
      const provider = await discoverOnce();
      const claims = await exchange(provider, new URL(callback + search), pending);
      // Not `toLowerCase`, which turns the Kelvin sign into k: an email that only looks like another must not become it.
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
      throw new SignOnFailed('unavailable', `the provider's metadata cannot be read: ${messageOf(error)}`);
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

/** Sends the client's secret in the `Authorization` header, the standard's default, or in the body if the provider accepts only that. */
function authenticateClient(clientSecret: string | undefined): openid.ClientAuth {
  if (clientSecret === undefined) return openid.None();
  const basic = openid.ClientSecretBasic(clientSecret);
  const post = openid.ClientSecretPost(clientSecret);
  return (server, ...request) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    return (methods.includes('client_secret_basic') ? basic : post)(server, ...request);
  };
}

/** Reads the person from the ID token, or from the userinfo endpoint if the token has no email. */
async function exchange(
  provider: openid.Configuration,
  answer: URL,
  pending: PendingSignIn,
): Promise<{ email: string; name: string | undefined }> {
  try {
    const tokens = await openid.authorizationCodeGrant(provider, answer, {
      expectedState: pending.state,
      expectedNonce: pending.nonce,
      pkceCodeVerifier: pending.verifier,
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
  // Some providers send the claim as text.
  if (typeof email !== 'string' || !(isVerified === true || isVerified === 'true')) {
    throw new SignOnFailed('unverified');
  }
  return { email, name: nameOf(name) };
}

/** Returns the provider's name of a person without characters that a given name cannot have. */
function nameOf(claim: unknown): string | undefined {
  if (typeof claim !== 'string') return undefined;
  const visible = claim.toWellFormed().replaceAll(new RegExp(DISGUISES, 'gu'), '');
  return visible.trim().slice(0, 200).toWellFormed() || undefined;
}

/** Keeps the library's own messages only: causes contain responses, and responses contain tokens. */
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
  // `fetch` throws a TypeError if there is no response.
  if (error instanceof TypeError) return new SignOnFailed('unavailable', 'the provider cannot be reached');
  return new SignOnFailed('failed', 'unexpected error');
}

/** Returns the messages of an error and its causes. The metadata is public, so they contain no secrets. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${messageOf(error.cause)}` : error.message;
}
