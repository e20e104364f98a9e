import type { ConnectionType, EventSource } from '../contract/org-connections/constants.ts';
import type { DatasetProduct, ProductFilters } from '../contract/datasets/constants.ts';
import type { Principal } from '../contract/restriction-policies/constants.ts';
import { tryParse } from '../query/errors.ts';
import { type EventFilter, parseEventsSearch } from '../query/events-search.ts';
import { type Filter, combineFilters } from '../query/filter.ts';
import { parseTagFilter, type TagFilter } from '../query/tag-filter.ts';
import { INCOMPLETE } from './telemetry/losses.ts';

/** Restrictions on the data that a user may see in their organization. */
export interface DataAccess {
  /** Restriction queries of each of the user's roles that has `logs_read_index_data`. An empty list: the role shows all logs. */
  logRoles: readonly (readonly string[])[];
  /** All datasets of the organization. */
  datasets: readonly {
    principals: readonly Principal[];
    productFilters: readonly ProductFilters[];
  }[];
  /** Principals by which a dataset can name the user. */
  principals: ReadonlySet<Principal>;
}

/** Dataset products with filters that apply to an event source. */
const PRODUCTS = {
  logs: ['logs'],
  ci_pipelines: ['ci_pipelines', 'sd_repoinfo'],
  ci_tests: ['ci_tests', 'sd_repoinfo'],
} as const satisfies Record<EventSource, readonly DatasetProduct[]>;

/** Filter that matches nothing. */
const MATCH_NONE = { kind: 'not', of: { kind: 'all' } } as const;

/**
 * Returns a filter for the events that a user may see. Logs: those that one of their roles shows. Excludes the events of
 * every dataset that does not list the user as a principal, and incomplete ones, which may be such events. Hides every event if a
 * dataset's filter cannot be parsed.
 */
export function visibleEvents(product: EventSource, access: DataAccess): EventFilter {
  const outside = outsideOtherDatasets<EventCondition>(access, PRODUCTS[product], parseEventsSearch);
  if (outside === undefined) return MATCH_NONE;
  return product === 'logs' ? combineFilters('and', [shownByRoles(access), outside]) : outside;
}

/**
 * Returns a filter for the logs that any of a user's roles shows. Roles are combined with OR, so that losing a role never
 * shows more. A restriction query that cannot be parsed shows nothing.
 */
function shownByRoles({ logRoles }: DataAccess): EventFilter {
  if (logRoles.some((restrictionQueries) => restrictionQueries.length === 0)) return { kind: 'all' };
  const shown = parseReadable<EventCondition>(parseEventsSearch, [...new Set(logRoles.flat())]);
  if (shown.length === 0) return MATCH_NONE;
  return combineFilters('and', [
    combineFilters('or', shown),
    { kind: 'not', of: parseEventsSearch(INCOMPLETE) },
  ]);
}

/** Returns whether a user's access to a data type is restricted. */
export function isRestricted(type: ConnectionType, access: DataAccess): boolean {
  if (type === 'audit') return false;
  const visible = type === 'metrics' ? visibleMetrics(access) : visibleEvents(type, access);
  return visible.kind !== 'all';
}

/** Returns a filter for the metric series that a user may see. Hides every series if a dataset's filter cannot be parsed. */
export function visibleMetrics(access: DataAccess): TagFilter {
  return outsideOtherDatasets<TagCondition>(access, ['metrics'], parseTagFilter) ?? MATCH_NONE;
}

type EventCondition = Extract<EventFilter, { kind: 'text' | 'anywhere' | 'facet' | 'range' }>;
type TagCondition = Extract<TagFilter, { kind: 'tag' }>;

/** Returns a filter for the data outside the datasets that do not name the user, or undefined if a filter cannot be parsed. */
function outsideOtherDatasets<Condition extends { kind: string }>(
  { datasets, principals }: DataAccess,
  products: readonly DatasetProduct[],
  parse: (text: string) => Filter<Condition>,
): Filter<Condition> | undefined {
  const filtersOf = (namesUser: boolean) =>
    datasets
      .filter((dataset) => dataset.principals.some((named) => principals.has(named)) === namesUser)
      .flatMap(({ productFilters }) => productFilters)
      .filter(({ product }) => products.includes(product))
      .flatMap(({ filters }) => filters);
  const ofOthers = filtersOf(false);
  const others = parseAll(parse, ofOthers.length === 0 ? [] : [...ofOthers, INCOMPLETE]);
  // An unreadable filter of the user's own dataset hides everything too, because its intended scope is unknown.
  if (others === undefined || parseAll(parse, filtersOf(true)) === undefined) return undefined;
  return others.length === 0 ? { kind: 'all' } : { kind: 'not', of: combineFilters('or', others) };
}

/** Parses the texts; returns undefined if one of them cannot be parsed. */
function parseAll<Condition>(
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
