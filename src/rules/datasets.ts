import { EVENT_SOURCES } from '../contract/org-connections/constants.ts';
import type { DatasetProduct, ProductFilters } from '../contract/datasets/constants.ts';
import type { Principal } from '../contract/restriction-policies/constants.ts';
import { DomainError } from './errors.ts';
import { tryParse } from '../query/errors.ts';
import { type EventFilter, parseEventsSearch, printFacet } from '../query/events-search.ts';
import { parseTagFilter, type TagFilter } from '../query/metrics-query.ts';
import { unknownPrincipals } from './restriction-policies.ts';

/** As many datasets an organization may have. */
const MAX_DATASETS = 1000;

const SUPPORTED_PRINCIPALS = ['role', 'team'] as const;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Reads the principals that a client wants to see a dataset: ids in lower case, each once.
 *
 * @throws DomainError `refused` for what is neither a role nor a team, in the words of restriction policies
 */
export function parseDatasetPrincipals(wanted: readonly string[]): Principal[] {
  return [...new Set(wanted.map(parsePrincipal))];
}

function parsePrincipal(text: string): Principal {
  const type = SUPPORTED_PRINCIPALS.find((supported) => text.startsWith(`${supported}:`));
  if (type === undefined) {
    throw new DomainError(
      'refused',
      `Invalid request: principal "${text}" is not supported by datasets, supported types: "${SUPPORTED_PRINCIPALS.join(', ')}"`,
    );
  }
  const id = text.slice(type.length + 1).toLowerCase();
  if (!UUID.test(id)) throw unknownPrincipals([text]);
  return `${type}:${id}`;
}

/**
 * Throws `invalid`, one entry per fault, unless each product is named once, each of its filters can be read, no filter
 * is there twice, and all of them are by one tag or attribute (the official client's `DatasetCreateRequest`).
 */
export function requireFilters(wanted: readonly ProductFilters[]): void {
  const faults = wanted.flatMap(({ product, filters }, index) => {
    const field = `data.attributes.product_filters[${index}]`;
    if (wanted.findIndex((other) => other.product === product) < index) {
      return [`${field}.product: "${product}" is named twice`];
    }
    return faultsOf(product, filters, field);
  });
  if (faults.length > 0) throw new DomainError('invalid', ...faults);
}

function faultsOf(product: DatasetProduct, filters: readonly string[], field: string): string[] {
  const read = filters.map((filter) => readFilter(product, filter));
  const faults = read.flatMap(({ fault }, index) => {
    const where = `${field}.filters[${index}]`;
    if (fault !== undefined) return [`${where}: ${fault}`];
    return filters.indexOf(filters[index] ?? '') < index ? [`${where}: is there twice`] : [];
  });
  if (faults.length > 0) return faults;
  const keys = new Set(read.flatMap((filter) => filter.keys ?? []));
  if (keys.size <= 1) return [];
  return [`${field}.filters: must be by one tag or attribute, not by ${[...keys].join(', ')}`];
}

const NO_KEY = 'must be by a tag or an attribute, as in team:payments';

/** The products whose filters are searches for events; those of metrics are tag filters. */
const SEARCHED: ReadonlySet<DatasetProduct> = new Set([...EVENT_SOURCES, 'sd_repoinfo']);

/** By which tags and attributes a filter chooses, or why it cannot. */
function readFilter(product: DatasetProduct, text: string): { keys?: string[]; fault?: string } {
  if (SEARCHED.has(product)) {
    const read = tryParse(parseEventsSearch, text);
    return read.fault === undefined ? keysOr(eventKeys(read.parsed)) : read;
  }
  if (product === 'metrics') {
    const read = tryParse(parseTagFilter, text);
    return read.fault === undefined ? keysOr(tagKeys(read.parsed)) : read;
  }
  // Nothing here asks for data of the other products, so what stands behind the key is kept as it was given.
  const [, key] = /^-?(@?[^:\s]+):./s.exec(text) ?? [];
  return keysOr(key === undefined ? undefined : [key]);
}

function keysOr(keys: string[] | undefined): { keys?: string[]; fault?: string } {
  return keys === undefined ? { fault: NO_KEY } : { keys };
}

/** The facets that a filter looks at; undefined: it looks at something else as well. */
function eventKeys(filter: EventFilter): string[] | undefined {
  if (filter.kind === 'all' || filter.kind === 'text') return undefined;
  if (filter.kind === 'facet' || filter.kind === 'range') {
    return [printFacet(filter.facet)];
  }
  return filter.kind === 'not' ? eventKeys(filter.of) : keysOfAll(filter.of.map(eventKeys));
}

/** The keys of the tags that a filter looks at; undefined: it does not say of each which. */
function tagKeys(filter: TagFilter): string[] | undefined {
  if (filter.kind === 'all') return undefined;
  if (filter.kind === 'tag') {
    // A leading minus is part of the key in this language, where whoever writes it means a negation.
    const [, key] = /^([^-:*?][^:*?]*):./s.exec(filter.pattern) ?? [];
    return key === undefined ? undefined : [key];
  }
  return filter.kind === 'not' ? tagKeys(filter.of) : keysOfAll(filter.of.map(tagKeys));
}

function keysOfAll(parts: readonly (string[] | undefined)[]): string[] | undefined {
  const known = parts.filter((part) => part !== undefined);
  return known.length === parts.length ? [...new Set(known.flat())] : undefined;
}

/** What tells datasets of an organization apart. */
interface Distinct {
  name: string;
  productFilters: readonly ProductFilters[];
}

/**
 * Throws `conflict` if another dataset has the name, or one of the filters for the same product: a tag's value may be
 * used in one dataset alone (the official client's `DatasetCreateRequest`).
 */
export function requireDistinct({ name, productFilters }: Distinct, others: readonly Distinct[]): void {
  if (others.some((other) => other.name === name)) throw datasetNameTaken(name);
  for (const { product, filters } of productFilters) {
    for (const other of others) {
      const theirs = other.productFilters.find((known) => known.product === product)?.filters ?? [];
      const shared = filters.find((filter) => theirs.includes(filter));
      if (shared === undefined) continue;
      throw new DomainError(
        'conflict',
        `the filter ${shared} for ${product} is used by the dataset ${other.name} already`,
      );
    }
  }
}

/** Throws `refused` unless there is room for one more dataset in an organization. */
export function requireRoomForDataset(orgId: string, count: number): void {
  if (count < MAX_DATASETS) return;
  throw new DomainError('refused', `org ${orgId} already has the maximum of ${MAX_DATASETS} datasets`);
}

/** Datasets of an organization are told apart by their names. */
export function datasetNameTaken(name: string): DomainError {
  return new DomainError('conflict', `a dataset with the name ${name} already exists`);
}
