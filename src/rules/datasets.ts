import { EVENT_SOURCES } from '../contract/org-connections/constants.ts';
import {
  type DatasetProduct,
  MAX_DATASET_VALUES,
  type ProductFilters,
} from '../contract/datasets/constants.ts';
import type { Principal } from '../contract/restriction-policies/constants.ts';
import { detail, DomainError, type ErrorDetail, maximumReached } from './errors.ts';
import { tryParse } from '../query/errors.ts';
import { type EventFilter, parseEventsSearch } from '../query/events-search.ts';
import { printFacet } from '../query/facet.ts';
import { parseTagFilter, type TagFilter } from '../query/tag-filter.ts';
import { isUuid, unknownPrincipals } from './restriction-policies.ts';

/** Maximum number of datasets per organization, as in Datadog. More may be stored from earlier versions; they stay in force. */
const MAX_DATASETS = 100;

const SUPPORTED_PRINCIPALS = ['role', 'team'] as const;

/**
 * Parses the principals of a dataset. Ids become lower case; duplicates are removed.
 *
 * @throws DomainError `refused` for a principal that is neither a role nor a team, with the text of restriction policies
 */
export function parseDatasetPrincipals(wanted: readonly string[]): Principal[] {
  return [...new Set(wanted.map(parsePrincipal))];
}

function parsePrincipal(text: string): Principal {
  const type = SUPPORTED_PRINCIPALS.find((supported) => text.startsWith(`${supported}:`));
  if (type === undefined) {
    throw new DomainError('refused', 'dataset_principal_unsupported', {
      principal: text,
      supported: SUPPORTED_PRINCIPALS,
    });
  }
  const id = text.slice(type.length + 1).toLowerCase();
  if (!isUuid(id)) throw unknownPrincipals([text]);
  return `${type}:${id}`;
}

/**
 * Validates the filters of a dataset: each product occurs once, each filter can be parsed, no filter is repeated, and all
 * filters of a product use the same tag or attribute, with few values (the official client's `DatasetCreateRequest`). Throws `invalid` with
 * one message per fault.
 */
export function requireFilters(wanted: readonly ProductFilters[]): void {
  const faults = wanted.flatMap(({ product, filters }, index) => {
    const field = `data.attributes.product_filters[${index}]`;
    if (wanted.findIndex((other) => other.product === product) < index) {
      return [invalid(`${field}.product`, `"${product}" occurs twice`)];
    }
    return faultsOf(product, filters, field);
  });
  if (faults.length > 0) throw new DomainError('invalid', faults);
}

function faultsOf(product: DatasetProduct, filters: readonly string[], field: string): ErrorDetail[] {
  const read = filters.map((filter) => parseFilterKeys(product, filter));
  const faults = read.flatMap(({ fault }, index) => {
    const where = `${field}.filters[${index}]`;
    if (fault !== undefined) return [invalid(where, fault)];
    return filters.indexOf(filters[index] ?? '') < index ? [invalid(where, 'occurs twice')] : [];
  });
  if (faults.length > 0) return faults;
  const used = read.flatMap((filter) => filter.keys ?? []);
  const keys = new Set(used);
  if (keys.size > 1) {
    return [invalid(`${field}.filters`, `must use one tag or attribute, not ${[...keys].join(', ')}`)];
  }
  if (used.length <= MAX_DATASET_VALUES) return [];
  const problem = `must have at most ${MAX_DATASET_VALUES} values of the tag or attribute in all, not ${used.length}`;
  return [invalid(`${field}.filters`, problem)];
}

function invalid(field: string, problem: string): ErrorDetail {
  return detail('field_invalid', { field, problem });
}

const NO_KEY = 'must use a tag or an attribute, such as team:payments';

/** Products with event searches as filters. Filters of metrics are tag filters. */
const PRODUCTS_WITH_SEARCHES: ReadonlySet<DatasetProduct> = new Set([...EVENT_SOURCES, 'sd_repoinfo']);

/** Returns the key of each condition in a filter, or the fault in its text. */
function parseFilterKeys(product: DatasetProduct, text: string): { keys?: string[]; fault?: string } {
  if (PRODUCTS_WITH_SEARCHES.has(product)) {
    const read = tryParse(parseEventsSearch, text);
    return read.fault === undefined ? keysOr(eventKeys(read.parsed)) : read;
  }
  if (product === 'metrics') {
    const read = tryParse(parseTagFilter, text);
    return read.fault === undefined ? keysOr(tagKeys(read.parsed)) : read;
  }
  // Data of the other products cannot be queried here, so only the key of their filters is checked.
  const [, key] = /^-?(@?[^:\s]+):./s.exec(text) ?? [];
  return keysOr(key === undefined ? undefined : [key]);
}

function keysOr(keys: string[] | undefined): { keys?: string[]; fault?: string } {
  return keys === undefined ? { fault: NO_KEY } : { keys };
}

/** Returns the facet of each condition, or undefined if the filter also has conditions without a facet. */
function eventKeys(filter: EventFilter): string[] | undefined {
  if (filter.kind === 'all' || filter.kind === 'text' || filter.kind === 'anywhere') return undefined;
  if (filter.kind === 'facet' || filter.kind === 'range') {
    return [printFacet(filter.facet)];
  }
  return filter.kind === 'not' ? eventKeys(filter.of) : keysOfAll(filter.of.map(eventKeys));
}

/** Returns the tag key of each condition, or undefined if a condition has no exact key. */
function tagKeys(filter: TagFilter): string[] | undefined {
  if (filter.kind === 'all') return undefined;
  if (filter.kind === 'tag') {
    // The tag filter syntax takes a leading minus as part of the key, but dataset filters use it for negation.
    const [, key] = /^([^-:*?][^:*?]*):./s.exec(filter.pattern) ?? [];
    return key === undefined ? undefined : [key];
  }
  return filter.kind === 'not' ? tagKeys(filter.of) : keysOfAll(filter.of.map(tagKeys));
}

function keysOfAll(parts: readonly (string[] | undefined)[]): string[] | undefined {
  const known = parts.filter((part) => part !== undefined);
  return known.length === parts.length ? known.flat() : undefined;
}

/** Members of a dataset that must be unique in the organization. */
interface UniqueMembers {
  name: string;
  productFilters: readonly ProductFilters[];
}

/**
 * Throws `conflict` if another dataset has the same name, or the same filter for a product: only one dataset may use a
 * tag value (the official client's `DatasetCreateRequest`).
 */
export function requireDistinct(
  { name, productFilters }: UniqueMembers,
  others: readonly UniqueMembers[],
): void {
  if (others.some((other) => other.name === name)) throw datasetNameTaken(name);
  for (const { product, filters } of productFilters) {
    for (const other of others) {
      const theirs = other.productFilters.find((known) => known.product === product)?.filters ?? [];
      const shared = filters.find((filter) => theirs.includes(filter));
      if (shared === undefined) continue;
      throw new DomainError('conflict', 'dataset_filter_taken', {
        filter: shared,
        product,
        dataset: other.name,
      });
    }
  }
}

/** Throws `refused` if an organization already has the maximum number of datasets. */
export function requireRoomForDataset(orgId: string, count: number): void {
  if (count < MAX_DATASETS) return;
  throw maximumReached(`org ${orgId}`, MAX_DATASETS, 'datasets');
}

/** Returns the error for a dataset name that is already in use in the organization. */
export function datasetNameTaken(name: string): DomainError {
  return new DomainError('conflict', 'name_taken', { noun: 'dataset', name });
}
