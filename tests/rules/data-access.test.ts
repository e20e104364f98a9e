import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DatasetProduct } from '../../src/contract/datasets/constants.ts';
import type { Principal } from '../../src/contract/restriction-policies/constants.ts';
import { type DataAccess, visibleEvents, visibleMetrics } from '../../src/rules/data-access.ts';
import type { EventFilter } from '../../src/query/events-search.ts';
import type { TagFilter } from '../../src/query/tag-filter.ts';

const ALL = { kind: 'all' };
const NONE = { kind: 'not', of: ALL };
const BROKEN = '(';

type Datasets = DataAccess['datasets'];

/** @param logRoles the restriction queries of each role that permits reading logs */
function access(datasets: Datasets, ...logRoles: readonly string[][]): DataAccess {
  return {
    logRoles: logRoles.length > 0 ? logRoles : [[]],
    datasets,
    principals: new Set<Principal>(['role:mine', 'team:mine']),
  };
}

function dataset(principals: Principal[], product: DatasetProduct, ...filters: string[]): Datasets[number] {
  return { principals, productFilters: [{ product, filters }] };
}

const tag = (name: string, pattern: string): EventFilter => ({
  kind: 'facet',
  facet: { kind: 'tag', name },
  pattern,
});
const tagged = (pattern: string): TagFilter => ({ kind: 'tag', pattern });
const not = (of: unknown) => ({ kind: 'not', of });
const or = (...of: unknown[]) => ({ kind: 'or', of });
const and = (...of: unknown[]) => ({ kind: 'and', of });

/** Events that lost a part which could have been restricted. */
const incomplete = tag('incomplete', 'true');
/** All but some and incomplete events. */
const without = (...of: unknown[]) => not(or(...of, incomplete));
/** Of some events, the complete ones. */
const complete = (of: unknown) => and(of, not(incomplete));

describe('logs that a user may see', () => {
  it.each<[string, DataAccess, unknown]>([
    ['all, if nothing narrows them', access([]), ALL],
    ['those of their only restriction query', access([], ['team:a']), complete(tag('team', 'a'))],
    [
      'those of any of their restriction queries',
      access([], ['team:a', 'team:b']),
      complete(or(tag('team', 'a'), tag('team', 'b'))),
    ],
    ['all complete ones, if one of these means all', access([], ['team:a', '*']), not(incomplete)],
    ['all, if all datasets are theirs', access([dataset(['role:mine'], 'logs', 'team:a')]), ALL],
    [
      'all but those of a dataset that is not theirs',
      access([dataset(['role:other'], 'logs', 'team:a')]),
      without(tag('team', 'a')),
    ],
    [
      'all but those of a dataset whose principals have vanished',
      access([dataset([], 'logs', 'team:a', 'team:b')]),
      without(tag('team', 'a'), tag('team', 'b')),
    ],
    [
      'nothing that is in a dataset of others, though it is in one of theirs too',
      access([
        dataset(['team:mine', 'role:other'], 'logs', 'team:a'),
        dataset(['role:other'], 'logs', 'env:prod'),
      ]),
      without(tag('env', 'prod')),
    ],
    [
      'what both restriction queries and datasets leave',
      access([dataset(['role:other'], 'logs', 'team:a')], ['env:prod']),
      and(tag('env', 'prod'), not(incomplete), without(tag('team', 'a'))),
    ],
    ['all, whatever datasets say of other products', access([dataset([], 'metrics', 'team:a')]), ALL],
    [
      'those of any of their roles',
      access([], ['team:a'], ['team:b']),
      complete(or(tag('team', 'a'), tag('team', 'b'))),
    ],
    ['all, if one of their roles has no restriction query', access([], ['team:a'], []), ALL],
    ['none, if no role permits it', { ...access([]), logRoles: [] }, NONE],
    [
      'none of those that a broken restriction query meant',
      access([], ['team:a', BROKEN]),
      complete(tag('team', 'a')),
    ],
    ['none, if all restriction queries of their roles are broken', access([], [BROKEN], [BROKEN]), NONE],
    [
      'none, if a dataset that is not theirs cannot be read',
      access([dataset([], 'logs', 'team:a', BROKEN)]),
      NONE,
    ],
    ['none, if a dataset of theirs cannot be read', access([dataset(['role:mine'], 'logs', BROKEN)]), NONE],
    [
      'none, if a dataset cannot be read, whatever restriction queries say',
      access([dataset([], 'logs', BROKEN)], ['team:a']),
      NONE,
    ],
    ['none, if all of them belong to others', access([dataset([], 'logs', '*')]), NONE],
  ])('%s', (_, facts, filter) => {
    expect(visibleEvents('logs', facts)).toEqual(filter);
  });
});

describe('pipelines and tests that a user may see', () => {
  it('is not what restriction queries say, which are about logs, even if they cannot be read', () => {
    expect(visibleEvents('ci_pipelines', { ...access([]), logRoles: [] })).toEqual(ALL);
    expect(visibleEvents('ci_tests', access([], ['team:a']))).toEqual(ALL);
  });

  it('is what datasets of the product say, and those of repositories', () => {
    const facts = access([
      dataset([], 'ci_pipelines', 'team:a'),
      dataset([], 'sd_repoinfo', 'repo:b'),
      dataset([], 'ci_tests', 'team:c'),
    ]);
    expect(visibleEvents('ci_pipelines', facts)).toEqual(without(tag('team', 'a'), tag('repo', 'b')));
    expect(visibleEvents('ci_tests', facts)).toEqual(without(tag('repo', 'b'), tag('team', 'c')));
    expect(visibleEvents('logs', facts)).toEqual(ALL);
  });
});

describe('metrics that a user may see', () => {
  it.each<[string, DataAccess, unknown]>([
    ['all, whatever restriction queries say of logs', access([], ['team:a']), ALL],
    [
      'all but those of datasets that are not theirs',
      access([dataset([], 'metrics', 'team:a', '@team:b')]),
      not(or(tagged('team:a'), tagged('team:b'), tagged('incomplete:true'))),
    ],
    ['all, if the datasets are theirs', access([dataset(['team:mine'], 'metrics', 'team:a')]), ALL],
    ['none, if a dataset cannot be read', access([dataset([], 'metrics', BROKEN)]), NONE],
  ])('%s', (_, facts, filter) => {
    expect(visibleMetrics(facts)).toEqual(filter);
  });
});

describe('what is visible', () => {
  it('is what a plain reading of the rules says, of any event', () => {
    fc.assert(
      fc.property(accesses, things, (facts, thing) => {
        const holds = (text: string) => text === '*' || thing.includes(text);
        const isVisible = (products: readonly DatasetProduct[]) => {
          const holding = facts.datasets.filter(({ productFilters }) =>
            productFilters.some(({ product, filters }) => products.includes(product) && filters.some(holds)),
          );
          return holding.every(({ principals }) => principals.some((named) => facts.principals.has(named)));
        };
        const isPermitted = facts.logRoles.some((queries) => queries.length === 0 || queries.some(holds));

        expect(matchesEvent(visibleEvents('logs', facts), thing)).toBe(isPermitted && isVisible(['logs']));
        expect(matchesEvent(visibleEvents('ci_tests', facts), thing)).toBe(
          isVisible(['ci_tests', 'sd_repoinfo']),
        );
        expect(matchesEvent(visibleEvents('ci_pipelines', facts), thing)).toBe(
          isVisible(['ci_pipelines', 'sd_repoinfo']),
        );
        expect(matchesSeries(visibleMetrics(facts), thing)).toBe(isVisible(['metrics']));
      }),
      { numRuns: 500 },
    );
  });

  it('is never more without one of the roles', () => {
    fc.assert(
      fc.property(accesses, things, fc.nat(), (facts, thing, lost) => {
        const logRoles = facts.logRoles.filter((_, index) => index !== lost % facts.logRoles.length);
        const before = matchesEvent(visibleEvents('logs', facts), thing);
        const after = matchesEvent(visibleEvents('logs', { ...facts, logRoles }), thing);
        expect(after && !before).toBe(false);
      }),
    );
  });

  it('is nothing at all, wherever one text of a dataset cannot be read', () => {
    fc.assert(
      fc.property(accesses, things, fc.boolean(), (facts, thing, isTheirs) => {
        const broken = dataset(isTheirs ? ['role:mine'] : [], 'metrics', BROKEN);
        const datasets = [...facts.datasets, broken];
        expect(matchesSeries(visibleMetrics({ ...facts, datasets }), thing)).toBe(false);
        const logs = dataset(isTheirs ? ['role:mine'] : [], 'logs', BROKEN);
        const narrowed = { ...facts, datasets: [...facts.datasets, logs] };
        expect(matchesEvent(visibleEvents('logs', narrowed), thing)).toBe(false);
      }),
    );
  });
});

/** Tags as events, series and filters have them, so that many filters match. */
const tags = fc.constantFrom<string[]>('team:a', 'team:b', 'env:prod', 'env:dev');
/** An event or a series, as its tags. */
const things = fc.uniqueArray(tags);
const texts = fc.oneof({ weight: 9, arbitrary: tags }, { weight: 1, arbitrary: fc.constant('*') });
const principals = fc.constantFrom<Principal[]>('role:1', 'role:2', 'team:1', 'team:2');
const products = fc.constantFrom<DatasetProduct[]>(
  'logs',
  'metrics',
  'ci_tests',
  'ci_pipelines',
  'sd_repoinfo',
  'apm',
);
const accesses: fc.Arbitrary<DataAccess> = fc.record({
  logRoles: fc.array(fc.array(texts, { maxLength: 2 }), { maxLength: 3 }),
  datasets: fc.array(
    fc.record({
      principals: fc.uniqueArray(principals, { maxLength: 2 }),
      productFilters: fc.uniqueArray(
        fc.record({ product: products, filters: fc.array(texts, { minLength: 1, maxLength: 2 }) }),
        { selector: ({ product }) => product, maxLength: 3 },
      ),
    }),
    { maxLength: 4 },
  ),
  principals: fc.uniqueArray(principals, { maxLength: 3 }).map((all) => new Set(all)),
});

function matchesEvent(filter: EventFilter, event: readonly string[]): boolean {
  if (filter.kind === 'all') return true;
  if (filter.kind === 'facet') return event.includes(`${filter.facet.name}:${filter.pattern}`);
  if (filter.kind === 'not') return !matchesEvent(filter.of, event);
  if (filter.kind === 'and') return filter.of.every((part) => matchesEvent(part, event));
  if (filter.kind === 'or') return filter.of.some((part) => matchesEvent(part, event));
  throw new Error(`nothing here is of the kind ${filter.kind}`);
}

function matchesSeries(filter: TagFilter, series: readonly string[]): boolean {
  if (filter.kind === 'all') return true;
  if (filter.kind === 'tag') return series.includes(filter.pattern);
  if (filter.kind === 'not') return !matchesSeries(filter.of, series);
  const holds = (part: TagFilter) => matchesSeries(part, series);
  return filter.kind === 'and' ? filter.of.every(holds) : filter.of.some(holds);
}
