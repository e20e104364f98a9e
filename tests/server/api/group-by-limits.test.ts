import { beforeAll, describe, expect, it } from 'vitest';
import { adminKeys } from '../../support/account.ts';
import { describeOnBothDatabases } from '../../support/databases.ts';
import { setUpApp } from '../../support/setup-app.ts';
import { askForSeries, sendLogs, sendSeries, timeseriesRequest } from '../../support/telemetry.ts';

/** Numbers from 0. */
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Tags with several values for each key: k0:0, k0:1... */
const tags = (keys: number, values: number) =>
  upTo(keys).flatMap((key) => upTo(values).map((value) => `k${key}:${value}`));

const metric = (query: string) => ({ data_source: 'metrics', name: 'a', query });

const logs = (search: string, facets: string[]) => ({
  data_source: 'logs',
  name: 'a',
  compute: { aggregation: 'count' },
  search: { query: search },
  group_by: facets.map((facet) => ({ facet, limit: 500 })),
});

const refused = (text: string) => ({ status: 400, body: { errors: [`Query "a" ${text}: group by less`] } });

describeOnBothDatabases('A group by several keys', (open) => {
  const app = setUpApp({}, open);
  beforeAll(async () => {
    await sendSeries(
      app,
      'production',
      { metric: 'many', tags: tags(20, 10), points: { 0: 1 } },
      { metric: 'few', tags: tags(2, 10), points: { 0: 1 } },
      ...upTo(230).map((host) => ({
        metric: 'spread',
        tags: [...tags(2, 10), `host:${host}`],
        points: { 0: 1 },
      })),
    );
    const list = upTo(30).map(String);
    await sendLogs(app, 'production', {
      0: { message: 'lists', service: 'a', l0: list, l1: list, l2: list, l3: list },
      1: { message: 'short', service: 'b', l0: ['x', 'y'], l1: ['x', 'y'], l2: ['x', 'y'] },
    });
  });

  async function problem(query: object): Promise<unknown> {
    return app.call('POST', '/api/v2/query/timeseries', adminKeys('production'), timeseriesRequest([query]));
  }

  describe('of metrics', () => {
    it('is refused for a series with too many combinations of their values', async () => {
      expect(
        await problem(
          metric(
            `avg:many{*} by {${upTo(20)
              .map((key) => `k${key}`)
              .join()}}`,
          ),
        ),
      ).toEqual(
        refused(
          'groups a series by 100000000000000000000 combinations of values, and at most 1000 are possible',
        ),
      );
    });

    it('is refused for too many combinations in all', async () => {
      expect(await problem(metric('avg:spread{*} by {k0,k1}'))).toEqual(
        refused('groups its series by 22770 combinations of values, and at most 20000 are possible'),
      );
    });

    it('may have few combinations', async () => {
      const series = await askForSeries(app, 'production', [metric('avg:few{*} by {k0,k1}')]);
      expect(Object.keys(series)).toHaveLength(100);
      const one = await askForSeries(app, 'production', [metric('avg:spread{host:7} by {k0,host}')]);
      expect(Object.keys(one)).toHaveLength(10);
    });
  });

  describe('of events', () => {
    it.each([
      [3, 27_000],
      [4, 810_000],
    ])('is refused for an event with too many combinations of %i lists', async (lists, combinations) => {
      const query = logs(
        '*',
        upTo(lists).map((index) => `@l${index}`),
      );
      expect(await problem(query)).toEqual(
        refused(`groups an event by ${combinations} combinations of values, and at most 1000 are possible`),
      );
    });

    it('may have few combinations', async () => {
      const short = await askForSeries(app, 'production', [logs('service:b', ['@l0', '@l1', '@l2'])]);
      expect(Object.keys(short)).toHaveLength(8);
      const none = await askForSeries(app, 'production', [logs('service:c', ['@l0', '@l1', '@l2'])]);
      expect(none).toEqual({});
    });
  });
});
