import { z } from 'zod';
import type { RateLimits } from './http/rate-limits.ts';
import { parseTrustedProxies, type TrustedProxies } from './http/client-address.ts';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const requestsPerMinute = (byDefault: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a number of requests per minute, or 0 for no limit')
    .transform(Number)
    .default(byDefault);

const Environment = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port number from 0 to 65535')
    .transform(Number)
    .pipe(z.int().max(65_535, 'must be a port number from 0 to 65535'))
    .default(8080),
  HOST: z.string().default('127.0.0.1'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .transform((text) => new URL(text))
    .refine(
      ({ pathname, search }) => pathname === '/' && search === '',
      'must have no path: the console is at its root',
    )
    .optional(),
  DATA_DIR: z.string().default('data'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// address' }).optional(),
  DIRECTORY_FILE: z.string().optional(),
  SESSION_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  OIDC_ISSUER: z
    .url({ protocol: /^https?$/, error: 'must be an https address', abort: true })
    .refine((text) => {
      const { protocol, hostname } = new URL(text);
      return protocol === 'https:' || isLoopback(hostname);
    }, 'must be an https address, except on this machine itself')
    .optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_LABEL: z.string().max(60, 'must have at most 60 characters').optional(),
  PASSWORD_SIGN_IN: z.enum(['on', 'off'], 'must be on or off').default('on'),
  TRUST_PROXY: z
    .string()
    .transform((text, context) => {
      const proxies = parseTrustedProxies(text);
      if (proxies !== undefined) return proxies;
      context.addIssue('must be a number of proxies, or addresses and networks: 10.0.0.0/8, 192.0.2.1');
      return z.NEVER;
    })
    .default(0),
  RATE_LIMIT_API: requestsPerMinute(6_000),
  RATE_LIMIT_QUERIES: requestsPerMinute(1_200),
  RATE_LIMIT_INTAKE: requestsPerMinute(30_000),
  METRICS_TOKEN: z
    .string()
    .min(16, 'must have at least 16 characters')
    .regex(/^[\u0021-\u007e]*$/, 'must consist of ASCII letters, digits and punctuation, without spaces')
    .optional(),
  METRICS_PER_ORG: z.enum(['on', 'off'], 'must be on or off').optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
});

/** Configuration of the server, from environment variables (docs/configuration.md). */
export interface Configuration {
  port: number;
  host: string;
  publicUrl: string | undefined;
  rateLimits: RateLimits;
  /** Proxies whose `X-Forwarded-For` counts. By default none. */
  trustedProxies: TrustedProxies;
  dataDir: string;
  databaseUrl: string | undefined;
  directoryFile: string | undefined;
  sessionSecret: string | undefined;
  /** Whether password sign-in is on. It may be off only with single sign-on. */
  passwordSignIn: boolean;
  oidc: OidcConfiguration | undefined;
  /** Metrics for Prometheus. Undefined: off. */
  metrics: MetricsConfiguration | undefined;
  logLevel: (typeof LOG_LEVELS)[number];
}

/** Metrics for Prometheus. */
interface MetricsConfiguration {
  /** Token that scrapers send. */
  token: string;
  /** Whether counters are per organization. */
  perOrg: boolean;
}

/** An OpenID Connect provider, and this product's client at it. */
export interface OidcConfiguration {
  issuer: string;
  clientId: string;
  /** Undefined for a public client, which relies on PKCE alone. */
  clientSecret: string | undefined;
  /** Name of the provider, as in "Continue with ...". */
  label: string;
}

/** An error that the operator who starts the server must correct. Shown without a stack trace. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** Reads the configuration. An empty variable counts as absent. Throws one ConfigurationError that lists all mistakes. */
export function readConfiguration(environment: NodeJS.ProcessEnv): Configuration {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    throw new ConfigurationError(
      parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('\n'),
    );
  }
  const env = parsed.data;
  if (env.DATABASE_URL && !env.SESSION_SECRET) {
    throw new ConfigurationError(
      'SESSION_SECRET is required beside DATABASE_URL, so that a single sign-on can begin at one server and end at another',
    );
  }
  if (!isLoopback(env.HOST) && !env.PUBLIC_URL) {
    throw new ConfigurationError(
      `PUBLIC_URL is required beside HOST=${env.HOST}: the address by which browsers reach the console`,
    );
  }
  const oidc = readOidc(env);
  if (env.PASSWORD_SIGN_IN === 'off' && !oidc) {
    throw new ConfigurationError(
      'PASSWORD_SIGN_IN=off leaves no way to sign in: name a provider of single sign-on in OIDC_ISSUER',
    );
  }
  return {
    port: env.PORT,
    host: env.HOST,
    publicUrl: env.PUBLIC_URL?.origin,
    rateLimits: {
      api: env.RATE_LIMIT_API,
      queries: env.RATE_LIMIT_QUERIES,
      intake: env.RATE_LIMIT_INTAKE,
    },
    trustedProxies: env.TRUST_PROXY,
    dataDir: env.DATA_DIR,
    databaseUrl: env.DATABASE_URL,
    directoryFile: env.DIRECTORY_FILE,
    sessionSecret: env.SESSION_SECRET,
    passwordSignIn: env.PASSWORD_SIGN_IN === 'on',
    oidc,
    metrics: readMetrics(env),
    logLevel: env.LOG_LEVEL,
  };
}

function readOidc(env: z.output<typeof Environment>): OidcConfiguration | undefined {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET, OIDC_LABEL } = env;
  if (issuer === undefined) {
    const lonely = Object.entries({ OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET, OIDC_LABEL }).find(
      ([, value]) => value !== undefined,
    );
    if (lonely) throw new ConfigurationError(`OIDC_ISSUER is required beside ${lonely[0]}`);
    return undefined;
  }
  if (clientId === undefined) throw new ConfigurationError('OIDC_CLIENT_ID is required beside OIDC_ISSUER');
  return { issuer, clientId, clientSecret: OIDC_CLIENT_SECRET, label: OIDC_LABEL ?? 'single sign-on' };
}

function readMetrics(env: z.output<typeof Environment>): MetricsConfiguration | undefined {
  const { METRICS_TOKEN: token, METRICS_PER_ORG: perOrg = 'off' } = env;
  if (token !== undefined) return { token, perOrg: perOrg === 'on' };
  if (perOrg === 'off') return undefined;
  throw new ConfigurationError('METRICS_TOKEN is required beside METRICS_PER_ORG=on');
}

/** Returns whether only this machine can reach a host. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}
