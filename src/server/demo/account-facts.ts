import type { ConnectionType } from '../../contract/org-connections/constants.ts';
import { PERMISSIONS, type PermissionName } from '../../contract/permissions/constants.ts';
import type { PrincipalType, Relation } from '../../contract/restriction-policies/constants.ts';
import { splitTypes } from '../../rules/connection-types.ts';
import type { DirectoryOrg } from '../directory/schema.ts';

/** Name of the demo account. */
export const ACCOUNT = 'Acme (demo)';

/** Short retention, because the embedded database stores it. */
export const ACCOUNT_VALUES = {
  name: ACCOUNT,
  max_destinations: 5,
  retention: { metrics_days: 14, logs_days: 7, ci_days: 14 },
};

export const ORGS = {
  'Acme Production': { description: 'What customers use.' },
  'Acme Staging': { description: 'What customers will use next week.' },
  'Acme Security': { description: 'Watches over all others.' },
  'Acme Payments': { description: 'A subsidiary with auditors of its own.' },
  'Acme Health': { description: 'Patient portals.', hipaa: true },
  'Acme Data Platform': { description: 'Pipelines that all teams read from.' },
  'Acme Europe': { description: 'Stays in the European Union.', site: 'eu1' },
  'Acme Labs': { description: 'Experiments, kept apart.', cross_org_visibility: false },
} satisfies Record<string, Partial<DirectoryOrg>>;

export type OrgName = keyof typeof ORGS;

const ALL = PERMISSIONS.map((permission) => permission.name);
const READ = ALL.filter(
  (name) => name.endsWith('_read') || name.startsWith('logs_') || name === 'timeseries_query',
);
export const ROLES: Record<string, PermissionName[]> = {
  Administrator: ALL,
  'Connections Reader': [...READ, 'user_app_keys'],
  'Connections Editor': [...READ, 'org_connections_write', 'user_app_keys'],
  Member: READ.filter((name) => name !== 'org_connections_read' && name !== 'audit_logs_read'),
};

export const TEAMS = { platform: 'Platform', reliability: 'Site Reliability' };

interface DemoUser {
  email: string;
  name: string;
  description: string;
  orgs: Partial<Record<OrgName, keyof typeof ROLES>>;
  /** Handles of the user's teams in each of the organizations. */
  teams?: string[];
}

export const USERS: readonly DemoUser[] = [
  {
    email: 'alice@acme.example',
    name: 'Alice Moreau',
    description: 'Administrator of Acme Production',
    orgs: { 'Acme Production': 'Administrator' },
    teams: ['platform'],
  },
  {
    email: 'sam@acme.example',
    name: 'Sam Okafor',
    description: 'In three organizations: administers Security and Data Platform, reads Production',
    orgs: {
      'Acme Security': 'Administrator',
      'Acme Data Platform': 'Administrator',
      'Acme Production': 'Connections Reader',
    },
  },
  {
    email: 'nina@acme.example',
    name: 'Nina Rossi',
    description: 'May change the connections of Acme Production, but not those restricted to others',
    orgs: { 'Acme Production': 'Connections Editor' },
    teams: ['reliability'],
  },
  {
    email: 'ravi@acme.example',
    name: 'Ravi Patel',
    description: 'Sees the connections of Acme Production and may not change them',
    orgs: { 'Acme Production': 'Connections Reader' },
  },
  {
    email: 'maya@acme.example',
    name: 'Maya Chen',
    description: 'A member of Acme Production who may not see its connections',
    orgs: { 'Acme Production': 'Member' },
  },
  {
    email: 'tomas@acme.example',
    name: 'Tomás Silva',
    description: 'Administrator of Staging, Payments and Labs, where the feature is off',
    orgs: { 'Acme Staging': 'Administrator', 'Acme Payments': 'Administrator', 'Acme Labs': 'Administrator' },
  },
  {
    email: 'hana@acme.example',
    name: 'Hana Sato',
    description: 'Administrator of Acme Health, where data may be protected health information',
    orgs: { 'Acme Health': 'Administrator' },
  },
  {
    email: 'lena@acme.example',
    name: 'Lena Fischer',
    description: 'Administrator of Acme Europe, on another site, with no connections yet',
    orgs: { 'Acme Europe': 'Administrator' },
  },
];

export const PEOPLE = USERS.map(({ email, name, description }) => ({ email, name, description }));

export const KEYS: readonly { org: OrgName; user: string }[] = [
  { org: 'Acme Production', user: 'alice@acme.example' },
  { org: 'Acme Security', user: 'sam@acme.example' },
];

export const CONNECTIONS = [
  connection('Acme Data Platform', 'Acme Production', ['metrics', 'logs'], 'sam@acme.example', 412),
  connection('Acme Data Platform', 'Acme Security', ['logs', 'audit'], 'sam@acme.example', 398),
  connection('Acme Data Platform', 'Acme Payments', ['metrics'], 'sam@acme.example', 221),
  connection('Acme Data Platform', 'Acme Health', ['metrics'], 'sam@acme.example', 96),
  connection('Acme Data Platform', 'Acme Staging', ['metrics', 'ci_pipelines'], 'sam@acme.example', 33),
  connection('Acme Production', 'Acme Security', ['metrics', 'logs', 'audit'], 'alice@acme.example', 371),
  connection('Acme Production', 'Acme Data Platform', ['metrics', 'ci_pipelines'], 'alice@acme.example', 140),
  connection('Acme Production', 'Acme Payments', ['metrics', 'logs'], 'alice@acme.example', 9.4),
  // Maya created it as an administrator. As a member she can't read the Audit Trail, so queries of it are refused.
  connection('Acme Production', 'Acme Staging', ['metrics', 'audit'], 'maya@acme.example', 288),
  connection('Acme Staging', 'Acme Production', ['metrics', 'ci_tests'], 'tomas@acme.example', 61),
  connection('Acme Payments', 'Acme Production', ['metrics'], 'tomas@acme.example', 2.2),
  connection('Acme Payments', 'Acme Security', ['logs', 'audit'], 'tomas@acme.example', 187),
  connection('Acme Health', 'Acme Security', ['logs'], 'hana@acme.example', 0.13),
];

/** Policies of Acme Production: one limits who may edit a connection that it shares, one who may query a connection that it receives. */
export const POLICIES: readonly {
  org: OrgName;
  source: OrgName;
  sink: OrgName;
  bindings: { relation: Relation; type: PrincipalType; name: string }[];
}[] = [
  {
    org: 'Acme Production',
    source: 'Acme Production',
    sink: 'Acme Security',
    bindings: [
      { relation: 'viewer', type: 'org', name: 'Acme Production' },
      { relation: 'editor', type: 'role', name: 'Administrator' },
    ],
  },
  {
    org: 'Acme Production',
    source: 'Acme Payments',
    sink: 'Acme Production',
    bindings: [
      { relation: 'viewer', type: 'team', name: 'Site Reliability' },
      { relation: 'editor', type: 'user', name: 'Alice Moreau' },
    ],
  },
];

function connection(
  source: OrgName,
  sink: OrgName,
  types: ConnectionType[],
  creator: string,
  daysAgo: number,
) {
  return {
    source,
    sink,
    types: splitTypes(types),
    creator,
    created_at: new Date(Date.now() - daysAgo * 24 * 60 * 60 * 1000),
  };
}
