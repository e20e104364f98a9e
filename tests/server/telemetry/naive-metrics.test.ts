import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Aggregator,
  AGGREGATORS,
  type MetricSelector,
  printMetricsQuery,
} from '../../../src/query/metrics-query.ts';
import { type TagFilter } from '../../../src/query/tag-filter.ts';
import { describeOnBothDatabases } from '../../support/databases.ts';
import { askForSeries, HOUR_START, rounded, sendSeries, type Told } from '../../support/telemetry.ts';
import { filtersOver } from '../../query/arbitrary.ts';
import { setUpApp } from '../../support/setup-app.ts';

interface Series {
  metric: string;
  type: 'count' | 'rate' | 'gauge';
  interval: number;
  tags: string[];
  /** By seconds. */
  points: Record<number, number>;
}

/** A query, with times in seconds. */
interface Asked {
  selector: MetricSelector;
  from: number;
  to: number;
  interval: number;
}

const METRICS = ['one', 'two'];
const TAGS = ['env:prod', 'env:dev', 'host:a', 'host:b', 'host:ab', 'flag', 'env'];
const PATTERNS = [...TAGS, 'env:*', 'host:?', '*:a', 'h*', 'host:*b', 'flag:*', 'none:x'];

const manySeries: fc.Arbitrary<Series[]> = fc.uniqueArray(
  fc.record({
    metric: fc.constantFrom(...METRICS),
    type: fc.constantFrom('count' as const, 'rate' as const, 'gauge' as const),
    interval: fc.constantFrom(0, 10),
    tags: fc.subarray(TAGS),
    points: fc.dictionary(fc.integer({ min: 0, max: 299 }).map(String), fc.integer({ min: -3, max: 5 }), {
      minKeys: 1,
      maxKeys: 8,
      noNullPrototype: true,
    }),
  }),
  // Gauges are of no interval: those of several would be the same series.
  {
    minLength: 12,
    maxLength: 20,
    selector: ({ metric, type, interval, tags }) =>
      JSON.stringify([metric, type, type !== 'gauge' && interval, tags]),
  },
);

const selectors: fc.Arbitrary<MetricSelector> = fc
  .record({
    aggregator: fc.constantFrom(...AGGREGATORS),
    metric: fc.constantFrom(...METRICS),
    scope: filtersOver<Extract<TagFilter, { kind: 'tag' }>>(
      fc.constantFrom(...PATTERNS).map((pattern) => ({ kind: 'tag', pattern })),
    ),
    by: fc.shuffledSubarray(['env', 'host', 'flag', 'none'], { maxLength: 3 }),
    as: fc.option(fc.constantFrom('count' as const, 'rate' as const), { nil: undefined }),
    method: fc.option(fc.constantFrom(...AGGREGATORS), { nil: undefined }),
    seconds: fc.option(fc.constantFrom(1, 7, 60, 3600), { nil: undefined }),
  })
  .map(({ as, method, seconds, ...selector }) => ({
    ...selector,
    ...(as && { as }),
    ...((method ?? seconds) !== undefined && {
      rollup: { ...(method && { method }), ...(seconds !== undefined && { seconds }) },
    }),
  }));

const questions: fc.Arbitrary<Asked> = fc
  .record({
    selector: selectors,
    ends: fc.uniqueArray(fc.integer({ min: 0, max: 320 }), { minLength: 2, maxLength: 2 }),
    interval: fc.constantFrom(1, 10, 33, 60, 1000),
  })
  .map(({ selector, ends, interval }) => ({
    selector,
    from: Math.min(...ends),
    to: Math.max(...ends),
    interval,
  }));

/** Evaluates a query naively. */
function naive(all: readonly Series[], { selector, from, to, interval }: Asked): Told {
  const step = selector.rollup?.seconds ?? interval;
  const rolledUp = new Map<string, Map<number, number[]>>();
  for (const series of all) {
    if (series.metric !== selector.metric || !holds(selector.scope, series.tags)) continue;
    const buckets = new Map<number, number[]>();
    for (const [time, value] of Object.entries(series.points)) {
      if (Number(time) >= from && Number(time) < to) put(buckets, startOf(Number(time), step), value);
    }
    for (const [start, points] of buckets) {
      for (const group of groupsOf(selector.by, series.tags)) {
        const instants = rolledUp.get(group) ?? new Map<number, number[]>();
        rolledUp.set(group, instants);
        put(instants, start, overTime(selector, series, points, step));
      }
    }
  }
  return Object.fromEntries(
    [...rolledUp].map(([group, instants]) => [
      group,
      Object.fromEntries(
        [...instants].map(([start, values]) => [
          start,
          aggregate(selector.aggregator === 'count' ? 'sum' : selector.aggregator, values),
        ]),
      ),
    ]),
  );
}

function startOf(time: number, step: number): number {
  const since = HOUR_START / 1000;
  return Math.floor((since + time) / step) * step - since;
}

function overTime(
  { aggregator, as, rollup }: MetricSelector,
  { type, interval }: Series,
  points: readonly number[],
  step: number,
): number {
  if (aggregator === 'count') return points.length;
  if (as === undefined || type === 'gauge') {
    return aggregate(rollup?.method ?? (type === 'count' ? 'sum' : 'avg'), points);
  }
  const counted = points.map((value) => (type === 'rate' ? value * Math.max(interval, 1) : value));
  return aggregate(rollup?.method ?? 'sum', counted) / (as === 'rate' ? Math.max(step, interval) : 1);
}

function aggregate(how: Aggregator, values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  if (how === 'sum') return sum;
  if (how === 'avg') return sum / values.length;
  if (how === 'count') return values.length;
  return how === 'min' ? Math.min(...values) : Math.max(...values);
}

function groupsOf(keys: readonly string[], tags: readonly string[]): string[] {
  const groups = keys.reduce<string[][]>(
    (some, key) => {
      const values = tags.filter((tag) => tag.startsWith(`${key}:`));
      return some.flatMap((group) =>
        (values.length === 0 ? [`${key}:N/A`] : values).map((one) => [...group, one]),
      );
    },
    [[]],
  );
  return groups.map((group) => (group.length === 0 ? '*' : group.join()));
}

function holds(filter: TagFilter, tags: readonly string[]): boolean {
  if (filter.kind === 'all') return true;
  if (filter.kind === 'tag') {
    const { pattern } = filter;
    return tags.some((tag) =>
      new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(tag),
    );
  }
  if (filter.kind === 'not') return !holds(filter.of, tags);
  return filter.kind === 'and'
    ? filter.of.every((one) => holds(one, tags))
    : filter.of.some((one) => holds(one, tags));
}

function put(lists: Map<number, number[]>, key: number, value: number): void {
  lists.set(key, [...(lists.get(key) ?? []), value]);
}

describeOnBothDatabases('A query for metrics, on random data', (open) => {
  describe.each([1, 2, 3])('(data %i)', (seed) => {
    const [series = []] = fc.sample(manySeries, { numRuns: 1, seed });
    const app = setUpApp({}, open);
    beforeAll(async () => {
      await sendSeries(app, 'production', ...series);
    });

    it('gives the same result as a naive evaluation', async () => {
      await fc.assert(
        fc.asyncProperty(questions, async (asked) => {
          const { selector, from, to, interval } = asked;
          const query = printMetricsQuery({ kind: 'leaf', leaf: selector });
          const told = await askForSeries(app, 'production', [{ data_source: 'metrics', name: 'a', query }], {
            from: HOUR_START + 1000 * from,
            to: HOUR_START + 1000 * to,
            interval: 1000 * interval,
          });
          expect(rounded(told), query).toEqual(rounded(naive(series, asked)));
        }),
        { numRuns: 100 },
      );
    });
  });
});
