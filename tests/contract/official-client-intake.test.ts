import { v2 } from '@datadog/datadog-api-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/server/db/database.ts';
import { adminKeys, ORG } from '../support/account.ts';
import { startApp } from '../support/app.ts';
import { emptyDatabase, openTestDatabase } from '../support/databases.ts';
import { listen } from '../support/listen.ts';
import { configureClient, expectParsed, expectWhole } from '../support/official-client.ts';

let database: Database;
let server: Awaited<ReturnType<typeof listen>>;
beforeAll(async () => {
  database = await openTestDatabase();
});
beforeEach(async () => {
  await emptyDatabase(database);
  server = await listen(await startApp(database));
  return () => server.close();
});
afterAll(() => database.close());

const configuration = () => configureClient(server.url, adminKeys('production'));
const seconds = () => Math.floor(Date.now() / 1000);
const MINUTE = 60_000;

const createPipelineEvent = (resource: v2.CIAppCreatePipelineEventRequestAttributesResource) =>
  new v2.CIVisibilityPipelinesApi(configuration()).createCIAppPipelineEvent({
    body: {
      data: {
        type: 'cipipeline_resource_request',
        attributes: { env: 'ci', service: 'shop', providerName: 'gitlab', resource },
      },
    },
  });

describe("Datadog's official client for intake", () => {
  it.each([undefined, 'gzip', 'deflate'] as const)('submits metrics, packed: %s', async (contentEncoding) => {
    const accepted = await new v2.MetricsApi(configuration()).submitMetrics({
      ...(contentEncoding && { contentEncoding }),
      body: {
        series: [
          {
            metric: 'http.requests',
            type: 1,
            interval: 10,
            points: [
              { timestamp: seconds() - 10, value: 3 },
              { timestamp: seconds(), value: 4.5 },
            ],
            tags: ['service:web'],
            resources: [{ type: 'host', name: 'web-1' }],
            unit: 'request',
          },
        ],
      },
    });
    expectParsed(accepted);
    expectWhole(accepted);
    expect(accepted.errors).toEqual([]);
    expect(
      await database.db.selectFrom('metric_series').select(['org_id', 'type', 'tags']).execute(),
    ).toEqual([{ org_id: ORG.production, type: 'count', tags: ['host:web-1', 'service:web'] }]);
    const points = await database.db.selectFrom('metric_point').select('value').orderBy('time').execute();
    expect(points).toEqual([{ value: 3 }, { value: 4.5 }]);
  });

  it.each([undefined, 'gzip', 'deflate'] as const)('submits logs, packed: %s', async (contentEncoding) => {
    await new v2.LogsApi(configuration()).submitLog({
      ...(contentEncoding && { contentEncoding }),
      ddtags: 'env:prod',
      body: [
        {
          message: 'Order paid',
          ddsource: 'nodejs',
          ddtags: 'team:shop',
          hostname: 'web-1',
          service: 'checkout',
          additionalProperties: { status: 'warn', order: { id: 7 } },
        },
      ],
    });
    expect(await database.db.selectFrom('event').select(['message', 'tags', 'attributes']).execute()).toEqual(
      [
        {
          message: 'Order paid',
          tags: ['env:prod', 'team:shop'],
          attributes: { service: 'checkout', host: 'web-1', source: 'nodejs', status: 'warn', 'order.id': 7 },
        },
      ],
    );
  });

  it('creates pipeline events', async () => {
    const start = new Date(Date.now() - 5 * MINUTE);
    const end = new Date(Date.now() - 3 * MINUTE);
    const run = {
      level: 'pipeline',
      uniqueId: 'run-1',
      name: 'deploy',
      url: 'https://ci.acme.example/1',
      start,
      partialRetry: false,
    } as const;
    const git = {
      branch: 'main',
      sha: '7f263865994b76066c4612fd1965215e7dcb4cd2',
      repositoryUrl: 'https://git.acme.example/shop.git',
      authorEmail: 'nina@acme.example',
    };
    await createPipelineEvent({ ...run, status: 'running' });
    await createPipelineEvent({ ...run, status: 'success', end, git });
    await createPipelineEvent({
      level: 'job',
      id: 'job-1',
      name: 'compile',
      pipelineName: 'deploy',
      pipelineUniqueId: 'run-1',
      status: 'error',
      url: 'https://ci.acme.example/1/1',
      start,
      end,
      queueTime: 1000,
      error: { type: 'Exit', message: 'exit 1', domain: 'user' },
    });
    const events = await database.db
      .selectFrom('event')
      .select(['message', 'tags', 'attributes'])
      .orderBy('message', 'desc')
      .execute();
    expect(events).toMatchObject([
      {
        message: 'deploy',
        tags: ['env:ci'],
        attributes: {
          ci_level: 'pipeline',
          'ci.status': 'success',
          'ci.provider.name': 'gitlab',
          'git.commit.author.email': 'nina@acme.example',
          service: 'shop',
          duration: 120_000_000_000,
        },
      },
      {
        message: 'compile',
        attributes: { ci_level: 'job', 'ci.queue_time': 1_000_000_000, 'error.type': 'Exit' },
      },
    ]);
  });

  it("throws the API's error for a refused request", async () => {
    const refused = new v2.MetricsApi(configuration()).submitMetrics({
      body: { series: [{ metric: '1', points: [] }] },
    });
    await expect(refused).rejects.toMatchObject({
      code: 400,
      body: { errors: ['Validation failed for input.', 'series[0].metric: must begin with a letter'] },
    });
  });
});
