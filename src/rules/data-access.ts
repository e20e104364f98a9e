import type { ConnectionType, EventSource } from '../contract/org-connections/constants.ts';
import type { DatasetProduct, ProductFilters } from '../contract/datasets/constants.ts';
import type { Principal } from '../contract/restriction-policies/constants.ts';
import { tryParse } from '../query/errors.ts';
import { type EventFilter, parseEventsSearch } from '../query/events-search.ts';
import { type Filter, together } from '../query/filter.ts';
import { parseTagFilter, type TagFilter } from '../query/metrics-query.ts';

/** What narrows which of an organization's data one of its users may see. */
export interface DataAccess {
  /** Restriction queries of each of the user's roles that has `logs_read_index_data`. An empty list: the role shows all logs. */
  logRoles: readonly (readonly string[])[];
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
 * Returns a filter for the events that a user may see. Logs: those that one of their roles shows. Excludes the events of
 * every dataset that does not list the user as a principal. Hides every event if a dataset's filter cannot be parsed.
 */
export function visibleEvents(product: EventSource, access: DataAccess): EventFilter {
  const outside = outsideOtherDatasets<EventCondition>(access, PRODUCTS[product], parseEventsSearch);
  if (outside === undefined) return NONE;
  return product === 'logs' ? together('and', [shownByRoles(access), outside]) : outside;
}

/**
 * Returns a filter for the logs that any of a user's roles shows: roles only add to each other, so that losing one never
 * shows more. A restriction query that cannot be parsed shows nothing.
 */
function shownByRoles({ logRoles }: DataAccess): EventFilter {
  if (logRoles.some((restrictionQueries) => restrictionQueries.length === 0)) return { kind: 'all' };
  const shown = parseReadable<EventCondition>(parseEventsSearch, [...new Set(logRoles.flat())]);
  return shown.length === 0 ? NONE : together('or', shown);
}

/** Returns whether anything narrows which data of a type a user may see. */
export function isNarrowed(type: ConnectionType, access: DataAccess): boolean {
  if (type === 'audit') return false;
  const visible = type === 'metrics' ? visibleMetrics(access) : visibleEvents(type, access);
  return visible.kind !== 'all';
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

/** Parses the texts; returns undefined if one of them cannot be parsed. */
function readAll<Condition>(
  parse: (text: string) => Filter<Condition>,
  texts: readonly string[],
): Filter<Condition>[] | undefined {
  const filters = parseReadable(parse, texts);
  return filters.length === texts.length ? filters : undefined;
}

/** Parses those of the texts that can be parsed. */
function parseReadable<Condition>(
  parse: (text: string) => Filter<Condition>,
  texts: readonly string[],
): Filter<Condition>[] {
  return texts
    .map((text) => tryParse(parse, text))
    .flatMap((reading) => (reading.fault === undefined ? [reading.parsed] : []));
}
