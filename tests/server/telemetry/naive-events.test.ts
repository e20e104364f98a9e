import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EventsAggregation } from '../../../src/contract/queries/schema.ts';
import { type EventFilter, printEventsSearch } from '../../../src/query/events-search.ts';
import { type Facet, printFacet } from '../../../src/query/facet.ts';
import { describeOnBothDatabases } from '../../support/databases.ts';
import { askForSeries, HOUR_START, rounded, sendLogs, type Told } from '../../support/telemetry.ts';
import { filtersOver } from '../../query/arbitrary.ts';
import { setUpApp } from '../../support/setup-app.ts';

type Scalar = string | number | boolean;

interface Log {
  /** In seconds. */
  time: number;
  message: string;
  tags: string[];
  attributes: Record<string, Scalar | Scalar[]>;
}

interface Compute {
  aggregation: EventsAggregation;
  measure: Facet;
}

interface Grouping {
  facet: Facet;
  limit: number;
  order: 'asc' | 'desc';
  /** Null: by the alphabet. */
  by: Compute | null;
}

/** A query, with times in seconds. */
interface Asked {
  filter: EventFilter;
  compute: Compute;
  groupings: Grouping[];
  from: number;
  to: number;
  interval: number;
}

const attribute = (name: string): Facet => ({ kind: 'attribute', name });
const tag = (name: string): Facet => ({ kind: 'tag', name });

const WORDS = ['error', 'err', 'Order', 'ok', 'okay'];
const TAGS = ['env:prod', 'env:dev', 'size:1', 'size:2.5', 'size:big', 'flag'];
const FACETS = [attribute('a'), attribute('b'), attribute('c.d'), tag('env'), tag('size'), tag('flag')];
const PERCENTILES: Partial<Record<EventsAggregation, number>> = {
  median: 0.5,
  pc75: 0.75,
  pc90: 0.9,
  pc95: 0.95,
  pc98: 0.98,
  pc99: 0.99,
};

const scalars: fc.Arbitrary<Scalar> = fc.constantFrom<Scalar>(
  'x',
  'y',
  'X y',
  '1',
  -1,
  0,
  1,
  1.5,
  20,
  true,
  false,
);
const attributes = fc.oneof(
  { weight: 3, arbitrary: scalars },
  { weight: 1, arbitrary: fc.array(scalars, { minLength: 1, maxLength: 3 }) },
);

const manyLogs: fc.Arbitrary<Log[]> = fc.uniqueArray(
  fc.record({
    time: fc.integer({ min: 0, max: 299 }),
    message: fc
      .array(fc.tuple(fc.constantFrom(...WORDS), fc.constantFrom(' ', '  ', '\n')), { maxLength: 3 })
      .map((words) => words.flat().join('')),
    tags: fc.subarray(TAGS),
    attributes: fc.record(
      { a: attributes, b: attributes, 'c.d': attributes },
      { requiredKeys: [], noNullPrototype: true },
    ),
  }),
  { minLength: 20, maxLength: 40, selector: ({ time }) => time },
);

const conditions: fc.Arbitrary<Extract<EventFilter, { kind: 'text' | 'facet' | 'range' }>> = fc.oneof(
  fc.record({
    kind: fc.constant('text' as const),
    words: fc.array(
      fc.constantFrom('error', 'ERR', 'order', 'ok', 'ok*', '*r', 'e*r', 'ok?', '?rr', 'none'),
      {
        minLength: 1,
        maxLength: 2,
      },
    ),
  }),
  fc.record({
    kind: fc.constant('facet' as const),
    facet: fc.constantFrom(...FACETS),
    pattern: fc.constantFrom('x', 'y', 'X y', 'X*', '1', '1.5', 'true', '*', '?', '*1*', 'prod', 'p*', 'dev'),
  }),
  fc
    .record({
      facet: fc.constantFrom(...FACETS),
      from: fc.option(bounds(), { nil: undefined }),
      to: fc.option(bounds(), { nil: undefined }),
    })
    .map(({ facet, from, to }) => ({
      kind: 'range' as const,
      facet,
      ...(from && { from }),
      ...(to && { to }),
    })),
);

function bounds() {
  return fc.record({ value: fc.constantFrom(-1, 0, 1, 2.5, 20), inclusive: fc.boolean() });
}

const computes: fc.Arbitrary<Compute> = fc.record({
  aggregation: fc.constantFrom(
    ...([
      'count',
      'cardinality',
      'sum',
      'avg',
      'min',
      'max',
      'median',
      'pc75',
      'pc90',
      'pc95',
      'pc98',
      'pc99',
    ] as const),
  ),
  measure: fc.constantFrom(attribute('a'), attribute('b'), attribute('c.d')),
});

const questions: fc.Arbitrary<Asked> = fc
  .record({
    filter: filtersOver(conditions),
    compute: computes,
    groupings: fc.uniqueArray(
      fc.record({
        facet: fc.constantFrom(...FACETS),
        limit: fc.integer({ min: 1, max: 4 }),
        order: fc.constantFrom('asc', 'desc'),
        by: fc.option(computes),
      }),
      { maxLength: 3, selector: ({ facet }) => facet.name },
    ),
    ends: fc.uniqueArray(fc.integer({ min: 0, max: 320 }), { minLength: 2, maxLength: 2 }),
    interval: fc.constantFrom(10, 60, 1000),
  })
  .map(({ ends, ...asked }) => ({ ...asked, from: Math.min(...ends), to: Math.max(...ends) }));

/** An event in one of the groups that it is in. */
interface Row {
  log: Log;
  group: string[];
}

/** Evaluates a query naively. */
function naive(logs: readonly Log[], { filter, compute, groupings, from, to, interval }: Asked): Told {
  let rows: Row[] = logs
    .filter((log) => log.time >= from && log.time < to && holds(filter, log))
    .flatMap((log) =>
      groupings
        .reduce<string[][]>(
          (groups, { facet }) => groups.flatMap((group) => textsOf(log, facet).map((one) => [...group, one])),
          [[]],
        )
        .map((group) => ({ log, group })),
    );
  // Outer groups are chosen before those within them.
  for (const [depth, grouping] of groupings.entries()) {
    const outer = Map.groupBy(rows, ({ group }) => JSON.stringify(group.slice(0, depth)));
    rows = [...outer.values()].flatMap((within) => best(within, depth, grouping));
  }
  const told: Told = {};
  for (const { group, log } of rows) {
    const name =
      groupings.length === 0 ? '*' : group.map((value, at) => `${keyOf(groupings[at])}:${value}`).join();
    const start = startOf(log.time, interval);
    const same = rows.filter(
      (row) => row.group.join('\0') === group.join('\0') && startOf(row.log.time, interval) === start,
    );
    const value = aggregate(compute, same);
    if (value !== null) told[name] = { ...told[name], [start]: value };
  }
  return told;
}

function best(rows: readonly Row[], depth: number, { limit, order, by }: Grouping): Row[] {
  const groups = [...Map.groupBy(rows, ({ group }) => group[depth] ?? '')].map(([value, members]) => ({
    value,
    members,
    rank: by === null ? value : aggregate(by, members),
  }));
  const direction = order === 'asc' ? 1 : -1;
  groups.sort((one, other) => {
    if (one.rank === other.rank) return compare(one.value, other.value);
    if (one.rank === null) return 1;
    if (other.rank === null) return -1;
    return direction * compare(one.rank, other.rank);
  });
  return groups.slice(0, limit).flatMap(({ members }) => members);
}

function compare<Value extends string | number>(one: Value, other: Value): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function startOf(time: number, step: number): number {
  const since = HOUR_START / 1000;
  return Math.floor((since + time) / step) * step - since;
}

function keyOf(grouping: Grouping | undefined): string {
  return grouping === undefined ? '' : printFacet(grouping.facet);
}

function aggregate({ aggregation, measure }: Compute, rows: readonly Row[]): number | null {
  if (aggregation === 'count') return rows.length;
  if (aggregation === 'cardinality') return new Set(rows.flatMap(({ log }) => textsOf(log, measure))).size;
  const numbers = rows
    .map(({ log }) => log.attributes[measure.name])
    .filter((value) => typeof value === 'number')
    .toSorted((one, other) => one - other);
  const [least] = numbers;
  if (least === undefined) return null;
  const sum = numbers.reduce((total, value) => total + value, 0);
  if (aggregation === 'sum') return sum;
  if (aggregation === 'avg') return sum / numbers.length;
  if (aggregation === 'min') return least;
  const place = (numbers.length - 1) * (PERCENTILES[aggregation] ?? 1);
  const below = numbers[Math.floor(place)] ?? 0;
  const above = numbers[Math.ceil(place)] ?? 0;
  return below + (above - below) * (place - Math.floor(place));
}

/** Returns the distinct values of a facet in a log. */
function valuesOf({ attributes: all, tags }: Log, { kind, name }: Facet): Scalar[] {
  if (kind === 'attribute') return [...new Set([all[name] ?? []].flat())];
  return tags.filter((one) => one.startsWith(`${name}:`)).map((one) => one.slice(name.length + 1));
}

function textsOf(log: Log, facet: Facet): string[] {
  return [...new Set(valuesOf(log, facet).map(String))];
}

function holds(filter: EventFilter, log: Log): boolean {
  if (filter.kind === 'all') return true;
  if (filter.kind === 'not') return !holds(filter.of, log);
  if (filter.kind === 'facet') return textsOf(log, filter.facet).some((value) => isAs(filter.pattern, value));
  if (filter.kind === 'anywhere') {
    const values = Object.values(log.attributes).flat().map(String);
    return [log.message, ...log.tags, ...values].some((message) =>
      holds({ kind: 'text', words: filter.words }, { ...log, message }),
    );
  }
  if (filter.kind === 'text') {
    const words = log.message.toLowerCase().split(/\s+/);
    return words.some((_, place) =>
      filter.words.every((pattern, at) => isAs(pattern.toLowerCase(), words[place + at] ?? '')),
    );
  }
  if (filter.kind !== 'range') {
    return filter.kind === 'and'
      ? filter.of.every((one) => holds(one, log))
      : filter.of.some((one) => holds(one, log));
  }
  const { facet, from, to } = filter;
  return valuesOf(log, facet).some((value) => {
    const number = facet.kind === 'tag' && /^[-\d.]+$/.test(String(value)) ? Number(value) : value;
    if (typeof number !== 'number') return false;
    const isAbove = from === undefined || number > from.value || (from.inclusive && number === from.value);
    return isAbove && (to === undefined || number < to.value || (to.inclusive && number === to.value));
  });
}

function isAs(pattern: string, text: string): boolean {
  const form = pattern
    .replaceAll('.', String.raw`\.`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${form}$`).test(text);
}

const sent = ({ aggregation, measure }: Compute) => ({ aggregation, metric: printFacet(measure) });

describeOnBothDatabases('A query for events, on random data', (open) => {
  describe.each([1, 2, 3])('(data %i)', (seed) => {
    const [logs = []] = fc.sample(manyLogs, { numRuns: 1, seed });
    const app = setUpApp({}, open);
    beforeAll(async () => {
      const items = logs.map(({ time, message, tags, attributes: all }) => [
        time,
        { ...all, message, ddtags: tags.join() },
      ]);
      await sendLogs(app, 'production', Object.fromEntries(items) as Record<number, Record<string, unknown>>);
    });

    it('gives the same result as a naive evaluation', async () => {
      await fc.assert(
        fc.asyncProperty(questions, async (asked) => {
          const { filter, compute, groupings, from, to, interval } = asked;
          const query = {
            data_source: 'logs',
            name: 'a',
            search: { query: printEventsSearch(filter) },
            compute: sent(compute),
            group_by: groupings.map(({ facet, limit, order, by }) => ({
              facet: printFacet(facet),
              limit,
              sort:
                by === null ? { aggregation: 'count', type: 'alphabetical', order } : { ...sent(by), order },
            })),
          };
          const told = await askForSeries(app, 'production', [query], {
            from: HOUR_START + 1000 * from,
            to: HOUR_START + 1000 * to,
            interval: 1000 * interval,
          });
          expect(rounded(told), JSON.stringify(query)).toEqual(rounded(naive(logs, asked)));
        }),
        { numRuns: 100 },
      );
    });
  });
});
