import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CONNECTION_TYPES,
  type ConnectionType,
  isConnectionType,
} from '../../src/contract/org-connections/constants.ts';
import { PERMISSIONS, type PermissionName } from '../../src/contract/permissions/constants.ts';
import {
  PRINCIPAL_TYPES,
  type Principal,
  RELATIONS,
} from '../../src/contract/restriction-policies/constants.ts';
import {
  permittedActions,
  type Policy,
  relationUnder,
  requirePermission,
  requireQueryable,
  type SharedConnection,
} from '../../src/rules/access.ts';
import { requirePermitted } from '../../src/rules/connections.ts';
import { splitTypes } from '../../src/rules/connection-types.ts';

type Row = [PermissionName[], 'source' | 'sink', ConnectionType[], string[]];

/** What someone of the permissions and principals may do, by name. */
function allowed(
  permissions: readonly PermissionName[],
  principals: readonly Principal[],
  side: 'source' | 'sink',
  policy: Policy | undefined,
  types: readonly ConnectionType[] = ['metrics'],
): string[] {
  const access = { permissions: new Set(permissions), principals: new Set(principals) };
  return Object.entries(permittedActions(access, side, shared({ types }), policy))
    .filter(([, may]) => may)
    .map(([action]) => action);
}

describe('what a user may do with a connection without a policy', () => {
  it.each<Row>([
    [[], 'source', ['metrics'], []],
    [['org_connections_read'], 'source', ['metrics'], []],
    [['org_connections_write'], 'source', ['metrics'], ['update', 'delete', 'set_policy']],
    [['org_connections_write'], 'sink', ['metrics'], ['delete', 'set_policy']],
    [['user_access_manage'], 'source', ['metrics'], ['set_policy']],
    [['user_access_manage'], 'sink', ['metrics'], ['set_policy']],
    [['org_connections_read', 'timeseries_query'], 'sink', ['metrics'], ['query']],
    [['org_connections_read', 'timeseries_query'], 'source', ['metrics'], []],
    [['org_connections_read', 'timeseries_query'], 'sink', ['logs'], []],
    [['org_connections_read', 'logs_read_index_data'], 'sink', ['metrics', 'logs'], ['query']],
    [['org_connections_read', 'ci_visibility_read'], 'sink', ['ci_pipelines'], ['query']],
    [['org_connections_read', 'test_optimization_read'], 'sink', ['ci_tests'], ['query']],
    [['org_connections_read', 'audit_logs_read'], 'sink', ['audit'], ['query']],
    [['timeseries_query'], 'sink', ['metrics'], []],
  ])('%j on the %s side of %j: %j', (permissions, side, types, actions) => {
    expect(allowed(permissions, ['user:me'], side, undefined, types)).toEqual(actions);
  });
});

const ORG = 'org:acme';
const ME = 'user:me';
const ROLE = 'role:mine';
const TEAM = 'team:mine';
const MINE: Principal[] = [ORG, ME, ROLE, TEAM];

const ADMINISTRATOR: PermissionName[] = ['org_connections_read', 'org_connections_write', 'timeseries_query'];
const READER: PermissionName[] = ['org_connections_read', 'timeseries_query'];
const GUARDIAN: PermissionName[] = ['org_connections_read', 'user_access_manage'];

const viewer = (...principals: Principal[]) => ({ relation: 'viewer' as const, principals });
const editor = (...principals: Principal[]) => ({ relation: 'editor' as const, principals });

describe('what a policy leaves of it', () => {
  it.each<[string, PermissionName[], string, Policy, { source: string[]; sink: string[] }]>([
    [
      'an administrator',
      ADMINISTRATOR,
      'who is an editor',
      [editor(ME)],
      { source: ['update', 'delete', 'set_policy'], sink: ['delete', 'set_policy', 'query'] },
    ],
    [
      'an administrator',
      ADMINISTRATOR,
      'whose role is an editor',
      [editor(ROLE)],
      { source: ['update', 'delete', 'set_policy'], sink: ['delete', 'set_policy', 'query'] },
    ],
    [
      'an administrator',
      ADMINISTRATOR,
      'whose team is an editor',
      [editor(TEAM)],
      { source: ['update', 'delete', 'set_policy'], sink: ['delete', 'set_policy', 'query'] },
    ],
    [
      'an administrator',
      ADMINISTRATOR,
      'whose organization is an editor',
      [editor(ORG)],
      { source: ['update', 'delete', 'set_policy'], sink: ['delete', 'set_policy', 'query'] },
    ],
    [
      'an administrator',
      ADMINISTRATOR,
      'who is a viewer',
      [viewer(ME), editor('role:other')],
      { source: [], sink: ['query'] },
    ],
    [
      'an administrator',
      ADMINISTRATOR,
      'whose organization is a viewer',
      [viewer(ORG), editor('role:other')],
      { source: [], sink: ['query'] },
    ],
    [
      'an administrator',
      ADMINISTRATOR,
      'who is viewer and editor',
      [viewer(ORG), editor(ME)],
      { source: ['update', 'delete', 'set_policy'], sink: ['delete', 'set_policy', 'query'] },
    ],
    [
      'an administrator',
      ADMINISTRATOR,
      'under a policy that names others',
      [editor('role:other')],
      { source: [], sink: [] },
    ],
    ['an administrator', ADMINISTRATOR, 'when everyone named has vanished', [], { source: [], sink: [] }],
    ['a reader', READER, 'who is an editor', [editor(ME)], { source: [], sink: ['query'] }],
    ['a reader', READER, 'whose organization is a viewer', [viewer(ORG)], { source: [], sink: ['query'] }],
    [
      'a reader',
      READER,
      'under a policy that names others',
      [editor('user:other')],
      { source: [], sink: [] },
    ],
    [
      'a guardian',
      GUARDIAN,
      'under a policy that names others',
      [editor('user:other')],
      { source: ['set_policy'], sink: ['set_policy'] },
    ],
    [
      'a guardian',
      GUARDIAN,
      'who is an editor',
      [editor(ME)],
      { source: ['set_policy'], sink: ['set_policy'] },
    ],
    ['someone without permissions', [], 'who is an editor', [editor(ME)], { source: [], sink: [] }],
  ])('to %s (%j) %s', (_, permissions, __, policy, actions) => {
    expect(allowed(permissions, MINE, 'source', policy)).toEqual(actions.source);
    expect(allowed(permissions, MINE, 'sink', policy)).toEqual(actions.sink);
  });

  it('never lets in more than a naive reading of it, and no less', () => {
    fc.assert(
      fc.property(
        actors,
        policies,
        fc.constantFrom('source', 'sink'),
        connectionTypes,
        (who, policy, side, types) => {
          const permitted = permittedActions(who, side, shared({ types }), policy);
          expect(permitted).toEqual(naively(who, policy, side, types));
          const actor = { ...who, accountId: '', orgId: side === 'source' ? 'A' : 'B', userId: '' };
          const connection = { ...CONNECTION, ...splitTypes(types) };
          for (const action of ['update', 'delete'] as const) {
            const requiring = () => requirePermitted(action, actor, connection, policy);
            if (permitted[action]) requiring();
            else expect(requiring).toThrow();
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('admits no additional user when a principal is removed', () => {
    const rank = [undefined, ...RELATIONS];
    fc.assert(
      fc.property(actors, policies, principals, ({ principals: mine }, policy, gone) => {
        fc.pre(policy !== undefined);
        const shorter = policy?.map(({ relation, principals: named }) => ({
          relation,
          principals: named.filter((principal) => principal !== gone),
        }));
        expect(rank.indexOf(relationUnder(shorter, mine))).toBeLessThanOrEqual(
          rank.indexOf(relationUnder(policy, mine)),
        );
      }),
    );
  });
});

describe('what is refused', () => {
  const connection = { ...CONNECTION, ...splitTypes(['metrics']) };
  it.each<[string, 'update' | 'delete', PermissionName[], string, Policy | undefined, string]>([
    [
      'without the permission',
      'update',
      READER,
      'A',
      undefined,
      'The permission org_connections_write is required',
    ],
    [
      'without the permission',
      'delete',
      READER,
      'B',
      undefined,
      'The permission org_connections_write is required',
    ],
    [
      'in the destination',
      'update',
      ADMINISTRATOR,
      'B',
      undefined,
      'only the source organization can update connection 1',
    ],
    [
      'to no editor',
      'update',
      ADMINISTRATOR,
      'A',
      [editor('role:other')],
      'you are not an editor of cross-org-connection:1 under its restriction policy',
    ],
    [
      'to no editor',
      'delete',
      ADMINISTRATOR,
      'B',
      [viewer(ORG)],
      'you are not an editor of cross-org-connection:1 under its restriction policy',
    ],
  ])('%s says why: %s', (_, action, permissions, orgId, policy, message) => {
    const actor = {
      accountId: '',
      orgId,
      userId: '',
      permissions: new Set(permissions),
      principals: new Set(MINE),
    };
    expect(() => requirePermitted(action, actor, connection, policy)).toThrow(message);
  });
});

describe('querying another organization', () => {
  const READ: PermissionName[] = ['org_connections_read', 'timeseries_query'];
  const ALL_READ: PermissionName[] = [
    'org_connections_read',
    ...Object.values(CONNECTION_TYPES).map(({ permission }) => permission),
  ];

  it.each<
    [ConnectionType, PermissionName[], Partial<SharedConnection> | undefined, Policy | undefined, string]
  >([
    [
      'metrics',
      ALL_READ,
      undefined,
      undefined,
      'Organization A shares nothing with this organization: there is no connection from it',
    ],
    ['logs', ALL_READ, {}, undefined, 'Connection 1 does not share logs'],
    ['logs', [], {}, [], 'Connection 1 does not share logs'],
    ['metrics', [], {}, [], 'The permission org_connections_read is required'],
    ['metrics', ['timeseries_query'], {}, undefined, 'The permission org_connections_read is required'],
    ['metrics', ['org_connections_read'], {}, [], 'The permission timeseries_query is required'],
    ['logs', READ, { types: ['logs'] }, undefined, 'The permission logs_read_index_data is required'],
    [
      'ci_pipelines',
      READ,
      { types: ['ci_pipelines'] },
      undefined,
      'The permission ci_visibility_read is required',
    ],
    [
      'ci_tests',
      READ,
      { types: ['ci_tests'] },
      undefined,
      'The permission test_optimization_read is required',
    ],
    ['audit', READ, { types: ['audit'] }, undefined, 'The permission audit_logs_read is required'],
    [
      'metrics',
      READ,
      {},
      [],
      'The restriction policy of this organization for connection 1 does not make you a viewer',
    ],
    [
      'metrics',
      READ,
      { isOnInSource: false, creator: { isActive: false, permissions: new Set() } },
      [editor('user:other')],
      'The restriction policy of this organization for connection 1 does not make you a viewer',
    ],
    [
      'metrics',
      READ,
      { isOnInSource: false },
      undefined,
      'Cross-org visibility is turned off in the source organization. Ask its operator to turn it on.',
    ],
    [
      'metrics',
      READ,
      { isOnInDestination: false },
      undefined,
      'Cross-org visibility is turned off in the destination organization. Ask its operator to turn it on.',
    ],
    [
      'metrics',
      READ,
      { creator: { isActive: false, permissions: new Set(ALL_READ) } },
      [viewer(ME)],
      "The connection's creator is not active in the source organization.",
    ],
    [
      'metrics',
      READ,
      {
        creator: { isActive: true, permissions: new Set(['logs_read_index_data', 'org_connections_write']) },
      },
      undefined,
      "The connection's creator does not have the permission timeseries_query in the source organization.",
    ],
  ])('for %s with %j through %j under %j: %s', (type, permissions, connection, policy, reason) => {
    const access = { permissions: new Set(permissions), principals: new Set(MINE) };
    expect(() => requireQueryable(access, 'A', connection && shared(connection), type, policy)).toThrow(
      reason,
    );
  });

  it.each<[ConnectionType, PermissionName[], Partial<SharedConnection>, Policy | undefined]>([
    ['metrics', READ, {}, undefined],
    ['metrics', READ, {}, [viewer(ORG)]],
    ['metrics', READ, {}, [viewer('user:other'), editor(TEAM)]],
    ['ci_tests', ALL_READ, { types: ['metrics', 'ci_tests'] }, undefined],
    ['audit', ALL_READ, { types: ['audit'] }, [viewer(ROLE)]],
  ])('for %s with %j through %j under %j is allowed', (type, permissions, connection, policy) => {
    const access = { permissions: new Set(permissions), principals: new Set(MINE) };
    const found = shared(connection);
    expect(requireQueryable(access, 'A', found, type, policy)).toBe(found);
  });

  it('never lets in more than a naive reading of the steps, and tells the first that fails', () => {
    const connections = fc.option(
      fc.record({
        id: fc.constant('1'),
        types: connectionTypes,
        isOnInSource: mostly,
        isOnInDestination: mostly,
        creator: fc.record({
          isActive: mostly,
          permissions: fc.subarray(PERMISSIONS.map(({ name }) => name)).map((names) => new Set(names)),
        }),
      }),
      { nil: undefined },
    );
    const types = fc.constantFrom(...Object.keys(CONNECTION_TYPES).filter(isConnectionType));
    fc.assert(
      fc.property(actors, policies, connections, types, (who, policy, connection, type) => {
        const failing = firstFailingStep(who, policy, connection, type);
        const asking = () => requireQueryable(who, 'A', connection, type, policy);
        if (failing === undefined) expect(asking()).toBe(connection);
        else expect(asking).toThrow(failing);
        const permitted = connection && permittedActions(who, 'sink', connection, policy);
        if (failing === undefined) expect(permitted?.query).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});

function shared(connection: Partial<SharedConnection>): SharedConnection {
  return {
    id: '1',
    types: ['metrics'],
    isOnInSource: true,
    isOnInDestination: true,
    creator: { isActive: true, permissions: new Set(PERMISSIONS.map(({ name }) => name)) },
    ...connection,
  };
}

/** A connection of organization A as the rules need it, but for its types. */
const CONNECTION = {
  id: '1',
  source_org_id: 'A',
  on_in_source: true,
  on_in_sink: true,
  creator_active: true,
  creator_permissions: PERMISSIONS.map(({ name }) => name),
};

/** The steps in the order in which they are to be told, each as plainly as can be. */
function firstFailingStep(
  who: { permissions: ReadonlySet<PermissionName>; principals: ReadonlySet<Principal> },
  policy: Policy | undefined,
  connection: SharedConnection | undefined,
  type: ConnectionType,
): RegExp | undefined {
  const permission = {
    metrics: 'timeseries_query',
    logs: 'logs_read_index_data',
    ci_pipelines: 'ci_visibility_read',
    ci_tests: 'test_optimization_read',
    audit: 'audit_logs_read',
  } as const;
  let named = false;
  for (const binding of policy ?? []) {
    for (const principal of binding.principals) if (who.principals.has(principal)) named = true;
  }
  const steps: [boolean, RegExp][] = [
    [connection !== undefined, /no connection/],
    [connection?.types.some((one) => one === type) === true, /does not share/],
    [who.permissions.has('org_connections_read'), /org_connections_read is required/],
    [who.permissions.has(permission[type]), new RegExp(`${permission[type]} is required`)],
    [policy === undefined || named, /does not make you a viewer/],
    [connection?.isOnInSource === true, /off in the source/],
    [connection?.isOnInDestination === true, /off in the destination/],
    [connection?.creator.isActive === true, /creator is not active/],
    [
      connection?.creator.permissions.has(permission[type]) === true,
      new RegExp(`creator does not have the permission ${permission[type]}`),
    ],
  ];
  return steps.find(([passes]) => !passes)?.[1];
}

describe('a permission that is required', () => {
  it('is named when it is missing', () => {
    expect(() => requirePermission(new Set(['org_connections_read']), 'org_connections_write')).toThrow(
      'The permission org_connections_write is required',
    );
  });

  it('is enough when it is held', () => {
    requirePermission(new Set(['org_connections_write']), 'org_connections_write');
  });
});

/** True but for one time in eight, so that later steps have their turn. */
const mostly = fc.integer({ min: 0, max: 7 }).map((number) => number > 0);
// Few ids, so that policies often name principals of the user.
const principals = fc
  .tuple(fc.constantFrom(...PRINCIPAL_TYPES), fc.constantFrom('1', '2', '3'))
  .map(([type, id]): Principal => `${type}:${id}`);
const actors = fc
  .record({
    permissions: fc.subarray(PERMISSIONS.map(({ name }) => name)),
    principals: fc.uniqueArray(principals, { maxLength: 6 }),
  })
  .map((who) => ({ permissions: new Set(who.permissions), principals: new Set(who.principals) }));
const policies = fc.option(
  fc.array(
    fc.record({
      relation: fc.constantFrom(...RELATIONS),
      principals: fc.array(principals, { maxLength: 4 }),
    }),
    {
      maxLength: 4,
    },
  ),
  { nil: undefined },
);
const connectionTypes = fc.subarray(Object.keys(CONNECTION_TYPES).filter(isConnectionType), { minLength: 1 });

/** The same meaning, spelled out from the words of docs/wire-format.md as plainly as can be. */
function naively(
  who: { permissions: ReadonlySet<PermissionName>; principals: ReadonlySet<Principal> },
  policy: Policy | undefined,
  side: 'source' | 'sink',
  types: readonly ConnectionType[],
) {
  let isViewer = policy === undefined;
  let isEditor = policy === undefined;
  for (const mine of who.principals) {
    for (const binding of policy ?? []) {
      for (const named of binding.principals) {
        if (named !== mine) continue;
        isViewer = true;
        if (binding.relation === 'editor') isEditor = true;
      }
    }
  }
  let readsSomeType = false;
  for (const type of types) {
    if (type === 'metrics' && who.permissions.has('timeseries_query')) readsSomeType = true;
    if (type === 'logs' && who.permissions.has('logs_read_index_data')) readsSomeType = true;
    if (type === 'ci_pipelines' && who.permissions.has('ci_visibility_read')) readsSomeType = true;
    if (type === 'ci_tests' && who.permissions.has('test_optimization_read')) readsSomeType = true;
    if (type === 'audit' && who.permissions.has('audit_logs_read')) readsSomeType = true;
  }
  const writes = who.permissions.has('org_connections_write');
  const guards = who.permissions.has('user_access_manage');
  return {
    update: side === 'source' && writes && isEditor,
    delete: writes && isEditor,
    set_policy: guards || (writes && isEditor),
    query: side === 'sink' && isViewer && readsSomeType && who.permissions.has('org_connections_read'),
  };
}
