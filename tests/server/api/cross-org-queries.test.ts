import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectionResource, type Principal } from '../../../src/contract/restriction-policies/constants.ts';
import { adminKeys, ORG, type OrgKey, securityKeys } from '../../support/account.ts';
import { describeOnBothDatabases } from '../../support/databases.ts';
import { principalsOf } from '../../support/principals.ts';
import {
  HOUR_START,
  scalarRequest,
  sendLogs,
  sendSeries,
  timeseriesRequest,
} from '../../support/telemetry.ts';
import { UNKNOWN } from '../../support/expected.ts';
import { setUpApp } from '../../support/setup-app.ts';

const ADMIN = adminKeys('security');

function refused(reason: string) {
  return { status: 403, errors: [`Query "a": ${reason}`] };
}

function noConnection(id: string) {
  return refused(`Organization ${id} shares nothing with this organization: there is no connection from it`);
}

function missingPermission(name: string) {
  return refused(`The permission ${name} is required`);
}

async function idOf(call: Promise<{ status: number; body: unknown }>): Promise<string> {
  const { status, body } = await call;
  expect(status, JSON.stringify(body)).toBe(200);
  return (body as { data: { id: string } }).data.id;
}

/** Acme Production has data and may share it with Acme Security, where a user queries it. */
describeOnBothDatabases('authorization of reads of another organization', (open) => {
  const app = setUpApp({}, open);
  let production: Record<string, Principal>;
  let security: Record<string, Principal>;

  beforeAll(async () => {
    production = await principalsOf(app, 'production');
    security = await principalsOf(app, 'security');
    await sendSeries(
      app,
      'production',
      { metric: 'load', tags: ['env:prod', 'team:shop'], points: { 0: 2, 60: 4 } },
      { metric: 'load', tags: ['env:prod', 'team:payroll'], points: { 0: 6 } },
      { metric: 'payroll.runs', tags: ['team:payroll'], points: { 0: 1 } },
    );
    await sendSeries(app, 'security', { metric: 'load', tags: ['env:prod'], points: { 0: 100 } });
    await sendLogs(app, 'production', {
      1: { message: 'Order placed', service: 'shop' },
      2: { message: 'Salary paid', service: 'payroll' },
      3: { message: 'Order failed', service: 'shop', status: 'error' },
    });
  });

  beforeEach(async () => {
    const { db } = app.database;
    await db.deleteFrom('org_connection').execute();
    await db.deleteFrom('restriction_query').execute();
    await db.deleteFrom('dataset').execute();
    await setDisabled(false);
  });

  const LOAD = { data_source: 'metrics', name: 'a', query: 'sum:load{*}' };
  const LOGS = { data_source: 'logs', name: 'a', compute: { aggregation: 'count' } };

  function ask(query: object, keys = ADMIN, source: string | readonly string[] = ORG.production) {
    const asked = { ...query, cross_org_uuids: typeof source === 'string' ? [source] : source };
    return app.call('POST', '/api/v2/query/timeseries', keys, timeseriesRequest([asked]));
  }

  /** Returns the values of the only series, or the error. */
  async function told(query: object, keys = ADMIN, source: string = ORG.production): Promise<unknown> {
    const { status, body } = await ask(query, keys, source);
    if (status !== 200) return { status, ...(body as { errors: string[] }) };
    return (body as { data: { attributes: { values: unknown[] } } }).data.attributes.values[0] ?? [];
  }

  /** Disables the creator of Acme Production's connections, or enables them again. */
  async function setDisabled(disabled: boolean): Promise<void> {
    await app.database.db
      .updateTable('user')
      .set({ disabled })
      .where('org_id', '=', ORG.production)
      .where('email', '=', 'admin@acme.example')
      .execute();
  }

  function restrict(connectionId: string, bindings: Record<string, Principal[]>) {
    const id = connectionResource(connectionId);
    return app.call('POST', `/api/v2/restriction_policy/${id}`, ADMIN, {
      data: {
        type: 'restriction_policy',
        id,
        attributes: {
          bindings: Object.entries(bindings).map(([relation, principals]) => ({ relation, principals })),
        },
      },
    });
  }

  async function restrictLogs(role: string, query: string): Promise<void> {
    const base = '/api/v2/logs/config/restriction_queries';
    const keys = adminKeys('production');
    const id = await idOf(
      app.call('POST', base, keys, {
        data: { type: 'logs_restriction_queries', attributes: { restriction_query: query } },
      }),
    );
    const roleId = production[role]?.split(':')[1];
    const granted = await app.call('POST', `${base}/${id}/roles`, keys, {
      data: { type: 'roles', id: roleId },
    });
    expect(granted.status, JSON.stringify(granted.body)).toBe(204);
  }

  async function makeDataset(filters: Record<string, string[]>, principals: (Principal | undefined)[]) {
    await idOf(
      app.call('POST', '/api/v2/datasets', adminKeys('production'), {
        data: {
          type: 'dataset',
          attributes: {
            name: 'Payroll',
            principals,
            product_filters: Object.entries(filters).map(([product, list]) => ({ product, filters: list })),
          },
        },
      }),
    );
  }

  describe('allows a read if every check allows it', () => {
    it('and returns the data of the source, not of the own organization', async () => {
      await app.connect('production', 'security', { connection_types: ['metrics', 'logs'] });
      expect(await told(LOAD)).toEqual([8, 4]);
      expect(await told(LOGS)).toEqual([3]);
      expect(await told(LOAD, securityKeys('viewer'))).toEqual([8, 4]);
    });

    it('and treats the own organization like no organization', async () => {
      expect(await told(LOAD, ADMIN, ORG.security)).toEqual([100]);
      expect(await told(LOAD, ADMIN, ORG.security.toUpperCase())).toEqual([100]);
    });

    it('and includes data from before the connection', async () => {
      await app.connect('production', 'security');
      const { body } = await app.call(
        'POST',
        '/api/v2/query/timeseries',
        ADMIN,
        timeseriesRequest([{ ...LOAD, cross_org_uuids: [ORG.production] }], {
          formulas: [{ formula: 'a * 2' }],
        }),
      );
      expect(body).toEqual({
        data: {
          id: '0',
          type: 'timeseries_response',
          attributes: {
            series: [{ group_tags: [], query_index: 0, unit: null }],
            times: [HOUR_START, HOUR_START + 60_000],
            values: [[16, 8]],
          },
        },
      });
    });
  });

  describe('names the first check that refuses', () => {
    it.each<[string, string]>([
      ['an unknown organization', UNKNOWN],
      ['one of another account', ORG.globex],
      ['one that is not connected', ORG.production],
    ])('1: %s', async (_, id) => {
      expect(await told(LOAD, ADMIN, id)).toEqual(noConnection(id));
    });

    it('1: a connection in the other direction', async () => {
      await app.connect('security', 'production');
      expect(await told(LOAD)).toEqual(noConnection(ORG.production));
    });

    it('1: a connection that has been deleted', async () => {
      const id = await app.connect('production', 'security');
      expect(await told(LOAD)).toEqual([8, 4]);
      await app.call('DELETE', `/api/v2/org_connections/${id}`, ADMIN);
      expect(await told(LOAD)).toEqual(noConnection(ORG.production));
    });

    it('2: a data type that is not shared', async () => {
      const id = await app.connect('production', 'security', {
        connection_types: ['metrics'],
        extensions: { connection_types: ['ci_tests'] },
      });
      const doesNotShare = (type: string) => refused(`Connection ${id} does not share ${type}`);
      expect(await told(LOGS)).toEqual(doesNotShare('logs'));
      expect(await told({ ...LOGS, data_source: 'ci_pipelines' })).toEqual(doesNotShare('ci_pipelines'));
      expect(await told({ ...LOGS, data_source: 'audit' })).toEqual(doesNotShare('audit'));
      expect(await told({ ...LOGS, data_source: 'ci_tests' })).toEqual([]);
    });

    it('3: a permission that is missing in the destination, even with roles in the source', async () => {
      await app.connect('production', 'security', { connection_types: ['metrics', 'logs'] });
      expect(await told(LOAD, securityKeys('member'))).toEqual(missingPermission('org_connections_read'));
      expect(await told(LOAD, securityKeys('guardian'))).toEqual(missingPermission('timeseries_query'));
      expect(await told(LOGS, securityKeys('editor'))).toEqual(missingPermission('logs_read_index_data'));
      expect(await told(LOAD, securityKeys('editor'))).toEqual([8, 4]);
    });

    it('4: the policy of the destination', async () => {
      const id = await app.connect('production', 'security');
      const { 'Acme Security': org, Admin: admin, Reader: reader } = security;
      if (!org || !admin || !reader) throw new Error('The test account has changed');
      const excluded = refused(
        `The restriction policy of this organization for connection ${id} does not make you a viewer`,
      );
      await restrict(id, { editor: [admin] });
      expect(await told(LOAD, securityKeys('viewer'))).toEqual(excluded);
      expect(await told(LOAD)).toEqual([8, 4]);
      await restrict(id, { editor: [admin], viewer: [reader] });
      expect(await told(LOAD, securityKeys('viewer'))).toEqual([8, 4]);
      expect(await told(LOAD, securityKeys('editor'))).toEqual(excluded);
      await restrict(id, { editor: [admin], viewer: [org] });
      expect(await told(LOAD, securityKeys('editor'))).toEqual([8, 4]);
    });

    it('4: not the policy of the source', async () => {
      const id = await app.connect('production', 'security');
      const admin = production.Admin;
      const resource = connectionResource(id);
      await app.call('POST', `/api/v2/restriction_policy/${resource}`, adminKeys('production'), {
        data: {
          type: 'restriction_policy',
          id: resource,
          attributes: { bindings: [{ relation: 'editor', principals: [admin] }] },
        },
      });
      expect(await told(LOAD, securityKeys('viewer'))).toEqual([8, 4]);
    });

    it('reports the first failing check only', async () => {
      const id = await app.connect('production', 'security');
      await setDisabled(true);
      const admin = security.Admin;
      if (!admin) throw new Error('The test account has changed');
      await restrict(id, { editor: [admin] });
      expect(await told(LOGS, securityKeys('member'))).toEqual(
        refused(`Connection ${id} does not share logs`),
      );
      expect(await told(LOAD, securityKeys('member'))).toEqual(missingPermission('org_connections_read'));
      expect(await told(LOAD, securityKeys('viewer'))).toEqual(
        refused(
          `The restriction policy of this organization for connection ${id} does not make you a viewer`,
        ),
      );
    });
  });

  it('accepts one organization per query', async () => {
    expect(await ask(LOAD, ADMIN, [ORG.production, ORG.staging])).toMatchObject({ status: 400 });
    expect(await ask(LOAD, ADMIN, [])).toMatchObject({ status: 400 });
    expect(await ask(LOAD, ADMIN, 'production')).toEqual({
      status: 400,
      body: {
        errors: [
          'Validation failed for input.',
          'data.attributes.queries[0].cross_org_uuids[0]: must be a UUID',
        ],
      },
    });
  });

  it('refuses all of a request if one of its queries is refused', async () => {
    const queries = [LOAD, { ...LOAD, name: 'b', cross_org_uuids: [ORG.production] }];
    for (const body of [
      timeseriesRequest(queries),
      scalarRequest(queries.map((query) => ({ ...query, aggregator: 'avg' }))),
    ]) {
      const path = `/api/v2/query/${body.data.type.replace('_request', '')}`;
      expect(await app.call('POST', path, ADMIN, body)).toMatchObject({ status: 403 });
    }
  });

  it('is not transitive', async () => {
    await app.connect('production', 'staging');
    await app.connect('staging', 'security');
    expect(await told(LOAD)).toMatchObject({ status: 403 });
    expect(await told(LOAD, ADMIN, ORG.staging)).toEqual([]);
  });

  describe('shows what the creator of the connection may see', () => {
    it('for logs: what any restriction query of their roles matches', async () => {
      await app.connect('production', 'security', { connection_types: ['metrics', 'logs'] });
      await restrictLogs('Reader', 'service:payroll');
      expect(await told(LOGS)).toEqual([3]);
      await restrictLogs('Admin', 'service:shop status:error');
      expect(await told(LOGS)).toEqual([1]);
      await restrictLogs('Admin', 'salary');
      expect(await told(LOGS)).toEqual([2]);
      expect(await told(LOAD)).toEqual([8, 4]);
    });

    it('for tags that a dataset restricts: nothing, unless it names the creator', async () => {
      await app.connect('production', 'security', { connection_types: ['metrics', 'logs'] });
      await makeDataset({ metrics: ['team:payroll'], logs: ['service:payroll'] }, [production.Reader]);
      expect(await told(LOAD)).toEqual([2, 4]);
      expect(await told(LOGS)).toEqual([2]);
      expect(await told({ ...LOAD, query: 'sum:load{team:payroll}' })).toEqual([]);
      expect(await told({ ...LOAD, query: 'sum:load{!team:shop}' })).toEqual([]);
      expect(await told({ ...LOGS, search: { query: '-service:shop' } })).toEqual([]);
      await app.database.db.deleteFrom('dataset').execute();
      await makeDataset({ metrics: ['team:payroll'], logs: ['service:payroll'] }, [production.Admin]);
      expect(await told(LOAD)).toEqual([8, 4]);
      expect(await told(LOGS)).toEqual([3]);
    });

    it('in any spelling of a restricted tag', async () => {
      await app.connect('production', 'security', { connection_types: ['metrics', 'logs'] });
      await sendSeries(app, 'production', {
        metric: 'written',
        tags: ['Owner:Alice@Acme.com'],
        points: { 0: 1 },
      });
      await sendLogs(app, 'production', {
        9: { message: 'Written', ddtags: 'Owner:Alice@Acme.com,team:Pay Roll' },
      });
      const metric = { ...LOAD, query: 'sum:written{*}' };
      const logs = { ...LOGS, search: { query: 'written' } };
      expect(await told(metric)).toEqual([1]);
      expect(await told({ ...metric, query: 'sum:written{owner:alice\\@acme.com}' })).toEqual([1]);
      for (const filter of [
        'owner:alice@acme.com',
        'OWNER:alice_acme.com',
        'owner:*@acme.com',
        'team:"Pay Roll"',
      ]) {
        await makeDataset({ logs: [filter] }, [production.Reader]);
        expect(await told(logs), filter).toEqual([]);
        await app.database.db.deleteFrom('dataset').execute();
      }
      await makeDataset({ metrics: ['@owner:alice\\@acme.com'] }, [production.Reader]);
      expect(await told(metric)).toEqual([]);
      expect(await told({ ...metric, query: 'sum:written{!owner:bob}' })).toEqual([]);
      await app.database.db.deleteFrom('metric_series').where('metric', '=', 'written').execute();
      await app.database.db.deleteFrom('event').where('message', '=', 'Written').execute();
    });

    it('also for data whose restricted part was dropped as too much', async () => {
      await app.connect('production', 'security', { connection_types: ['metrics', 'logs'] });
      const tags = Array.from({ length: 200 }, (_, index) => `n:${index}`);
      const members = Object.fromEntries(Array.from({ length: 256 }, (_, index) => [`a${index}`, index]));
      await sendSeries(app, 'production', {
        metric: 'much',
        tags: [...tags, 'team:payroll'],
        points: { 9: 1 },
      });
      await sendLogs(app, 'production', {
        9: { message: 'Much one', ...members, team: 'payroll' },
        10: { message: 'Much two', ddtags: [...tags, 'team:payroll'].join(',') },
      });
      const metric = { ...LOAD, query: 'sum:much{*}' };
      const logs = { ...LOGS, search: { query: 'much' } };
      expect([await told(metric), await told(logs)]).toEqual([[1], [2]]);
      await makeDataset({ metrics: ['team:payroll'], logs: ['@team:payroll'] }, [production.Reader]);
      expect([await told(metric), await told(logs)]).toEqual([[], []]);
      await app.database.db.deleteFrom('dataset').execute();
      await restrictLogs('Admin', '-@team:payroll');
      expect(await told(logs)).toEqual([]);
      await app.database.db.deleteFrom('metric_series').where('metric', '=', 'much').execute();
      await app.database.db.deleteFrom('event').where('message', 'like', 'Much%').execute();
    });

    it('also for logs that name a restricted service only in a tag', async () => {
      await app.connect('production', 'security', { connection_types: ['logs'] });
      await sendLogs(app, 'production', { 9: { message: 'Tagged', ddtags: 'service:vault,Service:Vault' } });
      const query = { ...LOGS, search: { query: 'tagged' } };
      expect(await told({ ...query, group_by: [{ facet: 'Service' }] })).toEqual([1]);
      for (const filter of ['Service:vault', 'service:VAULT', 'service:v*']) {
        await makeDataset({ logs: [filter] }, [production.Reader]);
        expect(await told(query), filter).toEqual([]);
        await app.database.db.deleteFrom('dataset').execute();
      }
      await makeDataset({ logs: ['service:vault'] }, [production.Reader]);
      for (const search of ['tagged', 'Service:vault', '-service:shop', '@service:v*', '-@service:*']) {
        expect(await told({ ...query, search: { query: `tagged ${search}` } }), search).toEqual([]);
      }
      expect(await told({ ...query, group_by: [{ facet: 'Service' }] })).toEqual([]);
      await app.database.db.deleteFrom('event').where('message', '=', 'Tagged').execute();
    });

    it.each([
      ['status:ERROR', { status: 'error' }],
      ['status:warning', { status: 'Warn' }],
      ['status:err', { level: 'ERROR' }],
      ['hostname:db-1', { hostname: 'DB-1' }],
      ['source:Nginx', { ddsource: 'nginx' }],
      ['service:vault', { service: 'Vault' }],
    ])('by any name of a reserved attribute: %s of %j', async (filter, log) => {
      await app.connect('production', 'security', { connection_types: ['logs'] });
      await sendLogs(app, 'production', { 9: { message: 'Named', ...log } });
      const query = { ...LOGS, search: { query: 'named' } };
      expect(await told({ ...query, search: { query: `named ${filter}` } })).toEqual([1]);
      await makeDataset({ logs: [filter] }, [production.Reader]);
      expect(await told(query)).toEqual([]);
      await app.database.db.deleteFrom('event').where('message', '=', 'Named').execute();
    });

    it('without a restricted tag in suggestions', async () => {
      await app.connect('production', 'security', { connection_types: ['metrics', 'logs'] });
      const asked = `cross_org_uuids=${ORG.production}`;
      const span = `from=${HOUR_START}&to=${HOUR_START + 3_600_000}`;
      const suggestions = async () => {
        const answers = await Promise.all(
          [
            `/api/v1/metrics?from=0&${asked}`,
            `/api/v2/metrics/load/all-tags?${asked}`,
            `/api/console/facets?data_source=logs&facet=service&${span}&${asked}`,
          ].map((path) => app.call('GET', path, ADMIN)),
        );
        return answers.map(({ body }) => body);
      };
      expect(await suggestions()).toEqual([
        { from: '0', metrics: ['load', 'payroll.runs'] },
        {
          data: {
            type: 'metrics',
            id: 'load',
            attributes: { tags: ['env:prod', 'team:payroll', 'team:shop'], ingested_tags: [] },
          },
        },
        {
          facets: [
            { name: 'shop', count: 2 },
            { name: 'payroll', count: 1 },
          ],
        },
      ]);
      await makeDataset({ metrics: ['team:payroll'], logs: ['service:payroll'] }, [production.Reader]);
      expect(await suggestions()).toEqual([
        { from: '0', metrics: ['load'] },
        {
          data: {
            type: 'metrics',
            id: 'load',
            attributes: { tags: ['env:prod', 'team:shop'], ingested_tags: [] },
          },
        },
        { facets: [{ name: 'shop', count: 2 }] },
      ]);
    });
  });

  it('also applies to suggestions', async () => {
    const id = await app.connect('production', 'security', { connection_types: ['metrics'] });
    const span = `from=${HOUR_START}&to=${HOUR_START + 3_600_000}`;
    const paths: [string, OrgKey][] = [
      [`/api/v1/metrics?from=0&cross_org_uuids=${ORG.staging}`, 'staging'],
      [`/api/v2/metrics/load/all-tags?cross_org_uuids=${ORG.staging}`, 'staging'],
      [`/api/console/facets?data_source=logs&${span}&cross_org_uuids=${ORG.staging}`, 'staging'],
    ];
    for (const [path, org] of paths) {
      expect(await app.call('GET', path, ADMIN)).toMatchObject({
        status: 403,
        body: {
          errors: [
            `Organization ${ORG[org]} shares nothing with this organization: there is no connection from it`,
          ],
        },
      });
    }
    expect(
      await app.call(
        'GET',
        `/api/console/facets?data_source=logs&${span}&cross_org_uuids=${ORG.production}`,
        ADMIN,
      ),
    ).toMatchObject({
      status: 403,
      body: { errors: [`Connection ${id} does not share logs`] },
    });
    const twice = `cross_org_uuids=${ORG.production}&cross_org_uuids=${ORG.staging}`;
    expect(await app.call('GET', `/api/v1/metrics?from=0&${twice}`, ADMIN)).toMatchObject({ status: 400 });
  });

  it('needs only the permission to read the data in the own organization', async () => {
    expect(await told(LOAD, securityKeys('member'), ORG.security)).toEqual([100]);
    expect(await told(LOAD, securityKeys('guardian'), ORG.security)).toEqual(
      missingPermission('timeseries_query'),
    );
    expect(await told(LOGS, securityKeys('member'), ORG.security)).toEqual(
      missingPermission('logs_read_index_data'),
    );
  });
});
