import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { connectionResource } from '../../../src/contract/restriction-policies/constants.ts';
import { PERMISSIONS } from '../../../src/contract/permissions/constants.ts';
import { applyDirectory } from '../../../src/server/directory/apply.ts';
import { readDirectory } from '../../../src/server/directory/read.ts';
import { connectionTo } from '../../support/account.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { describeOnBothDatabases, emptyDatabase } from '../../support/databases.ts';
import { HOUR_START, scalarRequest } from '../../support/telemetry.ts';
import { log } from '../../support/log.ts';
import { TIME_FACTOR } from '../../support/time-factor.ts';

/**
 * Random accounts, from which one right after another is removed. After each removal, everyone sees exactly the rows
 * that a naive reading of the rules allows, and none that they did not see before.
 */
describeOnBothDatabases('Removing access', (open) => {
  it('never shows a row that was not shown before', { timeout: 180_000 * TIME_FACTOR }, async () => {
    const database = await open();
    const app = createTestApp(database);
    const index = fc.noBias(fc.nat(9999));
    const choices = fc.array(fc.tuple(index, index), { minLength: 4, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(accounts, choices, async (account, choice) => {
        await emptyDatabase(database);
        const ids = await build(app, account);
        let before = await rowsSeen(app);
        expect(before).toEqual(rowsAllowed(account));
        for (const [kind, number] of choice) {
          const kinds = removals(account, ids);
          const possible = kinds[kind % kinds.length] ?? [];
          const removal = possible[number % possible.length];
          if (removal === undefined) break;
          const { status, body } = await removal.send(app);
          expect(status, `${removal.name}: ${JSON.stringify(body)}`).toBeLessThan(300);
          removal.apply();
          const after = await rowsSeen(app);
          expect(after, removal.name).toEqual(rowsAllowed(account));
          for (const [who, rows] of Object.entries(after)) {
            expect(before[who], `${who}, after ${removal.name}`).toEqual(expect.arrayContaining(rows));
          }
          before = after;
        }
      }),
      { numRuns: 15, endOnFailure: true },
    );
  });
});

const SOURCE = '11111111-1111-4111-8111-111111111111';
const DESTINATION = '22222222-2222-4222-8222-222222222222';
const TYPES = ['logs', 'metrics'] as const;
type Type = (typeof TYPES)[number];
const PERMISSION = {
  logs: 'logs_read_index_data',
  metrics: 'timeseries_query',
  connections: 'org_connections_read',
};

const ROLES = ['r0', 'r1', 'r2'] as const;
const TEAMS = ['t0', 't1'] as const;
/** Users of the source, who see its data themselves; the first created the connection. */
const PEOPLE = ['creator', 'colleague'] as const;
/** Users of the destination, who see the source's data through the connection. */
const READERS = ['reader', 'viewer'] as const;
/** Roles of the destination; each permits what it is called. */
const READER_ROLES = ['connections', 'logs', 'metrics'] as const;

const TAGS = ['team:a', 'team:b', 'team:c'] as const;
type Tag = (typeof TAGS)[number];

/** Each row is a log and a series of a metric. */
const ROWS: Record<string, readonly Tag[]> = {
  'row-0': [],
  'row-1': ['team:a'],
  'row-2': ['team:b'],
  'row-3': ['team:c'],
  'row-4': ['team:a', 'team:b'],
};

/** A restriction query, which several roles may have. */
interface RestrictionQuery {
  name: string;
  /** Tags that a log must all have. */
  tags: Tag[];
}

/** A role of the source. */
interface Role {
  permits: Set<Type>;
  restrictionQueries: RestrictionQuery[];
}

interface Person {
  isActive: boolean;
  roles: Set<(typeof ROLES)[number]>;
  teams: Set<(typeof TEAMS)[number]>;
}

interface Reader {
  isActive: boolean;
  roles: Set<(typeof READER_ROLES)[number]>;
}

interface Dataset {
  type: Type;
  filter: Tag;
  principals: Set<(typeof ROLES)[number] | (typeof TEAMS)[number]>;
}

/** What the rules know of an account. It is changed along with the real one. */
interface Account {
  roles: Record<(typeof ROLES)[number], Role>;
  people: Record<(typeof PEOPLE)[number], Person>;
  readers: Record<(typeof READERS)[number], Reader>;
  /** Roles of the destination that still hold their permission. */
  readerRoles: Set<(typeof READER_ROLES)[number]>;
  datasets: Dataset[];
  /** What the connection shares; nothing once it has been deleted. */
  shared: Set<Type>;
  isOn: { source: boolean; destination: boolean };
  /** Of the destination for the connection: the roles and users that it names; undefined: there is none. */
  policy: Set<(typeof READERS)[number] | (typeof READER_ROLES)[number]> | undefined;
}

/** What a naive reading of the rules lets everyone see. */
function rowsAllowed(account: Account): Record<string, string[]> {
  const allowed: Record<string, string[]> = {};
  for (const type of TYPES) {
    for (const name of PEOPLE) allowed[`${name} ${type}`] = ownRows(account, account.people[name], type);
    for (const name of READERS) {
      const passes = mayQuery(account, name, type);
      allowed[`${name} ${type}`] = passes ? ownRows(account, account.people.creator, type) : [];
    }
  }
  return allowed;
}

function ownRows({ roles, datasets }: Account, person: Person, type: Type): string[] {
  const rows: string[] = [];
  for (const [row, tags] of Object.entries(ROWS)) {
    let isShownByRole = false;
    for (const name of person.roles) {
      const { permits, restrictionQueries } = roles[name];
      if (!person.isActive || !permits.has(type)) continue;
      if (type === 'metrics' || restrictionQueries.length === 0) isShownByRole = true;
      for (const query of restrictionQueries) {
        if (query.tags.every((tag) => tags.includes(tag))) isShownByRole = true;
      }
    }
    let isKeptByDataset = false;
    for (const { type: of, filter, principals } of datasets) {
      if (of !== type || !tags.includes(filter)) continue;
      if (![...person.roles, ...person.teams].some((mine) => principals.has(mine))) isKeptByDataset = true;
    }
    if (isShownByRole && !isKeptByDataset) rows.push(row);
  }
  return rows;
}

function mayQuery(account: Account, name: (typeof READERS)[number], type: Type): boolean {
  const { isActive, roles } = account.readers[name];
  const { policy, isOn, shared, readerRoles } = account;
  if (!isActive || !isOn.source || !isOn.destination || !shared.has(type)) return false;
  if (!roles.has('connections') || !readerRoles.has('connections')) return false;
  if (!roles.has(type) || !readerRoles.has(type)) return false;
  if (policy === undefined) return true;
  return policy.has(name) || [...roles].some((role) => policy.has(role));
}

interface Removal {
  name: string;
  send: (app: TestApp) => Promise<{ status: number; body: unknown }>;
  /** Does the same to the model. */
  apply: () => void;
}

/** Lists everything that can be removed from an account now, by kind: a rare kind is chosen as often as a common one. */
function removals(account: Account, ids: Ids): Removal[][] {
  return [
    fromRoles(account, ids),
    fromRestrictionQueries(account, ids),
    fromTeams(account, ids),
    fromPeople(account, ids),
    fromDatasets(account, ids),
    fromReaders(account, ids),
    fromConnection(account, ids),
  ].filter((kind) => kind.length > 0);
}

function fromRoles({ roles, people, datasets }: Account, ids: Ids): Removal[] {
  return ROLES.filter((name) => ids.has(name)).flatMap((name): Removal[] => {
    const { permits, restrictionQueries } = roles[name];
    const path = `/api/v2/roles/${ids.get(name)}`;
    return [
      ...[...permits].map((type) => ({
        name: `the permission to read ${type} from ${name}`,
        send: call('DELETE', `${path}/permissions`, SOURCE, reference('permissions', permissionId(type))),
        apply: () => permits.delete(type),
      })),
      {
        name: `the role ${name}`,
        send: call('DELETE', path, SOURCE),
        apply: () => {
          ids.delete(name);
          permits.clear();
          for (const person of Object.values(people)) person.roles.delete(name);
          for (const { principals } of datasets) principals.delete(name);
        },
      },
      ...restrictionQueries.map((query) => ({
        name: `the restriction query ${query.name} from ${name}`,
        send: call(
          'DELETE',
          `/api/v2/logs/config/restriction_queries/${ids.get(query.name)}/roles`,
          SOURCE,
          reference('roles', ids.get(name)),
        ),
        apply: () => loseRestrictionQuery(roles[name], query),
      })),
    ];
  });
}

/** A role without restriction queries loses the permission to read logs. */
function loseRestrictionQuery(role: Role, query: RestrictionQuery): void {
  role.restrictionQueries = role.restrictionQueries.filter((other) => other !== query);
  if (role.restrictionQueries.length === 0) role.permits.delete('logs');
}

function restrictionQueriesOf({ roles }: Account): RestrictionQuery[] {
  return [...new Set(Object.values(roles).flatMap((role) => role.restrictionQueries))];
}

function fromRestrictionQueries(account: Account, ids: Ids): Removal[] {
  return restrictionQueriesOf(account).flatMap((query): Removal[] => {
    const path = `/api/v2/logs/config/restriction_queries/${ids.get(query.name)}`;
    return [
      {
        name: `some of what the restriction query ${query.name} shows`,
        send: call('PATCH', path, SOURCE, restrictionQuery([...query.tags, 'team:c'])),
        apply: () => query.tags.push('team:c'),
      },
      {
        name: `the restriction query ${query.name}`,
        send: call('DELETE', path, SOURCE),
        apply: () => {
          for (const role of Object.values(account.roles)) {
            if (role.restrictionQueries.includes(query)) loseRestrictionQuery(role, query);
          }
        },
      },
    ];
  });
}

function fromTeams({ people, datasets }: Account, ids: Ids): Removal[] {
  return TEAMS.filter((name) => ids.has(name)).map((name) => ({
    name: `the team ${name}`,
    send: call('DELETE', `/api/v2/team/${ids.get(name)}`, SOURCE),
    apply: () => {
      ids.delete(name);
      for (const person of Object.values(people)) person.teams.delete(name);
      for (const { principals } of datasets) principals.delete(name);
    },
  }));
}

function fromPeople({ people }: Account, ids: Ids): Removal[] {
  return PEOPLE.flatMap((name): Removal[] => {
    const person = people[name];
    if (!person.isActive) return [];
    return [
      ...[...person.roles].map((role) => ({
        name: `${role} from ${name}`,
        send: call(
          'DELETE',
          `/api/v2/roles/${ids.get(role)}/users`,
          SOURCE,
          reference('users', ids.get(name)),
        ),
        apply: () => person.roles.delete(role),
      })),
      ...[...person.teams].map((team) => ({
        name: `${name} from ${team}`,
        send: call('DELETE', `/api/v2/team/${ids.get(team)}/memberships/${ids.get(name)}`, SOURCE),
        apply: () => person.teams.delete(team),
      })),
      {
        name: `the account of ${name}`,
        send: call('DELETE', `/api/v2/users/${ids.get(name)}`, SOURCE),
        apply: () => (person.isActive = false),
      },
    ];
  });
}

function fromDatasets({ datasets }: Account, ids: Ids): Removal[] {
  const isFree = (type: Type, filter: Tag) =>
    !datasets.some((dataset) => dataset.type === type && dataset.filter === filter);
  const added = TYPES.flatMap((type) =>
    TAGS.filter((filter) => isFree(type, filter)).map((filter) => ({
      type,
      filter,
      principals: new Set<(typeof ROLES)[number]>(),
    })),
  );
  return [
    ...datasets.flatMap((dataset) =>
      [...dataset.principals].map((principal) => ({
        name: `${principal} from the dataset of ${dataset.type} ${dataset.filter}`,
        send: call(
          'PUT',
          `/api/v2/datasets/${ids.get(datasetName(dataset))}`,
          SOURCE,
          datasetBody({ ...dataset, principals: without(dataset.principals, principal) }, ids),
        ),
        apply: () => dataset.principals.delete(principal),
      })),
    ),
    ...added.map((dataset) => ({
      name: `${dataset.type} ${dataset.filter}, by a dataset without principals`,
      send: async (app: TestApp) => {
        const answer = await call('POST', '/api/v2/datasets', SOURCE, datasetBody(dataset, ids))(app);
        ids.set(datasetName(dataset), idOf(answer.body));
        return answer;
      },
      apply: () => datasets.push(dataset),
    })),
  ];
}

function fromReaders({ readers, readerRoles }: Account, ids: Ids): Removal[] {
  return [
    ...[...readerRoles].map((role) => ({
      name: `the permission of the destination's role ${role}`,
      send: call(
        'DELETE',
        `/api/v2/roles/${ids.get(`reader ${role}`)}/permissions`,
        DESTINATION,
        reference('permissions', permissionId(role)),
      ),
      apply: () => readerRoles.delete(role),
    })),
    ...READERS.flatMap((name): Removal[] => {
      const reader = readers[name];
      if (!reader.isActive) return [];
      return [
        ...[...reader.roles].map((role) => ({
          name: `${role} from ${name}`,
          send: call(
            'DELETE',
            `/api/v2/roles/${ids.get(`reader ${role}`)}/users`,
            DESTINATION,
            reference('users', ids.get(name)),
          ),
          apply: () => reader.roles.delete(role),
        })),
        {
          name: `the account of ${name}`,
          send: call('DELETE', `/api/v2/users/${ids.get(name)}`, DESTINATION),
          apply: () => (reader.isActive = false),
        },
      ];
    }),
  ];
}

function fromConnection(account: Account, ids: Ids): Removal[] {
  const { shared, isOn, policy } = account;
  if (shared.size === 0) return [];
  const id = ids.get('connection');
  const policyPath = `/api/v2/restriction_policy/${connectionResource(id ?? '')}`;
  const set = (named: NonNullable<Account['policy']>): Removal => ({
    name: `all but ${[...named].join(', ')} from who may query`,
    send: call('POST', policyPath, DESTINATION, policyBody(named, ids)),
    apply: () => (account.policy = named),
  });
  return [
    ...[...shared].slice(1).map((type) => ({
      name: `${type} from what is shared`,
      send: call('PATCH', `/api/v2/org_connections/${id}`, SOURCE, {
        data: {
          type: 'org_connection',
          id,
          attributes: { connection_types: [...shared].filter((other) => other !== type) },
        },
      }),
      apply: () => shared.delete(type),
    })),
    {
      name: 'the connection',
      send: call('DELETE', `/api/v2/org_connections/${id}`, DESTINATION),
      apply: () => {
        shared.clear();
        account.policy = undefined;
      },
    },
    ...(['source', 'destination'] as const)
      .filter((side) => isOn[side])
      .map((side) => ({
        name: `the feature in the ${side}`,
        send: async ({ database: { db } }: TestApp) => {
          await db
            .updateTable('org')
            .set({ cross_org_visibility: false })
            .where('id', '=', side === 'source' ? SOURCE : DESTINATION)
            .execute();
          return { status: 200, body: undefined };
        },
        apply: () => (isOn[side] = false),
      })),
    ...(policy === undefined
      ? [set(new Set(['reader']))]
      : [...policy].map((gone) => set(without(policy, gone)))),
  ];
}

/** The ids of everything, by name. A role of the destination is named `reader NAME`. */
type Ids = Map<string, string>;

const ALL_PERMISSIONS = PERMISSIONS.map(({ name }) => name).join(', ');

/** Creates the account in the app. */
async function build(app: TestApp, account: Account): Promise<Ids> {
  const { db } = app.database;
  await applyDirectory({ db, log }, readDirectory(directoryText(account), {}), async () => '');
  const ids: Ids = new Map();
  for (const [org, prefix] of [
    [SOURCE, ''],
    [DESTINATION, 'reader '],
  ] as const) {
    const roles = await db.selectFrom('role').select(['id', 'name']).where('org_id', '=', org).execute();
    for (const { id, name } of roles) ids.set(`${prefix}${name}`, id);
  }
  const teams = await db.selectFrom('team').select(['id', 'handle']).where('org_id', '=', SOURCE).execute();
  for (const { id, handle } of teams) ids.set(handle, id);
  for (const { id, email } of await db.selectFrom('user').select(['id', 'email']).execute()) {
    ids.set(email.replace('@acme.example', ''), id);
  }
  await sendRows(app);
  await restrict(app, account, ids);

  const connection = await created(
    app,
    '/api/v2/org_connections',
    SOURCE,
    connectionTo(DESTINATION, { connection_types: [...account.shared] }),
  );
  ids.set('connection', connection);
  await db
    .updateTable('org_connection')
    .set({ created_by: ids.get('creator') ?? '' })
    .execute();
  if (account.policy) {
    const resource = connectionResource(connection);
    await created(
      app,
      `/api/v2/restriction_policy/${resource}`,
      DESTINATION,
      policyBody(account.policy, ids),
    );
  }
  return ids;
}

/** Gives roles their restriction queries, and makes the datasets. */
async function restrict(app: TestApp, account: Account, ids: Ids): Promise<void> {
  const { roles, datasets } = account;
  const path = '/api/v2/logs/config/restriction_queries';
  for (const { name, tags } of restrictionQueriesOf(account)) {
    ids.set(name, await created(app, path, SOURCE, restrictionQuery(tags)));
  }
  for (const name of ROLES) {
    for (const query of roles[name].restrictionQueries) {
      const body = reference('roles', ids.get(name));
      const { status } = await call('POST', `${path}/${ids.get(query.name)}/roles`, SOURCE, body)(app);
      expect(status).toBeLessThan(300);
      roles[name].permits.add('logs');
    }
  }
  for (const dataset of datasets) {
    ids.set(datasetName(dataset), await created(app, '/api/v2/datasets', SOURCE, datasetBody(dataset, ids)));
  }
}

function list(all: Iterable<string>): string {
  return `[${[...all].join(', ')}]`;
}

function orgText(
  id: string,
  orgRoles: string[],
  users: [string, Iterable<string>, Iterable<string>][],
): string {
  return `
      - id: ${id}
        name: Org ${id.slice(0, 1)}
        site: us1
        roles: [{ name: Admin, permissions: [${ALL_PERMISSIONS}] }${orgRoles.join('')}]
        teams: [${TEAMS.map((handle) => `{ handle: ${handle}, name: ${handle} }`).join(', ')}]
        users:
          - { email: admin-${id.slice(0, 1)}@acme.example, name: Admin, roles: [Admin] }${users
            .map(
              ([name, userRoles, teams]) => `
          - { email: ${name}@acme.example, name: ${name}, roles: ${list(userRoles)}, teams: ${list(teams)} }`,
            )
            .join('')}
        api_keys: [{ name: ci, key: api-key-of-org-${id.slice(0, 8)} }]
        application_keys:
          - { name: cli, key: app-key-of-admin-${id.slice(0, 8)}, user: admin-${id.slice(0, 1)}@acme.example }${users
            .map(
              ([name]) => `
          - { name: cli, key: app-key-of-${name}-0000, user: ${name}@acme.example }`,
            )
            .join('')}`;
}

function directoryText({ roles, people, readers }: Account): string {
  return `
accounts:
  - name: Acme
    orgs:${orgText(
      SOURCE,
      ROLES.map(
        (name) =>
          `, { name: ${name}, permissions: ${list([...roles[name].permits].map((type) => PERMISSION[type]))} }`,
      ),
      PEOPLE.map((name) => [name, people[name].roles, people[name].teams]),
    )}${orgText(
      DESTINATION,
      READER_ROLES.map((name) => `, { name: ${name}, permissions: [${PERMISSION[name]}] }`),
      READERS.map((name) => [name, readers[name].roles, []]),
    )}`;
}

async function sendRows(app: TestApp): Promise<void> {
  const rows = Object.entries(ROWS);
  const logs = rows.map(([row, tags]) => ({
    message: row,
    ddtags: [`row:${row}`, ...tags].join(','),
    timestamp: HOUR_START,
  }));
  const series = rows.map(([row, tags]) => ({
    metric: 'load',
    type: 3,
    tags: [`row:${row}`, ...tags],
    points: [{ timestamp: HOUR_START / 1000, value: 1 }],
  }));
  for (const [path, body] of [
    ['/api/v2/logs', logs],
    ['/api/v2/series', { series }],
  ] as const) {
    const { status } = await call('POST', path, SOURCE, body)(app);
    expect(status).toBe(202);
  }
}

/** Returns what everyone sees: people in their own organization, readers through the connection. A refused user sees nothing. */
async function rowsSeen(app: TestApp): Promise<Record<string, string[]>> {
  const seen: Record<string, string[]> = {};
  for (const name of [...PEOPLE, ...READERS]) {
    const isReader = READERS.some((reader) => reader === name);
    const keys = keysOf(isReader ? DESTINATION : SOURCE, name);
    for (const type of TYPES) {
      const query = { ...QUERIES[type], ...(isReader && { cross_org_uuids: [SOURCE] }) };
      const { status, body } = await app.call('POST', '/api/v2/query/scalar', keys, scalarRequest([query]));
      // An error must not pass for a refusal.
      expect([200, 401, 403], `${name} ${type}: ${JSON.stringify(body)}`).toContain(status);
      const { data } = body as { data?: { attributes: { columns: { name: string; values: string[][] }[] } } };
      const rows = data?.attributes.columns.find((column) => column.name === 'row')?.values ?? [];
      seen[`${name} ${type}`] = rows.flat().toSorted();
    }
  }
  return seen;
}

const QUERIES = {
  logs: {
    data_source: 'logs',
    name: 'a',
    compute: { aggregation: 'count' },
    search: { query: '*' },
    group_by: [{ facet: 'row', limit: 100 }],
  },
  metrics: { data_source: 'metrics', name: 'a', query: 'sum:load{*} by {row}', aggregator: 'sum' },
};

function call(method: string, path: string, org: string, body?: unknown) {
  return (app: TestApp) => app.call(method, path, keysOf(org, 'admin'), body);
}

async function created(app: TestApp, path: string, org: string, body: unknown): Promise<string> {
  const answer = await call('POST', path, org, body)(app);
  if (answer.status !== 200) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
  return idOf(answer.body);
}

function keysOf(org: string, user: string): Record<string, string> {
  const application = user === 'admin' ? `app-key-of-admin-${org.slice(0, 8)}` : `app-key-of-${user}-0000`;
  return { 'DD-API-KEY': `api-key-of-org-${org.slice(0, 8)}`, 'DD-APPLICATION-KEY': application };
}

function reference(type: string, id: string | undefined) {
  return { data: { type, id } };
}

function restrictionQuery(tags: readonly Tag[]) {
  const attributes = { restriction_query: tags.join(' ') };
  return { data: { type: 'logs_restriction_queries', attributes } };
}

function datasetName({ type, filter }: Dataset): string {
  return `${type} ${filter}`;
}

function datasetBody(dataset: Dataset, ids: Ids) {
  const principals = [...dataset.principals].map(
    (name) => `${name.startsWith('r') ? 'role' : 'team'}:${ids.get(name)}`,
  );
  const product_filters = [{ product: dataset.type, filters: [dataset.filter] }];
  return {
    data: { type: 'dataset', attributes: { name: datasetName(dataset), principals, product_filters } },
  };
}

/** The administrator stays an editor, and is not among those who are watched. */
function policyBody(named: Iterable<string>, ids: Ids) {
  const viewers = [...named].map((name) =>
    READERS.some((reader) => reader === name) ? `user:${ids.get(name)}` : `role:${ids.get(`reader ${name}`)}`,
  );
  const bindings = [
    { relation: 'editor', principals: [`role:${ids.get('reader Admin')}`] },
    ...(viewers.length > 0 ? [{ relation: 'viewer', principals: viewers }] : []),
  ];
  const id = connectionResource(ids.get('connection') ?? '');
  return { data: { type: 'restriction_policy', id, attributes: { bindings } } };
}

function permissionId(name: keyof typeof PERMISSION): string | undefined {
  return PERMISSIONS.find((permission) => permission.name === PERMISSION[name])?.id;
}

function idOf(body: unknown): string {
  return (body as { data: { id: string } }).data.id;
}

function without<Value>(all: ReadonlySet<Value>, gone: Value): Set<Value> {
  return new Set([...all].filter((value) => value !== gone));
}

const subset = <Value>(all: readonly Value[]) => fc.subarray([...all]).map((some) => new Set(some));
/** Mostly many rights: from a user without rights, nothing can be removed. */
const most = <Value>(all: readonly Value[]) =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant(all).map((some) => new Set(some)) },
    { weight: 1, arbitrary: subset(all) },
  );
const role = (queries: readonly RestrictionQuery[]) =>
  fc.record({
    permits: most(TYPES),
    restrictionQueries: fc.subarray([...queries], { maxLength: 2 }),
  });
const roles = fc
  .array(fc.constantFrom(...TAGS), { minLength: 3, maxLength: 3 })
  .map((tags) => tags.map((tag, index): RestrictionQuery => ({ name: `q${index}`, tags: [tag] })))
  .chain((queries) => fc.record({ r0: role(queries), r1: role(queries), r2: role(queries) }));
const person = () =>
  fc.record({
    isActive: fc.constant(true),
    roles: most(ROLES),
    teams: subset(TEAMS),
  });
const reader = () => fc.record({ isActive: fc.constant(true), roles: most(READER_ROLES) });

const accounts: fc.Arbitrary<Account> = fc.record({
  roles,
  people: fc.record({ creator: person(), colleague: person() }),
  readers: fc.record({ reader: reader(), viewer: reader() }),
  readerRoles: fc.constant(READER_ROLES).map((all) => new Set(all)),
  datasets: fc.uniqueArray(
    fc.record({
      type: fc.constantFrom(...TYPES),
      filter: fc.constantFrom(...TAGS),
      principals: subset([...ROLES, ...TEAMS]),
    }),
    { maxLength: 2, selector: datasetName },
  ),
  shared: fc
    .constantFrom<Type[][]>(['logs'], ['metrics'], ['logs', 'metrics'])
    .map((types) => new Set(types)),
  isOn: fc.constant(undefined).map(() => ({ source: true, destination: true })),
  policy: fc.option(subset([...READER_ROLES, ...READERS]), { nil: undefined, freq: 2 }),
});
