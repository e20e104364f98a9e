import { PERMISSIONS } from '../../src/contract/permissions/constants.ts';
import { readDirectory } from '../../src/server/directory/read.ts';

/** Organizations of the account of tests, and one of another account. */
export const ORG = {
  production: '11111111-1111-4111-8111-111111111111',
  staging: '22222222-2222-4222-8222-222222222222',
  security: '33333333-3333-4333-8333-333333333333',
  payments: '44444444-4444-4444-8444-444444444444',
  health: '55555555-5555-4555-8555-555555555555',
  data: '66666666-6666-4666-8666-666666666666',
  sandbox: '77777777-7777-4777-8777-777777777777',
  europe: '88888888-8888-4888-8888-888888888888',
  labs: '99999999-9999-4999-8999-999999999999',
  globex: 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa',
} as const;

export type OrgKey = keyof typeof ORG;

/** Keys of an organization's administrator. They follow one pattern, so that a test can call as any organization. */
export function adminKeys(org: OrgKey): Record<string, string> {
  return { 'DD-API-KEY': `api-key-of-${org}-0000`, 'DD-APPLICATION-KEY': `app-key-of-${org}-admin` };
}

/** Keys of users of Acme Production who are not its administrator. */
export function productionKeys(user: 'reader' | 'writer' | 'member' | 'scoped'): Record<string, string> {
  return {
    'DD-API-KEY': 'api-key-of-production-0000',
    'DD-APPLICATION-KEY': `app-key-of-production-${user}`,
  };
}

/** Keys of users of Acme Security who are not its administrator. `member` is Sam. */
export function securityKeys(user: 'editor' | 'guardian' | 'viewer' | 'member'): Record<string, string> {
  return {
    'DD-API-KEY': 'api-key-of-security-0000',
    'DD-APPLICATION-KEY': `app-key-of-security-${user}`,
  };
}

/** Returns the body that creates a connection to an organization. */
export function connectionTo(sinkId: string, attributes?: object) {
  return {
    data: {
      type: 'org_connection',
      ...(attributes && { attributes }),
      relationships: { sink_org: { data: { type: 'orgs', id: sinkId } } },
    },
  };
}

export const PASSWORD = 'correct horse battery';

/**
 * Can sign in with {@link PASSWORD}. `sam` is in three organizations, `reader` and `member` in Production alone;
 * `editor`, `guardian` and `viewer` in Security.
 */
export const EMAIL = {
  admin: 'admin@acme.example',
  sam: 'sam@acme.example',
  reader: 'reader@acme.example',
  member: 'member@acme.example',
  health: 'health@acme.example',
  editor: 'editor@acme.example',
  guardian: 'guardian@acme.example',
  viewer: 'viewer@acme.example',
  globex: 'admin@globex.example',
} as const;

const ALL_PERMISSIONS = PERMISSIONS.map(({ name }) => name).join(', ');

const ROLES = `
          - { name: Admin, permissions: [${ALL_PERMISSIONS}] }
          - { name: Reader, permissions: [org_connections_read, timeseries_query] }
          - { name: Writer, permissions: [org_connections_write, timeseries_query] }
          - { name: Member, permissions: [timeseries_query] }`;

/** Users of Acme Security with fewer permissions than an administrator and more than a reader. */
const SECURITY_ROLES = `
          - { name: Editor, permissions: [org_connections_read, org_connections_write, timeseries_query] }
          - { name: Guardian, permissions: [org_connections_read, user_access_manage] }`;

function orgText(key: OrgKey, name: string, attributes: string[], users = '', keys = '', roles = ''): string {
  const email = key === 'health' ? EMAIL.health : EMAIL.admin;
  const password = key === 'production' || key === 'health' ? `, password: "${PASSWORD}"` : '';
  return `
      - id: ${ORG[key]}
        name: ${name}
        ${attributes.join('\n        ')}
        roles:${ROLES}${roles}
        teams:
          - { handle: platform, name: Platform }
        users:
          - { email: ${email}, name: ${key === 'health' ? 'Hana Health' : 'Alex Admin'}${password}, roles: [Admin], teams: [platform] }${users}
        api_keys:
          - { name: ci, key: api-key-of-${key}-0000 }
        application_keys:
          - { name: cli, key: app-key-of-${key}-admin, user: ${email} }${keys}`;
}

/** Text of the test directory. */
export const DIRECTORY_FILE_TEXT = `
accounts:
  - name: Acme
    orgs:${orgText(
      'production',
      'Acme Production',
      ['site: us1'],
      `
          - { email: ${EMAIL.sam}, name: Sam Okafor, password: "${PASSWORD}", roles: [Reader] }
          - { email: ${EMAIL.reader}, name: Ravi Reader, password: "${PASSWORD}", roles: [Reader] }
          - { email: writer@acme.example, name: Wanda Writer, roles: [Writer] }
          - { email: ${EMAIL.member}, name: Maya Member, password: "${PASSWORD}", roles: [Member] }`,
      `
          - { name: cli, key: app-key-of-production-reader, user: ${EMAIL.reader} }
          - { name: cli, key: app-key-of-production-writer, user: writer@acme.example }
          - { name: cli, key: app-key-of-production-member, user: ${EMAIL.member} }
          - { name: narrow, key: app-key-of-production-scoped, user: ${EMAIL.admin}, scopes: [org_connections_read] }`,
    )}${orgText(
      'staging',
      'Acme Staging',
      ['site: us1'],
      `
          - { email: ${EMAIL.sam}, name: Sam Okafor, roles: [Admin] }`,
    )}${orgText(
      'security',
      'Acme Security',
      ['site: us1'],
      `
          - { email: ${EMAIL.sam}, name: Sam Okafor, roles: [Member] }
          - { email: ${EMAIL.editor}, name: Edda Editor, password: "${PASSWORD}", roles: [Editor] }
          - { email: ${EMAIL.guardian}, name: Gia Guardian, password: "${PASSWORD}", roles: [Guardian] }
          - { email: ${EMAIL.viewer}, name: Vito Viewer, password: "${PASSWORD}", roles: [Reader], teams: [platform] }`,
      `
          - { name: cli, key: app-key-of-security-editor, user: ${EMAIL.editor} }
          - { name: cli, key: app-key-of-security-guardian, user: ${EMAIL.guardian} }
          - { name: cli, key: app-key-of-security-viewer, user: ${EMAIL.viewer} }
          - { name: cli, key: app-key-of-security-member, user: ${EMAIL.sam} }`,
      SECURITY_ROLES,
    )}${orgText('payments', 'Acme Payments', ['site: us1'])}${orgText('health', 'Acme Health', ['site: us1', 'hipaa: true'])}${orgText(
      'data',
      'Acme Data',
      ['site: us1'],
    )}${orgText('sandbox', 'Acme Sandbox', ['site: us1'])}${orgText('europe', 'Acme Europe', ['site: eu1'])}${orgText(
      'labs',
      'Acme Labs',
      ['site: us1', 'cross_org_visibility: false'],
    )}
  - name: Globex
    orgs:
      - id: ${ORG.globex}
        name: Globex Production
        site: us1
        roles:
          - { name: Admin, permissions: [${ALL_PERMISSIONS}] }
        users:
          - { email: ${EMAIL.globex}, name: Globex Admin, password: "${PASSWORD}", roles: [Admin] }
        api_keys:
          - { name: ci, key: api-key-of-globex-0000 }
        application_keys:
          - { name: cli, key: app-key-of-globex-admin, user: ${EMAIL.globex} }
`;

/** Test directory. */
export const TEST_DIRECTORY = readDirectory(DIRECTORY_FILE_TEXT, {});
