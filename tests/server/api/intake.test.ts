import { deflateSync, gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { adminKeys, ORG, type OrgKey } from '../../support/account.ts';
import { describeOnBothDatabases } from '../../support/databases.ts';
import { setUpApp } from '../../support/setup-app.ts';

const SERIES = '/api/v2/series';
const LOGS = '/api/v2/logs';
const PIPELINES = '/api/v2/ci/pipeline';
const TESTS = '/api/v2/events/ci_tests';

const NOW = Date.parse('2026-03-04T05:06:07.000Z');
const SECONDS = NOW / 1000;
const DAY = 24 * 60 * 60;
const MEGABYTE = 1024 * 1024;
const INVALID = 'Validation failed for input.';

const apiKey = (org: OrgKey) => ({ 'DD-API-KEY': adminKeys(org)['DD-API-KEY'] ?? '' });

/** A body that decompresses to far more than the maximum. */
const bomb = gzipSync(Buffer.alloc(256 * MEGABYTE), { level: 1 });

const point = (timestamp = SECONDS, value = 1) => ({ timestamp, value });
const pipeline = {
  level: 'pipeline',
  unique_id: 'run-1',
  name: 'deploy',
  url: 'https://ci.acme.example/1',
  start: '2026-03-04T05:00:00Z',
  end: '2026-03-04T05:01:30.5Z',
  status: 'success',
  partial_retry: false,
};
const padded = (body: unknown, size: number) => JSON.stringify(body).padEnd(size);
const ciEvent = (resource: object, rest: object = {}) => ({
  type: 'cipipeline_resource_request',
  attributes: { ...rest, resource },
});
const testRun = {
  'test.name': 'adds',
  'test.suite': 'sums',
  'test.status': 'pass',
  start: '2026-03-04T05:00:00.000Z',
  duration: 12_000_000,
};
const testEvent = (attributes: object = {}, rest: object = {}) => ({
  type: 'ci_test',
  ...rest,
  attributes: { ...testRun, ...attributes },
});

describeOnBothDatabases('the intake', (open) => {
  const app = setUpApp({ now: () => NOW }, open);
  beforeEach(async () => {
    for (const table of ['metric_series', 'metric_point', 'event'] as const) {
      await app.database.db.deleteFrom(table).execute();
    }
  });

  const send = (path: string, body: unknown, org: OrgKey = 'production') =>
    app.call('POST', path, apiKey(org), body);

  const sendRaw = async (path: string, body: BodyInit, headers: Record<string, string>) => {
    const response = await app.request(path, {
      method: 'POST',
      headers: { ...apiKey('production'), ...headers },
      body,
    });
    return { status: response.status, body: await response.json() };
  };

  const rowsOfSeries = () =>
    app.database.db
      .selectFrom('metric_series')
      .select(['org_id', 'metric', 'type', 'interval_seconds', 'tags'])
      .orderBy('metric')
      .orderBy('tags')
      .execute();
  const points = () =>
    app.database.db.selectFrom('metric_point').select(['org_id', 'time', 'value']).orderBy('time').execute();
  const events = () =>
    app.database.db
      .selectFrom('event')
      .select(['org_id', 'source', 'time', 'message', 'tags', 'attributes'])
      .orderBy('time')
      .orderBy('message')
      .execute();

  const expectNothingKept = async () => {
    expect(await rowsOfSeries()).toEqual([]);
    expect(await points()).toEqual([]);
    expect(await events()).toEqual([]);
  };

  describe('of metrics', () => {
    it('stores points of every type, with tags of resources', async () => {
      const series = [
        { metric: 'a', points: [point()] },
        { metric: 'b', type: 1, interval: 10, points: [point()], tags: ['Env:Prod', 'a:1'] },
        {
          metric: 'c',
          type: 2,
          interval: 10,
          points: [point()],
          resources: [{ type: 'host', name: 'Web-1' }],
        },
        { metric: 'd-e', type: 3, points: [point(SECONDS - 60, 2.5), point(SECONDS, -1)], unit: 'byte' },
      ];
      expect(await send(SERIES, { series })).toEqual({ status: 202, body: { errors: [] } });
      const org_id = ORG.production;
      expect(await rowsOfSeries()).toEqual([
        { org_id, metric: 'a', type: 'gauge', interval_seconds: 0, tags: [] },
        { org_id, metric: 'b', type: 'count', interval_seconds: 10, tags: ['a:1', 'env:prod'] },
        { org_id, metric: 'c', type: 'rate', interval_seconds: 10, tags: ['host:web-1'] },
        { org_id, metric: 'd_e', type: 'gauge', interval_seconds: 0, tags: [] },
      ]);
      expect((await points()).map(({ time, value }) => [time, value])).toEqual([
        ['2026-03-04T05:05:07.000000+00:00', 2.5],
        ...[1, 1, 1, -1].map((value) => ['2026-03-04T05:06:07.000000+00:00', value]),
      ]);
    });

    it.each<[string, unknown, string]>([
      ['no series', {}, 'series: is required'],
      [
        'a name that begins with a digit',
        { series: [{ metric: '1', points: [] }] },
        'series[0].metric: must begin with a letter',
      ],
      [
        'an unknown type',
        { series: [{ metric: 'a', type: 4, points: [] }] },
        'series[0].type: must be 0 (unspecified: a gauge)',
      ],
      [
        'a point without a value',
        { series: [{ metric: 'a', points: [{ timestamp: SECONDS }] }] },
        'series[0].points[0].value: is required',
      ],
      [
        'a point that is too old',
        { series: [{ metric: 'a', points: [point(), point(SECONDS - 457 * DAY)] }] },
        'series[0].points[1].timestamp: must be within the retention of 456 days',
      ],
      [
        'a point that is ahead',
        {
          series: [
            { metric: 'b', points: [point()] },
            { metric: 'a', points: [point(SECONDS + 601)] },
          ],
        },
        'series[1].points[0].timestamp: must not be more than 10 minutes ahead',
      ],
      [
        'too many points in all',
        {
          series: ['a', 'b'].map((metric) => ({
            metric,
            points: Array.from({ length: 10_001 }, (_, index) => point(SECONDS - index)),
          })),
        },
        'series: must have at most 20000 points in all',
      ],
      [
        'too many points',
        { series: [{ metric: 'a', points: Array.from({ length: 20_001 }, () => point()) }] },
        'series[0].points: must have at most 20000 entries',
      ],
    ])('refuses all of a request with %s', async (_, body, words) => {
      expect(await send(SERIES, body)).toEqual({
        status: 400,
        body: { errors: [INVALID, expect.stringContaining(words)] },
      });
      await expectNothingKept();
    });

    it('refuses a value that is not a number', async () => {
      const body = `{"series":[{"metric":"a","points":[{"timestamp":${SECONDS},"value":1e999}]}]}`;
      expect(await send(SERIES, body)).toMatchObject({ status: 400 });
      await expectNothingKept();
    });

    it('limits the number of faults', async () => {
      const series = Array.from({ length: 500 }, () => ({ metric: '1', points: [] }));
      const { body } = await send(SERIES, { series });
      expect((body as { errors: string[] }).errors).toHaveLength(101);
    });
  });

  describe('of logs', () => {
    it('stores one or several, with tags for all', async () => {
      const one = { message: 'One', service: 'web', hostname: 'h', ddsource: 'nginx', ddtags: 'a:1' };
      expect(await send(`${LOGS}?ddtags=env:prod`, one)).toEqual({ status: 202, body: {} });
      const several = [
        { message: 'Two', status: 'error', http: { status_code: 500 } },
        { message: '{"message":"Three","n":[1,2]}', timestamp: NOW + 1000 },
      ];
      expect(await send(LOGS, several)).toMatchObject({ status: 202 });
      const common = { org_id: ORG.production, source: 'logs', time: '2026-03-04T05:06:07.000000+00:00' };
      expect(await events()).toEqual([
        {
          ...common,
          message: 'One',
          tags: ['a:1', 'env:prod'],
          attributes: { service: 'web', host: 'h', source: 'nginx', status: 'info' },
        },
        { ...common, message: 'Two', tags: [], attributes: { status: 'error', 'http.status_code': 500 } },
        {
          ...common,
          time: '2026-03-04T05:06:08.000000+00:00',
          message: 'Three',
          tags: [],
          attributes: { status: 'info', n: [1, 2] },
        },
      ]);
    });

    it('stores two identical ones', async () => {
      await send(LOGS, [{ message: 'Same' }, { message: 'Same' }]);
      expect(await events()).toHaveLength(2);
    });

    it.each<[string, unknown, string]>([
      ['a log without a message', [{ message: 'x' }, {}], '[1].message: is required'],
      ['no object', 'null', '[0]: must be of type object'],
      [
        'a log that is too old',
        [{ message: 'x' }, { message: 'x', date: NOW - 16 * DAY * 1000 }],
        '[1].timestamp: must be within the retention of 15 days',
      ],
      ['NUL in the message', [{ message: 'x\0' }], '[0].message: must not contain the character NUL'],
      [
        'NUL in an attribute',
        [{ message: 'x', a: { b: '\0' } }],
        '[0].a.b: must not contain the character NUL',
      ],
      [
        'too many',
        Array.from({ length: 1001 }, () => ({ message: 'x' })),
        'body: must have at most 1000 entries',
      ],
    ])('refuses all of a request with %s', async (_, body, words) => {
      expect(await send(LOGS, body)).toEqual({ status: 400, body: { errors: [INVALID, words] } });
      await expectNothingKept();
    });
  });

  describe('of pipelines', () => {
    it('stores each level with the names of CI Visibility', async () => {
      const part = { id: 'x', pipeline_unique_id: 'run-1', pipeline_name: 'deploy', tags: ['team:a'] };
      const { start, end } = pipeline;
      const data = [
        ciEvent(
          {
            ...pipeline,
            pipeline_id: '17',
            queue_time: 1500,
            is_manual: true,
            tags: ['Team:A'],
            parameters: { target: 'eu' },
            metrics: ['coverage:81.5'],
            node: { name: 'runner-1', labels: ['linux'], hostname: 'r1' },
            error: { type: 'Exit', message: 'exit 1', domain: 'user' },
            git: {
              branch: 'main',
              sha: 'abc',
              repository_url: 'https://me:secret@git.acme.example/shop.git',
              author_email: 'a@acme.example',
              message: 'Go',
            },
          },
          { env: 'prod', service: 'shop', provider_name: 'gitlab' },
        ),
        ciEvent({ ...part, level: 'stage', name: 'build', status: 'success', start, end }),
        ciEvent({
          ...part,
          level: 'job',
          name: 'compile',
          status: 'error',
          start,
          end,
          url: 'u',
          stage_name: 'build',
        }),
        ciEvent({ ...part, level: 'step', name: 'run', status: 'error', start, end, job_name: 'compile' }),
      ];
      expect(await send(PIPELINES, { data })).toEqual({ status: 202, body: {} });
      const kept = Object.fromEntries((await events()).map((event) => [event.message, event]));
      expect(kept.deploy).toEqual({
        org_id: ORG.production,
        source: 'ci_pipelines',
        time: '2026-03-04T05:00:00.000000+00:00',
        message: 'deploy',
        tags: ['env:prod', 'team:a'],
        attributes: {
          ci_level: 'pipeline',
          'ci.provider.name': 'gitlab',
          'ci.pipeline.name': 'deploy',
          'ci.pipeline.id': 'run-1',
          'ci.pipeline.url': 'https://ci.acme.example/1',
          'ci.pipeline.provider_id': '17',
          'ci.status': 'success',
          'ci.is_manual': true,
          'ci.partial_retry': false,
          'ci.queue_time': 1_500_000_000,
          'ci.parameters.target': 'eu',
          'ci.node.name': 'runner-1',
          'ci.node.hostname': 'r1',
          'ci.node.labels': ['linux'],
          'git.branch': 'main',
          'git.commit.sha': 'abc',
          'git.commit.author.email': 'a@acme.example',
          'git.commit.message': 'Go',
          'git.repository_url': 'https://git.acme.example/shop.git',
          'error.type': 'Exit',
          'error.message': 'exit 1',
          'error.domain': 'user',
          service: 'shop',
          duration: 90_500_000_000,
          coverage: 81.5,
        },
      });
      const ofPart = { 'ci.pipeline.id': 'run-1', 'ci.pipeline.name': 'deploy', duration: 90_500_000_000 };
      expect(kept.build?.attributes).toEqual({
        ...ofPart,
        ci_level: 'stage',
        'ci.stage.id': 'x',
        'ci.stage.name': 'build',
        'ci.status': 'success',
      });
      expect(kept.compile?.attributes).toEqual({
        ...ofPart,
        ci_level: 'job',
        'ci.stage.name': 'build',
        'ci.job.id': 'x',
        'ci.job.name': 'compile',
        'ci.job.url': 'u',
        'ci.status': 'error',
      });
      expect(kept.run?.attributes).toMatchObject({
        ci_level: 'step',
        'ci.job.name': 'compile',
        'ci.step.name': 'run',
      });
    });

    it('converts tags with the names of attributes', async () => {
      const tags = ['service:payroll', 'ci_level:job', 'status:blocked', 'team:a'];
      await send(PIPELINES, { data: ciEvent({ ...pipeline, tags }, { service: 'shop' }) });
      await send(TESTS, { data: testEvent({ tags: [...tags, 'test_level:suite'] }) });
      expect(await events()).toMatchObject([
        {
          tags: ['team:a'],
          attributes: { test_level: 'test', service: 'payroll', ci_level: 'job', status: 'blocked' },
        },
        {
          tags: ['team:a'],
          attributes: { ci_level: 'pipeline', service: ['shop', 'payroll'], status: 'blocked' },
        },
      ]);
    });

    it('stores an event with another start as a new event', async () => {
      await send(PIPELINES, { data: ciEvent(pipeline) });
      await send(PIPELINES, { data: ciEvent({ ...pipeline, start: '2026-03-04T05:00:01Z' }) });
      expect(await events()).toHaveLength(2);
    });

    it('replaces a running event by the finished one', async () => {
      const { end: _, ...running } = pipeline;
      await send(PIPELINES, { data: ciEvent({ ...running, status: 'running' }) });
      expect((await events())[0]?.attributes).not.toHaveProperty('duration');
      await send(PIPELINES, { data: ciEvent(pipeline) });
      expect((await events()).map(({ attributes }) => attributes)).toMatchObject([
        { 'ci.status': 'success', duration: 90_500_000_000 },
      ]);
    });

    it.each<[string, object, string]>([
      [
        'an unknown level',
        { level: 'phase' },
        'resource.level: must have the level pipeline, stage, job or step',
      ],
      ['no url', { url: undefined }, 'resource.url: is required'],
      ['an unknown status', { status: 'fine' }, 'resource.status: Invalid option'],
      ['no end', { end: undefined }, 'resource.end: is required unless the status is running'],
      [
        'an end while it runs',
        { status: 'running' },
        'resource.end: must be absent while the status is running',
      ],
      [
        'an end before the start',
        { end: '2026-03-04T04:59:59Z' },
        'resource.end: must not be before the start',
      ],
      [
        'an end that is ahead',
        { end: '2026-03-04T05:16:08Z' },
        'resource.end: must not be more than 10 minutes ahead',
      ],
      ['a start that is no moment', { start: 'now' }, 'resource.start: must be a moment as in RFC 3339'],
      [
        'a start that is too old',
        { start: '2026-02-02T05:06:06Z' },
        'resource.start: must be within the retention of 30 days',
      ],
      ['half a git', { git: { sha: 'x', repository_url: 'y' } }, 'resource.git.author_email: is required'],
    ])('refuses all of a request with %s', async (_, change, words) => {
      const data = [ciEvent(pipeline), ciEvent({ ...pipeline, ...change })];
      expect(await send(PIPELINES, { data })).toEqual({
        status: 400,
        body: { errors: [INVALID, expect.stringContaining(`data[1].attributes.${words}`)] },
      });
      await expectNothingKept();
    });
  });

  describe('of tests', () => {
    it('stores them, flat or nested, once per id', async () => {
      const rest = {
        service: 'shop',
        env: 'ci',
        tags: ['b'],
        git: { branch: 'main', sha: 'abc' },
        browser: { name: 'x' },
      };
      expect(await send(TESTS, { data: testEvent(rest, { id: 'one' }) })).toEqual({ status: 202, body: {} });
      const { 'test.name': name, ...nameless } = testRun;
      const nested = { type: 'ci_test', id: 'one', attributes: { ...nameless, test: { name } } };
      const kept = {
        org_id: ORG.production,
        source: 'ci_tests',
        time: '2026-03-04T05:00:00.000000+00:00',
        message: 'adds',
        tags: ['b', 'env:ci'],
        attributes: {
          test_level: 'test',
          'test.name': 'adds',
          'test.suite': 'sums',
          'test.status': 'pass',
          duration: 12_000_000,
          service: 'shop',
          'git.branch': 'main',
          'git.commit.sha': 'abc',
          'browser.name': 'x',
        },
      };
      expect(await events()).toEqual([kept]);
      await send(TESTS, { data: [nested] });
      expect(await events()).toMatchObject([{ message: 'adds', tags: [] }]);
      await send(TESTS, { data: [testEvent(), testEvent()] });
      expect(await events()).toHaveLength(3);
    });

    it.each<[string, object, string]>([
      ['no name', { 'test.name': undefined }, 'attributes.test.name: is required'],
      [
        'a suite that is no text',
        { 'test.suite': 5 },
        'attributes.test.suite: must be a text that is not empty',
      ],
      [
        'an unknown status',
        { 'test.status': 'ok' },
        'attributes.test.status: must be one of pass, fail, skip',
      ],
      ['a duration below 0', { duration: -1 }, 'attributes.duration: must not be negative'],
      ['no start', { start: undefined }, 'attributes.start: '],
      [
        'a start that is too old',
        { start: '2026-01-01T00:00:00Z' },
        'attributes.start: must be within the retention of 30 days',
      ],
    ])('refuses all of a request with %s', async (_, change, words) => {
      expect(await send(TESTS, { data: [testEvent(), testEvent(change)] })).toEqual({
        status: 400,
        body: { errors: [INVALID, expect.stringContaining(`data[1].${words}`)] },
      });
      await expectNothingKept();
    });
  });

  const bodies: [string, unknown][] = [
    [SERIES, { series: [{ metric: 'a', points: [point()] }] }],
    [LOGS, { message: 'x' }],
    [PIPELINES, { data: ciEvent(pipeline) }],
    [TESTS, { data: testEvent() }],
  ];

  describe.each(bodies)('at %s', (path, body) => {
    it('accepts compressed bodies', async () => {
      const text = JSON.stringify(body);
      const sent = [
        await sendRaw(path, gzipSync(text), { 'Content-Encoding': 'gzip' }),
        await sendRaw(path, deflateSync(text), { 'Content-Encoding': 'Deflate' }),
        await sendRaw(`${path}/`, text, { 'Content-Encoding': 'identity' }),
      ];
      expect(sent.map(({ status }) => status)).toEqual([202, 202, 202]);
    });

    it('refuses a body that does not match its Content-Encoding', async () => {
      const headers = { 'Content-Encoding': 'gzip' };
      const refusal = { status: 400, body: { errors: [INVALID, 'The body is not valid gzip'] } };
      expect(await sendRaw(path, JSON.stringify(body), headers)).toEqual(refusal);
      expect(await sendRaw(path, gzipSync(JSON.stringify(body)).subarray(0, 20), headers)).toEqual(refusal);
      expect(await sendRaw(path, 'x', { 'Content-Encoding': 'br' })).toEqual({
        status: 400,
        body: { errors: [INVALID, 'Content-Encoding: must be gzip or deflate, not br'] },
      });
      expect(await sendRaw(path, '{', {})).toEqual({
        status: 400,
        body: { errors: [INVALID, 'The body is not valid JSON'] },
      });
      await expectNothingKept();
    });

    it('refuses a body over 5 MB, compressed or not, without decompressing it', async () => {
      const tooLarge = { status: 413, body: { errors: ['The body is larger than 5 MB'] } };
      expect(await sendRaw(path, padded(body, 5 * MEGABYTE + 1), {})).toEqual(tooLarge);
      const before = process.memoryUsage().arrayBuffers;
      expect(await sendRaw(path, bomb, { 'Content-Encoding': 'gzip' })).toEqual(tooLarge);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * MEGABYTE);
      await expectNothingKept();
      expect(await sendRaw(path, padded(body, 5 * MEGABYTE), {})).toMatchObject({ status: 202 });
      expect(
        await sendRaw(path, gzipSync(padded(body, 5 * MEGABYTE)), { 'Content-Encoding': 'gzip' }),
      ).toMatchObject({
        status: 202,
      });
    });

    it('is unauthorized without an API key', async () => {
      const headers = [{}, { 'DD-API-KEY': 'an-unknown-api-key-0000' }, { 'DD-API-KEY': '' }];
      for (const keys of headers) {
        expect(await app.call('POST', path, keys, body)).toEqual({
          status: 401,
          body: { errors: ['Unauthorized'] },
        });
      }
      await expectNothingKept();
    });

    it("stores everything as data of the key's organization", async () => {
      for (const org of ['production', 'globex'] as const) {
        expect(await send(path, body, org)).toMatchObject({ status: 202 });
      }
      const rows = [...(await rowsOfSeries()), ...(await points()), ...(await events())];
      const owners = rows.map(({ org_id }) => org_id);
      expect(new Set(owners)).toEqual(new Set([ORG.production, ORG.globex]));
      expect(owners.filter((owner) => owner === ORG.production)).toHaveLength(owners.length / 2);
    });
  });

  it('uses the retention of the account', async () => {
    const { db } = app.database;
    const retain = (days: number) =>
      db.updateTable('account').set({ metrics_retention_days: days }).where('name', '=', 'Acme').execute();
    await retain(1);
    const old = { series: [{ metric: 'a', points: [point(SECONDS - 2 * DAY)] }] };
    expect(await send(SERIES, old)).toMatchObject({ status: 400 });
    expect(await send(SERIES, old, 'globex')).toMatchObject({ status: 202 });
    await retain(456);
  });

  it('does not change the limit of other bodies', async () => {
    const response = await app.call(
      'POST',
      '/api/v2/users',
      adminKeys('production'),
      ' '.repeat(MEGABYTE + 1),
    );
    expect(response).toEqual({ status: 413, body: { errors: ['The body is larger than 1 MB'] } });
  });
});
