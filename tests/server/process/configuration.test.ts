import { describe, expect, it } from 'vitest';
import { ConfigurationError, isLoopback, readConfiguration } from '../../../src/server/configuration.ts';

const SECRET = 'a secret of no importance but long';

describe('the configuration', () => {
  it('has defaults for everything', () => {
    expect(readConfiguration({})).toEqual({
      port: 8080,
      host: '127.0.0.1',
      publicUrl: undefined,
      rateLimits: { api: 6000, queries: 1200, intake: 30_000 },
      trustedProxies: 0,
      dataDir: 'data',
      databaseUrl: undefined,
      directoryFile: undefined,
      sessionSecret: undefined,
      passwordSignIn: true,
      oidc: undefined,
      metrics: undefined,
      logLevel: 'info',
    });
  });

  it('treats an empty variable as absent', () => {
    expect(readConfiguration({ PORT: '', DATABASE_URL: '', SESSION_SECRET: '' })).toEqual(
      readConfiguration({}),
    );
  });

  it('has all variables', () => {
    expect(
      readConfiguration({
        PORT: '0',
        HOST: '::',
        PUBLIC_URL: 'https://COV.acme.example:443/',
        DATABASE_URL: 'postgresql://db/acme',
        SESSION_SECRET: SECRET,
      }),
    ).toMatchObject({
      port: 0,
      host: '::',
      publicUrl: 'https://cov.acme.example',
      databaseUrl: 'postgresql://db/acme',
    });
  });

  it('includes a single sign-on provider', () => {
    const provider = { OIDC_ISSUER: 'https://id.acme.example/tenant', OIDC_CLIENT_ID: 'console' };
    const oidc = { issuer: 'https://id.acme.example/tenant', clientId: 'console' };
    expect(readConfiguration(provider)).toMatchObject({
      passwordSignIn: true,
      oidc: { ...oidc, clientSecret: undefined, label: 'single sign-on' },
    });
    expect(
      readConfiguration({
        ...provider,
        OIDC_CLIENT_SECRET: 'a secret',
        OIDC_LABEL: 'Acme ID',
        PASSWORD_SIGN_IN: 'off',
      }),
    ).toMatchObject({ passwordSignIn: false, oidc: { ...oidc, clientSecret: 'a secret', label: 'Acme ID' } });
    expect(readConfiguration({ ...provider, OIDC_ISSUER: 'http://127.0.0.1:9000' })).toMatchObject({
      oidc: { issuer: 'http://127.0.0.1:9000' },
    });
  });

  it.each<[Record<string, string>, object | undefined]>([
    [{ METRICS_TOKEN: 'm'.repeat(16) }, { token: 'm'.repeat(16), perOrg: false }],
    [
      { METRICS_TOKEN: 'm'.repeat(16), METRICS_PER_ORG: 'off' },
      { token: 'm'.repeat(16), perOrg: false },
    ],
    [
      { METRICS_TOKEN: 'm'.repeat(16), METRICS_PER_ORG: 'on' },
      { token: 'm'.repeat(16), perOrg: true },
    ],
    [{ METRICS_PER_ORG: 'off' }, undefined],
  ])('reads metrics from %o', (environment, metrics) => {
    expect(readConfiguration(environment)).toMatchObject({ metrics });
  });

  it.each<[string, Record<string, string>, string]>([
    ['a malformed port', { PORT: 'eighty' }, 'PORT must be a port number from 0 to 65535'],
    ['a port in other digits', { PORT: '0x50' }, 'PORT must be a port number from 0 to 65535'],
    ['a port that is too large', { PORT: '65536' }, 'PORT must be a port number from 0 to 65535'],
    ['a malformed address', { PUBLIC_URL: 'acme' }, 'PUBLIC_URL must be an http or https address'],
    ['an address with a path', { PUBLIC_URL: 'https://acme.example/cov' }, 'PUBLIC_URL must have no path'],
    [
      'an address for all without a public one',
      { HOST: '0.0.0.0' },
      'PUBLIC_URL is required beside HOST=0.0.0.0',
    ],
    ['another database', { DATABASE_URL: 'mysql://localhost' }, 'DATABASE_URL must be a postgres:// address'],
    ['a short secret', { SESSION_SECRET: 'short' }, 'SESSION_SECRET must have at least 32 characters'],
    [
      'a short token of metrics',
      { METRICS_TOKEN: 'm'.repeat(15) },
      'METRICS_TOKEN must have at least 16 characters',
    ],
    [
      'a token with spaces',
      { METRICS_TOKEN: 'a token with some spaces' },
      'METRICS_TOKEN must consist of ASCII letters, digits and punctuation, without spaces',
    ],
    [
      'metrics per organization neither on nor off',
      { METRICS_PER_ORG: 'yes' },
      'METRICS_PER_ORG must be on or off',
    ],
    [
      'metrics per organization without metrics',
      { METRICS_PER_ORG: 'on' },
      'METRICS_TOKEN is required beside METRICS_PER_ORG=on',
    ],
    ['an unknown level', { LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of fatal, error, warn, info'],
    [
      'no secret beside a database',
      { DATABASE_URL: 'postgres://localhost/x' },
      'SESSION_SECRET is required beside DATABASE_URL',
    ],
    ['a provider that is no address', { OIDC_ISSUER: 'acme' }, 'OIDC_ISSUER must be an https address'],
    [
      'a provider without https',
      { OIDC_ISSUER: 'http://id.acme.example', OIDC_CLIENT_ID: 'x' },
      'OIDC_ISSUER must be an https address, except on this machine itself',
    ],
    [
      'a provider without a client',
      { OIDC_ISSUER: 'https://id.acme.example' },
      'OIDC_CLIENT_ID is required beside OIDC_ISSUER',
    ],
    ['a client without a provider', { OIDC_CLIENT_ID: 'x' }, 'OIDC_ISSUER is required beside OIDC_CLIENT_ID'],
    [
      'a secret without a provider',
      { OIDC_CLIENT_SECRET: 'x' },
      'OIDC_ISSUER is required beside OIDC_CLIENT_SECRET',
    ],
    ['a label without a provider', { OIDC_LABEL: 'Acme' }, 'OIDC_ISSUER is required beside OIDC_LABEL'],
    ['a label longer than any', { OIDC_LABEL: 'x'.repeat(61) }, 'OIDC_LABEL must have at most 60 characters'],
    ['passwords neither on nor off', { PASSWORD_SIGN_IN: 'no' }, 'PASSWORD_SIGN_IN must be on or off'],
    [
      'no way to sign in',
      { PASSWORD_SIGN_IN: 'off' },
      'PASSWORD_SIGN_IN=off leaves no way to sign in: name a provider of single sign-on in OIDC_ISSUER',
    ],
    [
      'several mistakes, all of them told',
      { PORT: '-1', LOG_LEVEL: 'loud' },
      'PORT must be a port number from 0 to 65535\nLOG_LEVEL must',
    ],
  ])('is refused with %s', (_, environment, words) => {
    expect(() => readConfiguration(environment)).toThrow(ConfigurationError);
    expect(() => readConfiguration(environment)).toThrow(words);
  });
});

describe('an address that only this machine can reach', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.1.2.3', true],
    ['localhost', true],
    ['::1', true],
    ['[::1]', true],
    ['0.0.0.0', false],
    ['::', false],
    ['127.0.0.1.example', false],
    ['192.0.2.1', false],
  ])('%s: %s', (host, isOwn) => {
    expect(isLoopback(host)).toBe(isOwn);
  });
});
