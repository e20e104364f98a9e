import { beforeAll, describe, expect, it } from 'vitest';
import { PERMISSIONS } from '../../src/contract/permissions/constants.ts';
import type { PermissionName } from '../../src/contract/permissions/constants.ts';
import { ORGANIZATION_HEADER, PATHS } from '../../src/contract/paths.ts';
import { Metrics } from '../../src/server/http/metrics.ts';
import { adminKeys, EMAIL, ORG, productionKeys } from '../support/account.ts';
import { createTestApp, listRoutes, type TestApp } from '../support/app.ts';
import { dataOf, roleId, teamId, userId } from '../support/directory.ts';
import { UNKNOWN } from '../support/expected.ts';
import { type PageHeaders, signInAs } from '../support/session.ts';
import { setUpApp } from '../support/setup-app.ts';

/**
 * What a route needs: nothing, an API key alone, a user, or all of these permissions. A page before sign-in (`page`) needs the
 * console's origin to change something. Metrics need a token of the configuration (`token`).
 */
type Need = 'nothing' | 'token' | 'page' | 'api key' | 'user' | readonly PermissionName[];

const ACCESS: Need = ['user_access_manage'];
const TEAMS: Need = ['teams_manage'];
const READ: Need = ['org_connections_read'];
const WRITE: Need = ['org_connections_write'];
const METRICS: Need = ['timeseries_query'];
const LOGS: Need = ['logs_read_index_data'];
/** Holders of either permission may set a policy. */
const POLICY: Need = ['org_connections_write', 'user_access_manage'];
const QUERY = '/api/v2/logs/config/restriction_queries';

/** What each route needs. A new route without a row fails. */
const NEEDS: Readonly<Record<string, Need>> = {
  'GET /healthz': 'nothing',
  'GET /readyz': 'nothing',
  'GET /metrics': 'token',
  'GET /api/openapi.json': 'nothing',
  'GET /api/docs': 'nothing',
  'GET /api/docs/start.js': 'nothing',
  [String.raw`GET /api/docs/:file{swagger-ui(-bundle\.js|\.css)}`]: 'nothing',
  'GET /api/console/session': 'page',
  'POST /api/console/session': 'page',
  'DELETE /api/console/session': 'page',
  'GET /api/console/sign-in-methods': 'page',
  'GET /api/console/demo-people': 'page',
  'POST /api/console/demo-session': 'page',
  'GET /api/console/oidc/start': 'page',
  'GET /api/console/oidc/callback': 'page',
  'POST /api/console/invitation': 'page',
  'POST /api/console/invitation/acceptance': 'page',
  'POST /api/v2/series': 'api key',
  'POST /api/v2/logs': 'api key',
  'POST /api/v2/ci/pipeline': 'api key',
  'POST /api/v2/events/ci_tests': 'api key',
  'GET /api/v1/validate': 'api key',
  'GET /api/v2/org': 'user',
  'GET /api/v1/org': 'user',
  'GET /api/v2/current_user': 'user',
  'GET /api/v2/permissions': 'user',
  'GET /api/console/principals': 'user',
  'POST /api/console/access': READ,
  'GET /api/v1/metrics': METRICS,
  'GET /api/v2/metrics/:metric_name/all-tags': METRICS,
  'GET /api/console/facets': LOGS,
  'POST /api/v2/query/timeseries': METRICS,
  'POST /api/v2/query/scalar': METRICS,
  'GET /api/v2/users': 'user',
  'POST /api/v2/users': ACCESS,
  'GET /api/v2/users/:user_id': 'user',
  'DELETE /api/v2/users/:user_id': ACCESS,
  'GET /api/v2/users/:user_id/permissions': 'user',
  'GET /api/v2/users/:user_id/memberships': 'user',
  'GET /api/v2/roles': 'user',
  'POST /api/v2/roles': ACCESS,
  'GET /api/v2/roles/:role_id': 'user',
  'DELETE /api/v2/roles/:role_id': ACCESS,
  'GET /api/v2/roles/:role_id/permissions': 'user',
  'POST /api/v2/roles/:role_id/permissions': ACCESS,
  'DELETE /api/v2/roles/:role_id/permissions': ACCESS,
  'GET /api/v2/roles/:role_id/users': 'user',
  'POST /api/v2/roles/:role_id/users': ACCESS,
  'DELETE /api/v2/roles/:role_id/users': ACCESS,
  'GET /api/v2/team': 'user',
  'POST /api/v2/team': TEAMS,
  'GET /api/v2/team/:team_id': 'user',
  'DELETE /api/v2/team/:team_id': TEAMS,
  'GET /api/v2/team/:team_id/memberships': 'user',
  'POST /api/v2/team/:team_id/memberships': TEAMS,
  'DELETE /api/v2/team/:team_id/memberships/:user_id': TEAMS,
  'GET /api/v2/org_connections': READ,
  'GET /api/v2/org_connections/:connection_id': READ,
  'POST /api/v2/org_connections': WRITE,
  'PATCH /api/v2/org_connections/:connection_id': WRITE,
  'DELETE /api/v2/org_connections/:connection_id': WRITE,
  'GET /api/v2/restriction_policy/:resource_id': READ,
  'POST /api/v2/restriction_policy/:resource_id': POLICY,
  'DELETE /api/v2/restriction_policy/:resource_id': POLICY,
  [`GET ${QUERY}`]: ACCESS,
  [`POST ${QUERY}`]: ACCESS,
  [`GET ${QUERY}/role/:role_id`]: ACCESS,
  [`GET ${QUERY}/user/:user_id`]: ACCESS,
  [`GET ${QUERY}/:restriction_query_id`]: ACCESS,
  [`PUT ${QUERY}/:restriction_query_id`]: ACCESS,
  [`PATCH ${QUERY}/:restriction_query_id`]: ACCESS,
  [`DELETE ${QUERY}/:restriction_query_id`]: ACCESS,
  [`GET ${QUERY}/:restriction_query_id/roles`]: ACCESS,
  [`POST ${QUERY}/:restriction_query_id/roles`]: ACCESS,
  [`DELETE ${QUERY}/:restriction_query_id/roles`]: ACCESS,
  'GET /api/v2/datasets': ACCESS,
  'POST /api/v2/datasets': ACCESS,
  'GET /api/v2/datasets/:dataset_id': ACCESS,
  'PUT /api/v2/datasets/:dataset_id': ACCESS,
  'DELETE /api/v2/datasets/:dataset_id': ACCESS,
  'GET /api/v2/api_keys': ['api_keys_write'],
  'GET /api/v2/api_keys/:id': ['api_keys_write'],
  'POST /api/v2/api_keys': ['api_keys_write'],
  'PATCH /api/v2/api_keys/:id': ['api_keys_write'],
  'DELETE /api/v2/api_keys/:id': ['api_keys_write'],
  'GET /api/v2/current_user/application_keys': ['user_app_keys'],
  'GET /api/v2/current_user/application_keys/:id': ['user_app_keys'],
  'POST /api/v2/current_user/application_keys': ['user_app_keys'],
  'PATCH /api/v2/current_user/application_keys/:id': ['user_app_keys'],
  'DELETE /api/v2/current_user/application_keys/:id': ['user_app_keys'],
};

const ROUTES = listRoutes().map(({ method, path }) => ({ name: `${method} ${path}`, method, path }));
const needing = (...needs: string[]) =>
  ROUTES.filter(({ name }) => needs.includes(String(NEEDS[name]))).map(
    ({ name, ...route }) => [name, route] as const,
  );
const withUser = ROUTES.filter(({ name }) => NEEDS[name] === 'user' || Array.isArray(NEEDS[name])).map(
  ({ name, ...route }) => [name, route] as const,
);

type Route = (typeof withUser)[number][1];

const app = setUpApp();
let withMetrics: TestApp;

/** Ids of objects of Acme Production and its connection to Acme Security, by path parameter. */
let ids: Record<string, string>;
let page: PageHeaders;
/** Ids that no other organization may see. */
const hidden = () => Object.values(ids).filter((id) => id !== ids['metric_name']);

beforeAll(async () => {
  const keys = adminKeys('production');
  const connectionId = await app.connect('production', 'security');
  const admins = await roleId(app, 'production', 'Admin');
  const created = async (path: string, type: string, attributes: object) =>
    dataOf(await app.call('POST', path, keys, { data: { type, attributes } })).id;
  ids = {
    connection_id: connectionId,
    resource_id: `cross-org-connection:${connectionId}`,
    role_id: admins,
    user_id: await userId(app, 'production', EMAIL.reader),
    team_id: await teamId(app, 'production', 'platform'),
    restriction_query_id: await created(QUERY, 'logs_restriction_queries', {
      restriction_query: 'team:secret',
    }),
    dataset_id: await created(PATHS.datasets, 'dataset', {
      name: 'Secret',
      principals: [`role:${admins}`],
      product_filters: [{ product: 'logs', filters: ['@team:secret'] }],
    }),
    metric_name: 'http.requests',
  };
  page = await signInAs(app, EMAIL.reader);
  withMetrics = createTestApp(app.database, {
    metrics: new Metrics({
      token: 'token-of-metrics-0000',
      perOrg: true,
      connections: () => app.database.connections(),
    }),
  });
});

/** Calls a route with the ids of Acme Production. */
async function call({ method, path }: Route, headers: Record<string, string>) {
  const id = path.startsWith(PATHS.apiKeys) ? await apiKeyId() : await applicationKeyId();
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) =>
    name === 'id' ? id : (ids[name] ?? UNKNOWN),
  );
  const search =
    path === PATHS.facets ? '?data_source=logs&from=1&to=2' : path === PATHS.metrics ? '?from=1' : '';
  return app.call(method, filled + search, headers, method === 'GET' ? undefined : bodyFor(path));
}

/** A body that is valid as far as permissions depend on it. */
function bodyFor(path: string): object {
  if (path === `${PATHS.queries}/timeseries` || path === `${PATHS.queries}/scalar`) {
    const type = path.endsWith('scalar') ? 'scalar_request' : 'timeseries_request';
    const query = { data_source: 'metrics', name: 'a', query: 'sum:x{*}', aggregator: 'sum' };
    return { data: { type, attributes: { from: Date.now() - 1000, to: Date.now(), queries: [query] } } };
  }
  return {};
}

async function firstId(path: string): Promise<string> {
  const { body } = await app.call('GET', path, adminKeys('production'));
  return (body as { data: { id: string }[] }).data[0]?.id ?? UNKNOWN;
}
const apiKeyId = () => firstId(PATHS.apiKeys);
const applicationKeyId = () => firstId(PATHS.applicationKeys);

/** Keys of Acme Production's administrator with all permissions except some. */
async function keysWithout(missing: readonly PermissionName[]): Promise<Record<string, string>> {
  const scopes = PERMISSIONS.map(({ name }) => name).filter((name) => !missing.includes(name));
  const attributes = { name: `all but ${missing.join(', ')}`, scopes };
  const keys = adminKeys('production');
  const created = await app.call('POST', PATHS.applicationKeys, keys, {
    data: { type: 'application_keys', attributes },
  });
  return { ...keys, 'DD-APPLICATION-KEY': String(dataOf(created).attributes['key']) };
}

it('know every route', () => {
  expect(ROUTES.map(({ name }) => name).toSorted()).toEqual(Object.keys(NEEDS).toSorted());
});

describe.each(withUser)('%s', (name, route) => {
  it.each<[string, () => Record<string, string>]>([
    ['no credentials', () => ({})],
    ['unknown keys', () => ({ 'DD-API-KEY': 'x'.repeat(32), 'DD-APPLICATION-KEY': 'y'.repeat(32) })],
    ['an API key alone', () => ({ 'DD-API-KEY': 'api-key-of-production-0000' })],
    ['an application key alone', () => ({ 'DD-APPLICATION-KEY': 'app-key-of-production-admin' })],
    [
      'keys of two organizations',
      () => ({
        'DD-API-KEY': 'api-key-of-staging-0000',
        'DD-APPLICATION-KEY': 'app-key-of-production-admin',
      }),
    ],
    [
      'keys of two accounts',
      () => ({ 'DD-API-KEY': 'api-key-of-globex-0000', 'DD-APPLICATION-KEY': 'app-key-of-production-admin' }),
    ],
    [
      'an unknown session',
      () => ({
        ...page,
        Cookie: `cross-org-visibility.session_token=${'x'.repeat(43)}`,
        [ORGANIZATION_HEADER]: ORG.production,
      }),
    ],
  ])('is unauthorized with %s', async (_, headers) => {
    expect(await call(route, headers())).toEqual({
      status: 401,
      body: expect.objectContaining({ errors: ['Unauthorized'] }),
    });
  });

  it.each<[string, (headers: PageHeaders) => Record<string, string>, number]>([
    ['that names no organization', (headers) => headers, 400],
    ['in an organization of others', (headers) => ({ ...headers, [ORGANIZATION_HEADER]: ORG.globex }), 403],
    [
      'in an organization that does not exist',
      (headers) => ({ ...headers, [ORGANIZATION_HEADER]: UNKNOWN }),
      403,
    ],
  ])('refuses a session %s', async (_, headers, status) => {
    expect(await call(route, headers(page))).toMatchObject({ status });
  });

  if (route.method !== 'GET')
    it('refuses a session from a page of another site, or of another person', async () => {
      const own = { ...page, [ORGANIZATION_HEADER]: ORG.production };
      expect(await call(route, { ...own, Origin: 'https://evil.example' })).toMatchObject({ status: 403 });
      const { Origin: _origin, ...withoutOrigin } = own;
      expect(await call(route, withoutOrigin)).toMatchObject({ status: 403 });
      const { 'X-Person-Id': _person, ...withoutPerson } = own;
      expect(await call(route, withoutPerson)).toMatchObject({ status: 400 });
      expect(await call(route, { ...own, 'X-Person-Id': UNKNOWN })).toMatchObject({ status: 403 });
    });

  const needs = NEEDS[name];
  if (Array.isArray(needs))
    it('is forbidden without its permission', async () => {
      const { status, body } = await call(route, await keysWithout(Array.isArray(needs) ? needs : []));
      expect(status).toBe(403);
      expect(JSON.stringify(body)).toMatch(new RegExp(Array.isArray(needs) ? needs.join('|') : 'none'));
    });

  it.each(['staging', 'globex'] as const)(
    'shows an administrator of %s nothing of Acme Production',
    async (org) => {
      const { status, body } = await call(route, adminKeys(org));
      const text = JSON.stringify(body ?? '');
      // An error repeats the id of the request.
      if (status < 400) for (const id of hidden()) expect(text).not.toContain(id);
      expect(text).not.toMatch(/team:secret|Ravi|Secret/);
      if (/:(?!metric_name)/.test(route.path)) expect([400, 403, 404]).toContain(status);
    },
  );
});

describe.each(needing('api key'))('%s', (_, route) => {
  it.each<[string, Record<string, string>]>([
    ['no credentials', {}],
    ['an unknown API key', { 'DD-API-KEY': 'x'.repeat(32) }],
    ['an application key alone', { 'DD-APPLICATION-KEY': 'app-key-of-production-admin' }],
  ])('is forbidden with %s', async (_name, headers) => {
    expect(await call(route, headers)).toEqual({ status: 403, body: { errors: ['Forbidden'] } });
  });

  it('is forbidden with a session', async () => {
    expect(await call(route, { ...page, [ORGANIZATION_HEADER]: ORG.production })).toMatchObject({
      status: 403,
    });
  });
});

describe.each(needing('page').filter(([, { method }]) => method !== 'GET'))('%s', (_, route) => {
  it('is forbidden from a page of another site', async () => {
    expect(await call(route, { Origin: 'https://evil.example' })).toMatchObject({ status: 403 });
    expect(await call(route, {})).toMatchObject({ status: 403 });
  });
});

describe.each(needing('token'))('%s', (_, { method, path }) => {
  const callers: [string, () => Record<string, string>][] = [
    ['no credentials', () => ({})],
    ['the keys of an administrator', () => adminKeys('production')],
    ['a session', () => ({ ...page, [ORGANIZATION_HEADER]: ORG.production })],
    ['an API key as token', () => ({ Authorization: 'Bearer api-key-of-production-0000' })],
    ['an empty token', () => ({ Authorization: 'Bearer ' })],
  ];

  it.each(callers)('is unauthorized with %s', async (_name, headers) => {
    expect(await withMetrics.call(method, path, headers())).toEqual({
      status: 401,
      body: { errors: ['Unauthorized'] },
    });
  });

  it.each(callers)('is unknown with %s if metrics are off', async (_name, headers) => {
    expect(await app.call(method, path, headers())).toMatchObject({ status: 404 });
  });
});

describe.each(needing('nothing'))('%s', (_, route) => {
  it('is the same for everyone', async () => {
    const answers = [];
    for (const headers of [{}, adminKeys('production'), productionKeys('member')]) {
      const response = await app.request(route.path.replace(/:file.*/, 'swagger-ui.css'), { headers });
      answers.push([response.status, await response.text()]);
    }
    expect(new Set(answers.map(([status, text]) => `${status} ${text}`)).size).toBe(1);
  });
});
