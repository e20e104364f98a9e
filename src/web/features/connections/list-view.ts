import { CONNECTION_TYPES } from '../../../contract/org-connections/constants.ts';
import { collator } from '../../ui/format.ts';
import type { Connection } from './connection.ts';

/** Which connections the list shows, and in which order. It lives in the address, so that it can be linked to. */
export interface ListView {
  filter: string;
  side: Side;
  sort: { column: SortColumn; descending: boolean };
}

export const SIDES = [
  { value: 'all', label: 'All' },
  { value: 'shared-by', label: 'Shared by this organization' },
  { value: 'shared-with', label: 'Shared with this organization' },
] as const;

type Side = (typeof SIDES)[number]['value'];

/** The columns by which the list can be sorted. */
export const SORT_COLUMNS = {
  source: {
    label: 'Source',
    detail: 'organization',
    compare: byText((connection) => connection.source.name),
  },
  destination: {
    label: 'Destination',
    detail: 'organization',
    compare: byText((connection) => connection.destination.name),
  },
  'created-by': {
    label: 'Created by',
    detail: undefined,
    compare: byText((connection) => connection.createdBy),
  },
  created: {
    label: 'Created',
    detail: undefined,
    compare: (a: Connection, b: Connection) => Date.parse(a.createdAt) - Date.parse(b.createdAt),
  },
} as const;

export type SortColumn = keyof typeof SORT_COLUMNS;

const NEWEST_FIRST: ListView['sort'] = { column: 'created', descending: true };

/** Reads the view out of the address; what is missing or unknown there is as at first. */
export function readListView(params: URLSearchParams): ListView {
  const sort = params.get('sort') ?? '';
  const column = sort.replace(/^-/, '');
  return {
    filter: params.get('filter') ?? '',
    side: SIDES.find((side) => side.value === params.get('show'))?.value ?? 'all',
    sort: isSortColumn(column) ? { column, descending: sort.startsWith('-') } : NEWEST_FIRST,
  };
}

/** Writes the view into an address, leaving out what is as at first and keeping what is not its own. */
export function writeListView(params: URLSearchParams, view: ListView): URLSearchParams {
  const { column, descending } = view.sort;
  const isNewestFirst = column === NEWEST_FIRST.column && descending === NEWEST_FIRST.descending;
  const written = new URLSearchParams(params);
  for (const [name, value] of Object.entries({
    filter: view.filter,
    show: view.side === 'all' ? '' : view.side,
    sort: isNewestFirst ? '' : `${descending ? '-' : ''}${column}`,
  })) {
    if (value) written.set(name, value);
    else written.delete(name);
  }
  return written;
}

/** The same column again turns the order round; another one begins with A, or with the newest. */
export function nextSort(sort: ListView['sort'], column: SortColumn): ListView['sort'] {
  return { column, descending: column === sort.column ? !sort.descending : column === 'created' };
}

export function applyListView(connections: readonly Connection[], view: ListView): Connection[] {
  const words = view.filter.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const { compare } = SORT_COLUMNS[view.sort.column];
  const direction = view.sort.descending ? -1 : 1;
  return connections
    .filter((connection) => isOnSide(connection, view.side) && matches(connection, words))
    .toSorted((a, b) => direction * compare(a, b));
}

function isOnSide(connection: Connection, side: Side): boolean {
  return side === 'all' || (side === 'shared-by') === (connection.side === 'source');
}

/** Every word occurs somewhere in what the row shows. */
function matches({ source, destination, types, createdBy }: Connection, words: readonly string[]): boolean {
  const labels = types.map((type) => CONNECTION_TYPES[type].label);
  const text = [source.name, destination.name, createdBy, ...labels].join('\n').toLocaleLowerCase();
  return words.every((word) => text.includes(word));
}

function byText(text: (connection: Connection) => string) {
  return (a: Connection, b: Connection) => collator.compare(text(a), text(b));
}

function isSortColumn(value: string): value is SortColumn {
  return Object.hasOwn(SORT_COLUMNS, value);
}
