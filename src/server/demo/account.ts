import { randomBytes } from 'node:crypto';
import type { DemoPeople } from '../../contract/console/schema.ts';
import type { ConnectionType } from '../../contract/org-connections/constants.ts';
import { PERMISSIONS, type PermissionName } from '../../contract/permissions/constants.ts';
import { splitTypes } from '../../rules/connections.ts';
import type { PrincipalType, Relation } from '../../contract/restriction-policies/constants.ts';
import { saveAccount } from '../changes/accounts.ts';
import { changeAsSystem, type ChangeDependencies, type SystemChanges } from '../changes/change.ts';
import { createConnectionFor } from '../changes/connections.ts';
import { setPolicyFor } from '../changes/restriction-policies.ts';
import type { Db } from '../db/scope.ts';
import { listAccountNames } from '../store/accounts.ts';
import { loadMembers, lockDirectory } from '../store/directory.ts';
import { listOrgsOfAccount } from '../store/orgs.ts';
import { toAccountValues, writeDirectory } from '../directory/apply.ts';
import type { Directory, DirectoryOrg } from '../directory/read.ts';

/** The demo account. */
export interface Demo {
  people: DemoPeople['people'];
  orgs: Awaited<ReturnType<typeof listOrgsOfAccount>>;
  /** Present at the first start only: the database stores only hashes. */
  keys?: readonly { org: string; user: string; apiKey: string; applicationKey: string }[];
}

/** Returns whether a database may serve the demo: it contains no account except the demo's. */
export async function isDemoPossible(db: Db): Promise<boolean> {
  const names = await listAccountNames(db);
  return names.every((name) => name === ACCOUNT);
}

/** Opens the demo account, and creates it if the database has none. */
export function openDemo(dependencies: ChangeDependencies): Promise<Demo> {
  return changeAsSystem(dependencies, 'demo', async (changes) => {
    const { db } = changes;
    await lockDirectory(db);
    const names = await listAccountNames(db);
    if (names.includes(ACCOUNT)) {
      // An earlier version kept telemetry for longer.
      await changes.run((tx) => saveAccount(tx, ACCOUNT, toAccountValues(ACCOUNT_VALUES)));
      return { people: PEOPLE, orgs: await listOrgsOfAccount(db, ACCOUNT) };
    }
    const keys = KEYS.map((key) => ({ ...key, apiKey: randomKey(), applicationKey: randomKey() }));
    await writeDirectory(changes, demoDirectory(keys));
    const orgs = await listOrgsOfAccount(db, ACCOUNT);
    await connect(changes, orgs);
    return { people: PEOPLE, orgs, keys };
  });
}

/** Creates the connections of the demo and their restriction policies. */
async function connect(changes: SystemChanges, orgs: Demo['orgs']): Promise<void> {
  const members = new Map<string, Awaited<ReturnType<typeof loadMembers>>>();
  for (const { name, orgId } of orgs) members.set(name, await loadMembers(changes.db, orgId));
  const ids = new Map<string, string>();
  for (const { source, sink, types, creator, created_at } of CONNECTIONS) {
    const wanted = {
      connection_types: types.connection_types,
      extensions: { connection_types: types.extension_types },
    };
    const created_by = idOf(members.get(source)?.users.find(({ email }) => email === creator));
    const id = await changes.runIn(scopeOf(source), (tx, actor) =>
      createConnectionFor(tx, actor, scopeOf(sink).orgId, wanted, { created_by, created_at }),
    );
    ids.set(`${source} ${sink}`, id);
  }
  for (const { org, source, sink, bindings } of POLICIES) {
    const id = ids.get(`${source} ${sink}`) ?? '';
    const policy = bindings.map(({ relation, type, name }) => ({
      relation,
      principals: [`${type}:${principalId(org, type, name)}` as const],
    }));
    await changes.runIn(scopeOf(org), (tx, actor) =>
      setPolicyFor(tx, actor, { type: 'cross-org-connection', id }, policy),
    );
  }

  function scopeOf(org: OrgName) {
    const found = orgs.find(({ name }) => name === org);
    if (!found) throw new Error(`The demo has no organization ${org}`);
    return found;
  }

  function principalId(org: OrgName, type: PrincipalType, name: string): string {
    if (type === 'org') return scopeOf(org).orgId;
    return idOf(members.get(org)?.[`${type}s`].find((member) => member.name === name));
  }
}

function idOf(found: { id: string } | undefined): string {
  if (!found) throw new Error('The demo names a user, role or team that it does not create');
  return found.id;
}

const ACCOUNT = 'Acme (demo)';

/** Short retention, because the embedded database stores it. */
const ACCOUNT_VALUES = {
  name: ACCOUNT,
  max_destinations: 5,
  retention: { metrics_days: 14, logs_days: 7, ci_days: 14 },
};

const ORGS = {
  'Acme Production': { description: 'What customers use.' },
  'Acme Staging': { description: 'What customers will use next week.' },
  'Acme Security': { description: 'Watches over all others.' },
  'Acme Payments': { description: 'A subsidiary with auditors of its own.' },
  'Acme Health': { description: 'Patient portals.', hipaa: true },
  'Acme Data Platform': { description: 'Pipelines that all teams read from.' },
  'Acme Europe': { description: 'Stays in the European Union.', site: 'eu1' },
  'Acme Labs': { description: 'Experiments, kept apart.', cross_org_visibility: false },
} satisfies Record<string, Partial<DirectoryOrg>>;

type OrgName = keyof typeof ORGS;

const ALL = PERMISSIONS.map((permission) => permission.name);
const READ = ALL.filter(
  (name) => name.endsWith('_read') || name.startsWith('logs_') || name === 'timeseries_query',
);
const ROLES: Record<string, PermissionName[]> = {
  Administrator: ALL,
  'Connections Reader': [...READ, 'user_app_keys'],
  'Connections Editor': [...READ, 'org_connections_write', 'user_app_keys'],
  Member: READ.filter((name) => name !== 'org_connections_read' && name !== 'audit_logs_read'),
};

const TEAMS = { platform: 'Platform', reliability: 'Site Reliability' };

interface DemoUser {
  email: string;
  name: string;
  description: string;
  orgs: Partial<Record<OrgName, keyof typeof ROLES>>;
  /** Handles of the user's teams in each of the organizations. */
  teams?: string[];
}

const USERS: readonly DemoUser[] = [
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

const PEOPLE = USERS.map(({ email, name, description }) => ({ email, name, description }));

const KEYS: readonly { org: OrgName; user: string }[] = [
  { org: 'Acme Production', user: 'alice@acme.example' },
  { org: 'Acme Security', user: 'sam@acme.example' },
];

const CONNECTIONS = [
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
const POLICIES: readonly {
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

function demoDirectory(keys: NonNullable<Demo['keys']>): Directory {
  const orgs = Object.entries<Partial<DirectoryOrg>>(ORGS).map(([name, org]): DirectoryOrg => {
    const users = USERS.filter((user) => Object.hasOwn(user.orgs, name));
    return {
      id: undefined,
      name,
      description: '',
      site: 'us1',
      hipaa: false,
      cross_org_visibility: true,
      ...org,
      roles: Object.entries(ROLES).map(([role, permissions]) => ({ id: undefined, name: role, permissions })),
      teams: Object.entries(TEAMS).map(([handle, team]) => ({ id: undefined, handle, name: team })),
      users: users.map((user) => ({
        id: undefined,
        email: user.email,
        name: user.name,
        roles: Object.entries(user.orgs).flatMap(([of, role]) => (of === name ? [role] : [])),
        teams: user.teams ?? [],
      })),
      api_keys: keys.filter((key) => key.org === name).map((key) => ({ name: 'demo', key: key.apiKey })),
      application_keys: keys
        .filter((key) => key.org === name)
        .map((key) => ({ name: 'demo', key: key.applicationKey, user: key.user, scopes: [] })),
    };
  });
  return { accounts: [{ ...ACCOUNT_VALUES, orgs }] };
}

function randomKey(): string {
  return randomBytes(16).toString('hex');
}
