import { describe, expect, it } from 'vitest';
import { ConfigurationError, isLoopback, readConfiguration } from '../../../src/server/configuration.ts';

const SECRET = 'a secret of no importance but long';

describe('the configuration', () => {
  it('needs nothing', () => {
    expect(readConfiguration({})).toEqual({
      port: 8080,
      host: '127.0.0.1',
      publicUrl: undefined,
      dataDir: 'data',
      databaseUrl: undefined,
      directoryFile: undefined,
      sessionSecret: undefined,
      logLevel: 'info',
    });
  });

  it('takes an empty variable as none', () => {
    expect(readConfiguration({ PORT: '', DATABASE_URL: '', SESSION_SECRET: '' })).toEqual(
      readConfiguration({}),
    );
  });

  it('is read whole', () => {
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

  it.each<[string, Record<string, string>, string]>([
    ['a port that is none', { PORT: 'eighty' }, 'PORT must be a port'],
    ['a port in other digits', { PORT: '0x50' }, 'PORT must be a port'],
    ['a port that is too large', { PORT: '65536' }, 'PORT must be a port'],
    ['an address that is none', { PUBLIC_URL: 'acme' }, 'PUBLIC_URL must be an http or https address'],
    ['an address with a path', { PUBLIC_URL: 'https://acme.example/cov' }, 'PUBLIC_URL must have no path'],
    [
      'an address for all without a public one',
      { HOST: '0.0.0.0' },
      'PUBLIC_URL is required beside HOST=0.0.0.0',
    ],
    ['another database', { DATABASE_URL: 'mysql://localhost' }, 'DATABASE_URL must be a postgres:// address'],
    ['a short secret', { SESSION_SECRET: 'short' }, 'SESSION_SECRET must have at least 32 characters'],
    ['an unknown level', { LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of fatal, error, warn, info'],
    [
      'no secret beside a database',
      { DATABASE_URL: 'postgres://localhost/x' },
      'SESSION_SECRET is required beside DATABASE_URL',
    ],
    [
      'several mistakes, all of them told',
      { PORT: '-1', LOG_LEVEL: 'loud' },
      'PORT must be a port\nLOG_LEVEL must',
    ],
  ])('is refused with %s', (_, environment, words) => {
    expect(() => readConfiguration(environment)).toThrow(ConfigurationError);
    expect(() => readConfiguration(environment)).toThrow(words);
  });
});

describe('an address of this machine alone', () => {
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
