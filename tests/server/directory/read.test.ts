import { describe, expect, it } from 'vitest';
import { readDirectory } from '../../../src/server/directory/read.ts';

const SMALLEST = `
accounts:
  - name: Acme
    orgs:
      - name: Acme Production
        site: us1
`;

const readRetention = (retention: string) =>
  readDirectory(`accounts: [{ name: A, retention: ${retention} }]`, {}).accounts[0]?.retention;

describe('a directory file', () => {
  it('may omit every list and id', () => {
    expect(readDirectory('', {})).toEqual({ accounts: [] });
    expect(readDirectory('accounts:\n', {})).toEqual({ accounts: [] });
    expect(readDirectory(SMALLEST, {})).toEqual({
      accounts: [
        {
          name: 'Acme',
          max_destinations: 5,
          retention: { metrics_days: 456, logs_days: 15, ci_days: 30 },
          orgs: [
            {
              name: 'Acme Production',
              site: 'us1',
              description: '',
              hipaa: false,
              cross_org_visibility: true,
              roles: [],
              teams: [],
              users: [],
              api_keys: [],
              application_keys: [],
            },
          ],
        },
      ],
    });
  });

  it('may remove the limit of destinations', () => {
    expect(readDirectory('accounts: [{ name: A, max_destinations: null }]', {})).toMatchObject({
      accounts: [{ max_destinations: null }],
    });
  });

  it('sets the retention of telemetry', () => {
    expect(readRetention('')).toEqual({ metrics_days: 456, logs_days: 15, ci_days: 30 });
    expect(readRetention('{ logs_days: 3, ci_days: }')).toEqual({
      metrics_days: 456,
      logs_days: 3,
      ci_days: 30,
    });
    expect(() => readRetention('{ logs_days: 0 }')).toThrow(
      'line 1: accounts[0].retention.logs_days must be from 1 to 3650',
    );
    expect(() => readRetention('{ metrics_days: 3651 }')).toThrow('metrics_days must be from 1 to 3650');
    expect(() => readRetention('{ traces_days: 3 }')).toThrow(
      'accounts[0].retention.traces_days is not known here',
    );
  });

  it('reads secrets from the environment', () => {
    const text = `${SMALLEST}        api_keys: [{ name: ci, key: "\${CI_KEY}" }]\n`;
    expect(readDirectory(text, { CI_KEY: 'a-secret-of-the-environment' })).toMatchObject({
      accounts: [{ orgs: [{ api_keys: [{ key: 'a-secret-of-the-environment' }] }] }],
    });
  });

  it.each<[string, string, string]>([
    ['what is no YAML', 'accounts: [', 'line 1: Flow sequence in block collection must be'],
    ['a text', 'hello', 'line 1: the file must be of type object'],
    ['an account without a name', 'accounts:\n  - orgs: []', 'line 2: accounts[0].name is required'],
    [
      'an organization without a site',
      SMALLEST.replace('        site: us1\n', ''),
      'line 5: accounts[0].orgs[0].site is required',
    ],
    [
      'a member that it does not know',
      `${SMALLEST}        sight: us1\n`,
      'line 7: accounts[0].orgs[0].sight is not known here',
    ],
    [
      'an unknown permission',
      `${SMALLEST}        roles:\n          - name: Admin\n            permissions:\n              - org_connections_rad\n`,
      'line 10: accounts[0].orgs[0].roles[0].permissions[0] unknown permission "org_connections_rad"',
    ],
    [
      'a role that the organization has not',
      `${SMALLEST}        users:\n          - email: a@acme.example\n            roles: [Admin]\n`,
      'line 9: accounts[0].orgs[0].users[0].roles[0] Acme Production has no role "Admin"',
    ],
    [
      'a team that the organization has not',
      `${SMALLEST}        users:\n          - { email: a@acme.example, teams: [x] }\n`,
      'line 8: accounts[0].orgs[0].users[0].teams[0] Acme Production has no team "x"',
    ],
    [
      'a malformed email',
      `${SMALLEST}        users:\n          - email: acme\n`,
      'line 8: accounts[0].orgs[0].users[0].email must be an email address',
    ],
    [
      'a user twice',
      `${SMALLEST}        users:\n          - email: a@acme.example\n          - email: A@acme.example\n`,
      'line 9: accounts[0].orgs[0].users[1].email email is used twice',
    ],
    [
      'two passwords of one person',
      `${SMALLEST}        users: [{ email: a@acme.example, password: first-password }]\n      - name: Other\n        site: us1\n        users: [{ email: a@acme.example, password: other-password }]\n`,
      'line 10: accounts[0].orgs[1].users[0].password a@acme.example has another password elsewhere in this file. One email is one person.',
    ],
    [
      'a short password',
      `${SMALLEST}        users: [{ email: a@acme.example, password: short }]\n`,
      'line 7: accounts[0].orgs[0].users[0].password must have at least 8 characters',
    ],
    [
      'a short key',
      `${SMALLEST}        api_keys: [{ name: ci, key: short }]\n`,
      'line 7: accounts[0].orgs[0].api_keys[0].key must have 16 to 128 characters',
    ],
    [
      'a secret that the environment has not',
      `${SMALLEST}        api_keys: [{ name: ci, key: "\${MISSING_CI_KEY}" }]\n`,
      'line 7: accounts[0].orgs[0].api_keys[0].key the environment variable MISSING_CI_KEY is not set',
    ],
    [
      'a key of an unknown user',
      `${SMALLEST}        application_keys: [{ name: cli, key: 0123456789abcdef0, user: a@acme.example }]\n`,
      'line 7: accounts[0].orgs[0].application_keys[0].user Acme Production has no user a@acme.example',
    ],
    [
      'a key twice',
      `${SMALLEST}        api_keys:\n          - { name: one, key: abcdefghijklmnop }\n          - { name: two, key: abcdefghijklmnop }\n`,
      'line 9: accounts[0].orgs[0].api_keys[1].key API key is used twice',
    ],
    [
      'an organization name twice',
      `${SMALLEST}      - { name: Acme Production, site: us1 }\n`,
      'line 7: accounts[0].orgs[1].name organization name is used twice',
    ],
    [
      'a name with NUL',
      SMALLEST.replace('name: Acme Production', 'name: "Acme\\0"'),
      'line 5: accounts[0].orgs[0].name must not contain the character NUL',
    ],
    [
      'a description with a lone surrogate',
      `${SMALLEST}        description: "\\ud800"\n`,
      'line 7: accounts[0].orgs[0].description must',
    ],
    [
      'a user with NUL in the name',
      `${SMALLEST}        users: [{ email: a@acme.example, name: "\\0a" }]\n`,
      'line 7: accounts[0].orgs[0].users[0].name must not contain the character NUL',
    ],
    [
      'an alias of what contains it',
      'accounts: &all\n  - name: A\n    orgs: *all',
      'line 3: the alias *all stands for a value that contains it',
    ],
    [
      'an alias without an anchor',
      'accounts:\n  - *account',
      'line 2: the alias *account has no anchor before it',
    ],
    [
      'an alias bomb',
      `a0: &a0 [x]\n${Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]\n`).join('')}`,
      'the file has more than 1000000 values once its aliases are replaced',
    ],
    ['a value that is nested too deeply', '['.repeat(20_000), 'the file is nested too deeply'],
  ])('with %s is refused with its line', (_, text, message) => {
    expect(() => readDirectory(text, {})).toThrow(message);
  });

  it('may have any number of users with the same alias', () => {
    const users = Array.from({ length: 300 }, (_, n) => `{ email: u${n}@acme.example, roles: *dev }`);
    const text = `${SMALLEST}        roles: [{ name: Dev, permissions: [] }]\n        users: [{ email: a@acme.example, roles: &dev [Dev] }, ${users.join(', ')}]\n`;
    const { accounts } = readDirectory(text, {});
    expect(accounts[0]?.orgs[0]?.users.map(({ roles }) => roles)).toEqual(
      Array.from({ length: 301 }, () => ['Dev']),
    );
  });

  it('reports an unset or empty secret once', () => {
    const text = `${SMALLEST}        api_keys: [{ name: ci, key: "\${CI_KEY}" }]\n`;
    for (const environment of [{}, { CI_KEY: '' }]) {
      expect(() => readDirectory(text, environment)).toThrow(
        /^line 7: \S+ the environment variable CI_KEY is not set$/,
      );
    }
  });

  it('reports all mistakes, in the order of the file', () => {
    const text =
      'accounts:\n  - name: ""\n    max_destinations: -1\n    orgs:\n      - { name: A, site: 1 }\n';
    expect(() => readDirectory(text, {})).toThrow(/line 2: .*\nline 3: .*\nline 5: /);
  });

  it('never contains a secret in its errors', () => {
    const text = `${SMALLEST}        api_keys: [{ name: ci, key: "\${KEY}" }]\n`;
    expect(() => readDirectory(text, { KEY: 'too-short' })).toThrow(/^(?!.*too-short)/s);
  });
});
