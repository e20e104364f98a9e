import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDemo } from '../../src/server/demo/account.ts';
import { demoCi } from '../../src/server/demo/telemetry/ci.ts';
import { demoLogs } from '../../src/server/demo/telemetry/logs.ts';
import { demoMetrics } from '../../src/server/demo/telemetry/metrics.ts';
import { WORLDS } from '../../src/server/demo/telemetry/world.ts';
import { ingestEvents, ingestPoints } from '../../src/server/telemetry/ingest.ts';
import { createTestApp, type TestApp } from '../support/app.ts';
import { openTestDatabase } from '../support/databases.ts';
import { log } from '../support/log.ts';

const HOUR = 3_600_000;
/** A Wednesday afternoon, when there is much to do. */
const NOW = Date.parse('2026-03-04T20:00:00Z');
const SPAN = { from: NOW - HOUR, to: NOW };

const text = readFileSync('docs/queries.md', 'utf8');

let app: TestApp;
let keys: Record<string, string>;
let source: string;

beforeAll(async () => {
  const database = await openTestDatabase();
  const { db } = database;
  const demo = await openDemo({ db, log });
  app = createTestApp(database, { now: () => NOW });
  const ofProduction = demo.keys?.find(({ org }) => org === 'Acme Production');
  keys = {
    'DD-API-KEY': ofProduction?.apiKey ?? '',
    'DD-APPLICATION-KEY': ofProduction?.applicationKey ?? '',
  };
  for (const { name, ...scope } of demo.orgs) {
    const world = WORLDS[name];
    if (!world || !['Acme Production', 'Acme Payments'].includes(name)) continue;
    await ingestPoints(db, scope, demoMetrics(name, world, NOW - 3 * HOUR, NOW));
    await ingestEvents(db, scope, demoLogs(name, world, NOW - 2 * HOUR, NOW));
    await ingestEvents(db, scope, demoCi(name, world, NOW - 24 * HOUR, NOW));
    if (name === 'Acme Payments') source = scope.orgId;
  }
});
afterAll(() => app.database.close());

describe('docs/queries.md shows', () => {
  it.each(requests())('a request that returns data: %s', async (_, request) => {
    const { type, attributes } = request.data;
    const queries = attributes.queries.map((query) => ({
      ...query,
      ...(query.cross_org_uuids && { cross_org_uuids: [source] }),
    }));
    await expectData(type, { ...attributes, ...SPAN, queries });
  });

  it.each(firstCells('metrics query'))('a metrics query that returns data: %s', async (query) => {
    await expectData('timeseries_request', {
      ...SPAN,
      queries: [{ data_source: 'metrics', name: 'a', query }],
    });
  });

  const searches = ['logs', 'ci_pipelines', 'ci_tests'].flatMap((kind) =>
    firstCells(`${kind} search`).map(([search]) => [kind, search] as const),
  );
  it.each(searches)('a search of %s that finds some events, but not all: %s', async (data_source, query) => {
    const countOf = async (search: object) => {
      const queries = [{ data_source, name: 'a', compute: { aggregation: 'count' }, search }];
      const span = { from: NOW - 24 * HOUR, to: NOW };
      const columns = await expectData('scalar_request', { ...span, queries });
      return Number(columns[0]?.values[0]);
    };
    const found = await countOf({ query });
    expect(found).toBeGreaterThan(0);
    expect(found).toBeLessThan(await countOf({}));
  });

  it.each(firstCells('formula'))('a formula that returns data: %s', async (formula) => {
    const queries = [
      { data_source: 'metrics', name: 'a', query: 'sum:http.requests{*} by {service}.as_count()' },
      {
        data_source: 'logs',
        name: 'b',
        compute: { aggregation: 'count' },
        group_by: [{ facet: 'service' }],
      },
    ];
    await expectData('timeseries_request', { ...SPAN, queries, formulas: [{ formula }] });
  });

  it.each(rowsOf('mistake'))('the error of a mistake: %s', async (query, message) => {
    const queries = [{ data_source: 'metrics', name: 'a', query }];
    const attributes = { ...SPAN, queries };
    const { status, body } = await app.call('POST', '/api/v2/query/timeseries', keys, {
      data: { type: 'timeseries_request', attributes },
    });
    expect({ status, body }).toEqual({ status: 400, body: { errors: [message] } });
  });
});

interface DocumentedRequest {
  data: { type: string; attributes: { queries: { name: string; cross_org_uuids?: string[] }[] } };
}

/** Lists the complete requests of the document, with a label each. */
function requests(): [string, DocumentedRequest][] {
  return Array.from(text.matchAll(/```json\n([\s\S]*?)```/g), ([, json = '']) => {
    const request = JSON.parse(json) as DocumentedRequest;
    const { type, attributes } = request.data;
    return [`${type} ${attributes.queries.map(({ name }) => name).join()}`, request];
  });
}

function firstCells(kind: string): [string][] {
  return rowsOf(kind).map(([first]) => [first]);
}

/** Lists the first two cells of each row of a kind of table, without backticks. */
function rowsOf(kind: string): [string, string][] {
  const rows: [string, string][] = [];
  let isOfKind = false;
  for (const line of text.split('\n')) {
    const [first, second = ''] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    if (first === undefined) isOfKind = false;
    else if (first === kind) isOfKind = true;
    else if (isOfKind && first.startsWith('`')) rows.push([uncoded(first), uncoded(second)]);
  }
  expect(rows.length).toBeGreaterThan(0);
  return rows;
}

function uncoded(cell: string): string {
  return cell.replaceAll(/^`|`$/g, '');
}

interface Column {
  values: unknown[];
}

/** Sends a query and returns the columns of the result. Fails if it is empty. */
async function expectData(type: string, attributes: object): Promise<Column[]> {
  const path = `/api/v2/query/${type.replace('_request', '')}`;
  const { status, body } = await app.call('POST', path, keys, { data: { type, attributes } });
  expect(status, JSON.stringify(body)).toBe(200);
  const answered = (body as { data: { attributes: { columns?: Column[]; values?: unknown[] } } }).data
    .attributes;
  expect((answered.columns?.at(-1)?.values ?? answered.values ?? []).length).toBeGreaterThan(0);
  return answered.columns ?? [];
}
