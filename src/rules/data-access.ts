import type { DatasetProduct, ProductFilters } from '../contract/datasets.ts';
import type { Principal } from '../contract/restriction-policies.ts';
import { check } from './query/check.ts';
import { type EventFilter, parseEventsSearch } from './query/events-search.ts';
import { parseTagFilter, type TagFilter } from './query/metrics-query.ts';

/** What narrows which of an organization's data one of its users may see. */
export interface DataAccess {
  /** Those of the user's roles. */
  restrictionQueries: readonly string[];
  /** All of the organization. */
  datasets: readonly {
    principals: readonly Principal[];
    productFilters: readonly ProductFilters[];
  }[];
  /** As what a dataset may name the user. */
  principals: ReadonlySet<Principal>;
}

/** By filters of which products of datasets events are kept from people. */
const PRODUCTS = {
  logs: ['logs'],
  ci_pipelines: ['ci_pipelines', 'sd_repoinfo'],
  ci_tests: ['ci_tests', 'sd_repoinfo'],
} as const;

/**
 * Which events somebody may see: logs that one of their restriction queries matches, if they have any; and of what
 * belongs to datasets only what belongs to one that names them. If a stored text cannot be read, none.
 */
export function visibleEvents(product: keyof typeof PRODUCTS, access: DataAccess): EventFilter {
  const searches = readAll<EventLeaf>(parseEventsSearch, product === 'logs' ? access.restrictionQueries : []);
  if (searches === undefined) return NONE;
  const outside = outsideOtherDatasets<EventLeaf>(access, PRODUCTS[product], parseEventsSearch);
  return searches.length === 0 ? outside : bothOf(anyOf(searches), outside);
}

/** Which series of metrics somebody may see, as datasets say. If a stored text cannot be read, none. */
export function visibleMetrics(access: DataAccess): TagFilter {
  return outsideOtherDatasets<TagLeaf>(access, ['metrics'], parseTagFilter);
}

type EventLeaf = Extract<EventFilter, { kind: 'text' | 'facet' | 'range' }>;
type TagLeaf = Extract<TagFilter, { kind: 'tag' }>;

/** What filters of events and of series have in common. */
type Filter<Leaf> =
  | { kind: 'all' }
  | Leaf
  | { kind: 'not'; of: Filter<Leaf> }
  | { kind: 'and' | 'or'; of: readonly Filter<Leaf>[] };

const ALL = { kind: 'all' } as const;
const NONE = { kind: 'not', of: ALL } as const;

/** What belongs to no dataset, and what belongs to one that names the user. */
function outsideOtherDatasets<Leaf extends { kind: string }>(
  { datasets, principals }: DataAccess,
  products: readonly DatasetProduct[],
  parse: (text: string) => Filter<Leaf>,
): Filter<Leaf> {
  const filtersOf = (isTheirs: boolean) =>
    datasets
      .filter((dataset) => dataset.principals.some((named) => principals.has(named)) === isTheirs)
      .flatMap(({ productFilters }) => productFilters)
      .filter(({ product }) => products.includes(product))
      .flatMap(({ filters }) => filters);
  const theirs = readAll(parse, filtersOf(true));
  const others = readAll(parse, filtersOf(false));
  // Also if it is their own dataset that cannot be read: nobody knows any more what it was to say.
  if (theirs === undefined || others === undefined) return NONE;
  return others.length === 0 ? ALL : anyOf([...theirs, not(anyOf(others))]);
}

/** What the texts mean; undefined: one of them cannot be read. */
function readAll<Leaf>(
  parse: (text: string) => Filter<Leaf>,
  texts: readonly string[],
): Filter<Leaf>[] | undefined {
  const readings = texts.map((text) => check(parse, text));
  const filters = readings.flatMap((reading) => (reading.fault === undefined ? [reading.meaning] : []));
  return filters.length === texts.length ? filters : undefined;
}

/** @param filters at least one */
function anyOf<Leaf extends { kind: string }>(filters: readonly Filter<Leaf>[]): Filter<Leaf> {
  if (filters.some(({ kind }) => kind === 'all')) return ALL;
  const [only = NONE, ...more] = filters.filter((filter) => filter !== NONE);
  return more.length === 0 ? only : { kind: 'or', of: [only, ...more] };
}

function bothOf<Leaf extends { kind: string }>(a: Filter<Leaf>, b: Filter<Leaf>): Filter<Leaf> {
  if (a === NONE || b === NONE) return NONE;
  if (a.kind === 'all') return b;
  return b.kind === 'all' ? a : { kind: 'and', of: [a, b] };
}

function not<Leaf extends { kind: string }>(filter: Filter<Leaf>): Filter<Leaf> {
  return filter.kind === 'all' ? NONE : { kind: 'not', of: filter };
}
