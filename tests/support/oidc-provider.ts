import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Configuration } from 'oidc-provider';

/** Claims about a person who signs in at the provider. */
interface Claims {
  email?: string;
  email_verified?: boolean | string;
  name?: string;
}

/** A real OpenID Connect provider on this machine. Its sign-in page accepts any name and password. */
export interface TestProvider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Claims by the name that people sign in with. For others, the name is their verified email. */
  people: Map<string, Claims>;
  /** Registers a client with this redirect address. */
  serve(redirectUri: string, options?: ServeOptions): void;
  /** Stops the provider, and starts it again at the same address. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

interface ServeOptions {
  /** Whether claims are in the ID token; otherwise they are at the userinfo endpoint only. */
  claimsInIdToken?: boolean;
  /** How the client authenticates; a public client does not. */
  clientAuthentication?: 'client_secret_basic' | 'client_secret_post' | 'none';
}

export async function startProvider(): Promise<TestProvider> {
  const { Provider } = await quietly(() => import('oidc-provider'));
  const clientId = 'cross-org-visibility';
  const clientSecret = 'a-secret-of-the-client, with signs: %&+';
  const people = new Map<string, Claims>();
  let handle: RequestListener = answerNothing;
  let server: Server | undefined;
  let port = 0;

  async function start(): Promise<void> {
    server = createServer((request, response) => handle(request, response));
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  }

  await start();
  const issuer = `http://127.0.0.1:${port}`;
  return {
    issuer,
    clientId,
    clientSecret,
    people,
    serve(redirectUri, { claimsInIdToken = true, clientAuthentication = 'client_secret_basic' } = {}) {
      const configuration: Configuration = {
        clients: [
          {
            client_id: clientId,
            ...(clientAuthentication !== 'none' && { client_secret: clientSecret }),
            token_endpoint_auth_method: clientAuthentication,
            redirect_uris: [redirectUri],
          },
        ],
        clientAuthMethods: [clientAuthentication],
        claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
        conformIdTokenClaims: !claimsInIdToken,
        cookies: { keys: ['a key of no importance'] },
        jwks: { keys: [signingKey] },
        pkce: { required: () => true },
        ttl: {
          AccessToken: 600,
          AuthorizationCode: 60,
          Grant: 600,
          IdToken: 600,
          Interaction: 600,
          Session: 600,
        },
        findAccount: (_, login) => ({
          accountId: login,
          claims: () => ({ sub: login, ...(people.get(login) ?? { email: login, email_verified: true }) }),
        }),
      };
      const provider = quietly(() => new Provider(issuer, configuration));
      const answer = provider.callback();
      handle = (request, response) => void answer(request, response);
    },
    start,
    async stop() {
      server?.closeAllConnections();
      await new Promise((resolve) => server?.close(resolve));
    },
  };
}

const answerNothing: RequestListener = (_, response) => void response.writeHead(404).end();

const signingKey = {
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }),
  kid: 'test',
  use: 'sig',
  alg: 'RS256',
} as const;

/** Hides the library's warnings about settings that are not for production. */
function quietly<Result>(work: () => Result): Result {
  const { info, warn } = console;
  const speak = () => void Object.assign(console, { info, warn });
  Object.assign(console, { info: () => undefined, warn: () => undefined });
  const result = work();
  if (result instanceof Promise) void result.finally(speak);
  else speak();
  return result;
}
