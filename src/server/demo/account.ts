import { randomBytes } from 'node:crypto';
import type { DemoPeople } from '../../contract/console/schema.ts';

import type { PrincipalType } from '../../contract/restriction-policies/constants.ts';
import { saveAccount } from '../changes/accounts.ts';
import { changeAsSystem, type ChangeDependencies, type SystemChanges } from '../changes/change.ts';
import { createConnectionAsSystem } from '../changes/connections.ts';
import { setPolicyAsSystem } from '../changes/restriction-policies.ts';
import type { Db } from '../db/scope.ts';
import { listAccountNames } from '../store/accounts.ts';
import { loadMembers, lockDirectory } from '../store/directory.ts';
import { listOrgsOfAccount } from '../store/orgs.ts';
import { toAccountValues, writeDirectory } from '../directory/apply.ts';
import type { Directory, DirectoryOrg } from '../directory/schema.ts';
import {
  ACCOUNT,
  ACCOUNT_VALUES,
  CONNECTIONS,
  KEYS,
  type OrgName,
  ORGS,
  PEOPLE,
  POLICIES,
  ROLES,
  TEAMS,
  USERS,
} from './account-facts.ts';

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
      createConnectionAsSystem(tx, actor, scopeOf(sink).orgId, wanted, { created_by, created_at }),
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
      setPolicyAsSystem(tx, actor, { type: 'cross-org-connection', id }, policy),
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
