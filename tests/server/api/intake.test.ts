import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { pino } from 'pino';
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
const manyMembers = (count: number) =>
  JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, 1])));
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
  const lines: string[] = [];
  const log = pino({ level: 'trace', base: null }, { write: (line: string) => void lines.push(line) });
  const app = setUpApp({ now: () => NOW, log }, open);
  beforeEach(async () => {
    lines.length = 0;
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

    it.each<[string, object, string]>([
      [
        'series with a name that begins with a digit',
        { metric: '1', points: [point()] },
        'series[1].metric: must begin with a letter',
      ],
      [
        'series of an unknown type',
        { metric: 'a', type: 4, points: [point()] },
        'series[1].type: must be 0 (unspecified: a gauge)',
      ],
      ['series without points', { metric: 'a' }, 'series[1].points: is required'],
      [
        'points without a value',
        { metric: 'a', points: [{ timestamp: SECONDS }] },
        'series[1].points[0]: must have a timestamp and a value',
      ],
      [
        'points that are too old',
        { metric: 'a', points: [point(SECONDS - 457 * DAY)] },
        'series[1].points[0]: must be within the retention of 456 days',
      ],
      [
        'points that are ahead',
        { metric: 'a', points: [point(SECONDS + 601)] },
        'series[1].points[0]: must not be more than 10 minutes ahead',
      ],
    ])('drops %s, and says so', async (_, faulty, words) => {
      const series = [{ metric: 'kept', points: [point()] }, faulty];
      expect(await send(SERIES, { series })).toEqual({
        status: 202,
        body: { errors: [expect.stringContaining(words)] },
      });
      expect((await points()).map(({ value }) => value)).toEqual([1]);
    });

    it('stores the other points of a series with a faulty one', async () => {
      const series = [
        { metric: 'a', points: [point(SECONDS - 457 * DAY), { value: 2 }, null, point(SECONDS, 3)] },
      ];
      const { body } = await send(SERIES, { series });
      expect((body as { errors: string[] }).errors).toHaveLength(3);
      expect((await points()).map(({ value }) => value)).toEqual([3]);
    });

    it.each(['1e999', '-1e999', 'NaN', '-Infinity', '"NaN"', 'null'])('drops the value %s', async (sent) => {
      const body = `{"series":[{"metric":"a","tags":["NaN: \\"NaN"],"points":[
        {"timestamp":${SECONDS},"value":1},{"timestamp":${SECONDS - 1},"value":${sent}}]}]}`;
      expect(await send(SERIES, body)).toMatchObject({ status: 202 });
      expect((await points()).map(({ value }) => value)).toEqual([1]);
      expect(await rowsOfSeries()).toMatchObject([{ tags: ['nan:__nan'] }]);
    });

    it('truncates fractions of a second', async () => {
      await send(SERIES, { series: [{ metric: 'a', points: [point(SECONDS - 0.5)] }] });
      expect(await points()).toMatchObject([{ time: '2026-03-04T05:06:06.000000+00:00' }]);
    });

    it('drops tags beyond the maximum', async () => {
      const tags = Array.from({ length: 201 }, (_, index) => `n:${index}`);
      const { status, body } = await send(SERIES, { series: [{ metric: 'a', points: [point()], tags }] });
      expect({ status, body }).toEqual({
        status: 202,
        body: { errors: ['series[0].tags: has more than 200 tags'] },
      });
      const [series] = await rowsOfSeries();
      expect(series?.tags).toHaveLength(201);
      expect(series?.tags).toContain('incomplete:true');
    });

    it.each<[string, unknown, string]>([
      ['no series', {}, 'series: is required'],
      [
        'no readable series',
        { series: [null, { metric: '1', points: [] }] },
        'series[0]: must be of type object',
      ],
    ])('refuses a request with %s', async (_, body, words) => {
      const { status, body: answer } = await send(SERIES, body);
      expect({ status, body: answer }).toEqual({
        status: 400,
        body: { errors: [INVALID, words, ...(answer as { errors: string[] }).errors.slice(2)] },
      });
      await expectNothingKept();
    });

    it('refuses too many points, so that the sender divides them', async () => {
      const series = ['a', 'b'].map((metric) => ({
        metric,
        points: Array.from({ length: 10_001 }, (_, index) => point(SECONDS - index)),
      }));
      expect(await send(SERIES, { series })).toEqual({
        status: 413,
        body: { errors: ['The body has more than 20000 points; send fewer at a time'] },
      });
      await expectNothingKept();
    });

    it('limits the number of faults', async () => {
      const series = Array.from({ length: 500 }, () => ({ metric: '1', points: [] }));
      const refused = await send(SERIES, { series });
      expect((refused.body as { errors: string[] }).errors).toHaveLength(101);
      const accepted = await send(SERIES, { series: [...series, { metric: 'a', points: [point()] }] });
      expect((accepted.body as { errors: string[] }).errors).toHaveLength(100);
    });

    it('logs how much was dropped, without its content', async () => {
      await send(SERIES, { series: [{ metric: 'secret', points: [point(0), { value: 1 }, point()] }] });
      expect(lines.map((line): unknown => JSON.parse(line))).toContainEqual(
        expect.objectContaining({
          msg: 'telemetry was dropped or truncated',
          org: ORG.production,
          path: SERIES,
          counts: { too_old: 1, malformed: 1 },
        }),
      );
      expect(lines.join()).not.toContain('secret');
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

    it.each<[string, unknown]>([
      ['is too old', { message: 'x', date: NOW - 16 * DAY * 1000 }],
      ['is no log', 17],
    ])('drops a log that %s', async (_, faulty) => {
      expect(await send(LOGS, [faulty, { message: 'kept' }])).toEqual({ status: 202, body: {} });
      expect((await events()).map(({ message }) => message)).toEqual(['kept']);
    });

    it.each<[string, unknown, object]>([
      ['no message', {}, { message: '' }],
      [
        'an object as message',
        { message: { text: 'x' } },
        { message: '{"text":"x"}', attributes: { status: 'info', text: 'x' } },
      ],
      ['a number as message', { message: 5 }, { message: '5' }],
      ['a list of tags', { message: 'x', ddtags: ['a:1', 'b:2'] }, { tags: ['a:1', 'b:2'] }],
      [
        'NUL',
        { message: 'x\0', a: '\0' },
        { message: 'x\ufffd', attributes: { status: 'info', a: '\ufffd' } },
      ],
      ['half a character', { message: 'x\ud800' }, { message: 'x\ufffd' }],
      [
        'a long value',
        { message: 'x', a: 'a'.repeat(20_001) },
        { attributes: { status: 'info', a: 'a'.repeat(20_000) } },
      ],
      ['an infinite number', '{"message":"x","a":1e400}', { attributes: { status: 'info' } }],
      ['a text as log', ['x'], { message: 'x' }],
    ])('stores a log with %s', async (_, body, stored) => {
      expect(await send(LOGS, body)).toEqual({ status: 202, body: {} });
      expect(await events()).toEqual([expect.objectContaining(stored)]);
    });

    it('stores many attributes, the first ones', async () => {
      const many = Array.from({ length: 300 }, (_, index) => [`a${index}`, index]);
      await send(LOGS, { message: 'x', ...Object.fromEntries(many), service: 'web' });
      const [event] = await events();
      expect(event?.attributes).toMatchObject({ a0: 0, service: 'web', status: 'info' });
    });

    it('adds the members of the address', async () => {
      const query = 'ddsource=nginx&service=web&hostname=h&ddtags=a:1,b:2&ddtags=c:3';
      expect(
        await send(`${LOGS}?${query}`, [{ message: 'One' }, { message: 'Two', service: 'own' }]),
      ).toMatchObject({
        status: 202,
      });
      const shared = { source: 'nginx', host: 'h', status: 'info' };
      expect(await events()).toMatchObject([
        { message: 'One', tags: ['a:1', 'b:2', 'c:3'], attributes: { ...shared, service: 'web' } },
        { message: 'Two', attributes: { ...shared, service: 'own' } },
      ]);
    });

    it.each<[string, string, string, string[]]>([
      ['text', 'text/plain', 'One\nTwo\r\n\n', ['One', 'Two']],
      ['text in UTF-8', 'text/plain; charset=utf-8', 'Größe', ['Größe']],
      ['text with JSON lines', 'text/plain', '{"message":"One"}\n{broken}\nTwo', ['One', 'Two', '{broken}']],
      [
        'text with colors',
        'text/plain',
        '\u001b[31mred\u001b[0m '.repeat(70),
        ['\u001b[31mred\u001b[0m '.repeat(70).trimEnd()],
      ],
      ['text that JSON would be too', 'text/plain', '42\ntrue', ['42', 'true']],
      ['text that begins like JSON', 'text/plain', `${'['.repeat(70)}\n[x`, ['['.repeat(70), '[x']],
      [
        'the readable lines of JSON',
        'application/json',
        '{"message":"One"}\n{"message":\n{"message":"Two"}',
        ['One', 'Two'],
      ],
      ['JSON called text', 'text/plain', '[{"message":"One"},{"message":"Two"}]', ['One', 'Two']],
      ['lines of JSON', 'application/x-ndjson', '{"message":"One"}\n{"message":"Two"}\n', ['One', 'Two']],
      [
        'lines of JSON called JSON',
        'application/json',
        '{"message":"One"}\n{"message":"Two"}',
        ['One', 'Two'],
      ],
      ['JSON called a form', 'application/x-www-form-urlencoded', '{"message":"One"}', ['One']],
    ])('accepts %s', async (_, type, body, messages) => {
      expect(await sendRaw(LOGS, body, { 'Content-Type': type })).toEqual({ status: 202, body: {} });
      expect((await events()).map(({ message }) => message).toSorted()).toEqual(messages.toSorted());
    });

    it.each<[string, string]>([
      ['text called JSON', 'One\nTwo'],
      ['a broken JSON object', '{"message":'],
      ['nothing but broken lines of JSON', '{"message":\n{broken}'],
    ])('refuses %s', async (_, body) => {
      expect(await sendRaw(LOGS, body, { 'Content-Type': 'application/json' })).toMatchObject({
        status: 400,
      });
      await expectNothingKept();
    });

    it('refuses too many lines, so that the sender divides them', async () => {
      const body = 'a\n'.repeat(1001);
      expect(await sendRaw(LOGS, body, { 'Content-Type': 'text/plain' })).toMatchObject({ status: 413 });
      await expectNothingKept();
    });

    it('refuses too many, so that the sender divides them', async () => {
      expect(
        await send(
          LOGS,
          Array.from({ length: 1001 }, () => ({ message: 'x' })),
        ),
      ).toEqual({
        status: 413,
        body: { errors: ['The body has more than 1000 logs; send fewer at a time'] },
      });
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
      ['a start that is no moment', { start: 'now' }, 'resource.start: must be a moment as in RFC 3339'],
      ['half a git', { git: { sha: 'x', repository_url: 'y' } }, 'resource.git.author_email: is required'],
    ])('drops an event with %s, and refuses it alone', async (_, change, words) => {
      const faulty = ciEvent({ ...pipeline, ...change });
      expect(await send(PIPELINES, { data: [ciEvent(pipeline), faulty] })).toEqual({ status: 202, body: {} });
      expect(await events()).toMatchObject([{ message: 'deploy' }]);
      expect(await send(PIPELINES, { data: faulty })).toEqual({
        status: 400,
        body: { errors: [INVALID, expect.stringContaining(`data[0].attributes.${words}`)] },
      });
    });

    it.each<[string, object]>([
      ['an end that is ahead', { end: '2026-03-04T05:16:08Z' }],
      ['a start that is too old', { start: '2026-02-02T05:06:06Z' }],
    ])('drops an event with %s', async (_, change) => {
      expect(await send(PIPELINES, { data: ciEvent({ ...pipeline, ...change }) })).toMatchObject({
        status: 202,
      });
      await expectNothingKept();
    });

    it('drops faulty metrics and excess labels, not their event', async () => {
      const labels = Array.from({ length: 101 }, (_, index) => `l${index}`);
      const metrics = ['coverage:81.5', 'speed', 'size:big'];
      expect(
        await send(PIPELINES, { data: ciEvent({ ...pipeline, metrics, node: { labels } }) }),
      ).toMatchObject({
        status: 202,
      });
      const [event] = await events();
      expect(event?.attributes).toMatchObject({ coverage: 81.5, 'ci.node.labels': labels.slice(0, 100) });
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
    ])('drops a test with %s, and refuses it alone', async (_, change, words) => {
      expect(await send(TESTS, { data: [testEvent(), testEvent(change)] })).toEqual({
        status: 202,
        body: {},
      });
      expect(await events()).toMatchObject([{ message: 'adds' }]);
      expect(await send(TESTS, { data: testEvent(change) })).toEqual({
        status: 400,
        body: { errors: [INVALID, expect.stringContaining(`data[0].${words}`)] },
      });
    });

    it('drops a test that is too old', async () => {
      expect(await send(TESTS, { data: testEvent({ start: '2026-01-01T00:00:00Z' }) })).toMatchObject({
        status: 202,
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
        await sendRaw(path, zstdCompressSync(text), { 'Content-Encoding': 'zstd' }),
        await sendRaw(`${path}/`, text, { 'Content-Encoding': 'identity' }),
      ];
      expect(sent.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    });

    it('refuses a body that does not match its Content-Encoding', async () => {
      const headers = { 'Content-Encoding': 'gzip' };
      const refusal = { status: 400, body: { errors: [INVALID, 'The body is not valid gzip'] } };
      expect(await sendRaw(path, JSON.stringify(body), headers)).toEqual(refusal);
      expect(await sendRaw(path, gzipSync(JSON.stringify(body)).subarray(0, 20), headers)).toEqual(refusal);
      expect(await sendRaw(path, 'x', { 'Content-Encoding': 'br' })).toEqual({
        status: 400,
        body: { errors: [INVALID, 'Content-Encoding: must be gzip, deflate or zstd, not br'] },
      });
      expect(await sendRaw(path, '{', { 'Content-Type': 'application/json' })).toEqual({
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

    it('accepts the key in the address, and does not log it', async () => {
      const key = apiKey('production')['DD-API-KEY'] ?? '';
      for (const query of [`dd-api-key=${key}`, `api_key=${key}`]) {
        expect(await app.call('POST', `${path}?${query}`, {}, body)).toMatchObject({ status: 202 });
      }
      expect(await app.call('POST', `${path}?api_key=unknown`, {}, body)).toMatchObject({ status: 403 });
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.join()).not.toContain(key);
    });

    it.each<[string, string, number, string]>([
      ['5 MB of open brackets', '['.repeat(5 * MEGABYTE), 400, 'nested deeper than 64 levels'],
      ['65 nested lists', `${'['.repeat(65)}${']'.repeat(65)}`, 400, 'nested deeper than 64 levels'],
      ['10,001 members of one object', manyMembers(10_001), 413, 'more than 10000 members in one object'],
      ['200,001 values', `[${'0,'.repeat(200_000)}0]`, 413, 'more than 200000 values'],
    ])('refuses %s before it parses them', async (_, text, status, words) => {
      const response = await sendRaw(path, text, { 'Content-Type': 'application/json' });
      expect(response).toMatchObject({ status });
      expect(JSON.stringify(response.body)).toContain(words);
      await expectNothingKept();
    });

    it('refuses requests without a valid API key, as agents expect', async () => {
      const headers = [{}, { 'DD-API-KEY': 'an-unknown-api-key-0000' }, { 'DD-API-KEY': '' }];
      for (const keys of headers) {
        expect(await app.call('POST', path, keys, body)).toEqual({
          status: 403,
          body: { errors: ['Forbidden'] },
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
    await send(SERIES, old);
    await expectNothingKept();
    await send(SERIES, old, 'globex');
    expect(await points()).toHaveLength(1);
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
