import type { EventSource } from '../contract/connection-types.ts';
import type { DatasetProduct, ProductFilters } from '../contract/datasets.ts';
import type { Principal } from '../contract/restriction-policies.ts';
import { check } from './query/mistake.ts';
import { type EventFilter, parseEventsSearch } from './query/events-search.ts';
import { type Filter, together } from './query/filter.ts';
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
} as const satisfies Record<EventSource, readonly DatasetProduct[]>;

/** What nothing matches. */
const NONE = { kind: 'not', of: { kind: 'all' } } as const;

/**
 * Which events somebody may see: logs that one of their restriction queries matches, if they have any; and nothing that
 * belongs to a dataset which does not name them, whatever others name them. If a stored text cannot be read, none.
 */
export function visibleEvents(product: EventSource, access: DataAccess): EventFilter {
  const permitted = readAll<EventCondition>(
    parseEventsSearch,
    product === 'logs' ? access.restrictionQueries : [],
  );
  const outside = outsideOtherDatasets<EventCondition>(access, PRODUCTS[product], parseEventsSearch);
  if (permitted === undefined || outside === undefined) return NONE;
  return permitted.length === 0 ? outside : together('and', [together('or', permitted), outside]);
}

/** Which series of metrics somebody may see, as datasets say. If a stored text cannot be read, none. */
export function visibleMetrics(access: DataAccess): TagFilter {
  return outsideOtherDatasets<TagCondition>(access, ['metrics'], parseTagFilter) ?? NONE;
}

type EventCondition = Extract<EventFilter, { kind: 'text' | 'facet' | 'range' }>;
type TagCondition = Extract<TagFilter, { kind: 'tag' }>;

/** What belongs to no dataset but to those that name the user. Undefined: a filter cannot be read. */
function outsideOtherDatasets<Condition extends { kind: string }>(
  { datasets, principals }: DataAccess,
  products: readonly DatasetProduct[],
  parse: (text: string) => Filter<Condition>,
): Filter<Condition> | undefined {
  const filtersOf = (isTheirs: boolean) =>
    datasets
      .filter((dataset) => dataset.principals.some((named) => principals.has(named)) === isTheirs)
      .flatMap(({ productFilters }) => productFilters)
      .filter(({ product }) => products.includes(product))
      .flatMap(({ filters }) => filters);
  const others = readAll(parse, filtersOf(false));
  // Also if it is their own dataset that cannot be read: nobody knows any more what it was to say.
  if (others === undefined || readAll(parse, filtersOf(true)) === undefined) return undefined;
  return others.length === 0 ? { kind: 'all' } : { kind: 'not', of: together('or', others) };
}

/** What the texts mean; undefined: one of them cannot be read. */
function readAll<Condition>(
  parse: (text: string) => Filter<Condition>,
  texts: readonly string[],
): Filter<Condition>[] | undefined {
  const readings = texts.map((text) => check(parse, text));
  const filters = readings.flatMap((reading) => (reading.fault === undefined ? [reading.meaning] : []));
  return filters.length === texts.length ? filters : undefined;
}
