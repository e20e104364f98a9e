import { collator } from '../../i18n/format.ts';
import type { Connection } from './connection.ts';
import { dataTypeLabels } from '../../i18n/labels.ts';

/** Filters and order of the list. They are part of the URL, so that they can be linked to. */
export interface ListView {
  filter: string;
  side: Side;
  sort: { column: SortColumn; descending: boolean };
}

export const SIDES = ['all', 'shared-by', 'shared-with'] as const;

type Side = (typeof SIDES)[number];

/** Columns that the list can be sorted by, with their comparison. */
const SORT_COLUMNS = {
  source: byText((connection) => connection.source.name),
  destination: byText((connection) => connection.destination.name),
  'created-by': byText((connection) => connection.createdBy),
  created: (a: Connection, b: Connection) => Date.parse(a.createdAt) - Date.parse(b.createdAt),
} as const;

export type SortColumn = keyof typeof SORT_COLUMNS;

const NEWEST_FIRST: ListView['sort'] = { column: 'created', descending: true };

/** Reads the view from the URL. Missing or unknown parameters get their defaults. */
export function readListView(params: URLSearchParams): ListView {
  const sort = params.get('sort') ?? '';
  const column = sort.replace(/^-/, '');
  return {
    filter: params.get('filter') ?? '',
    side: SIDES.find((side) => side === params.get('show')) ?? 'all',
    sort: isSortColumn(column) ? { column, descending: sort.startsWith('-') } : NEWEST_FIRST,
  };
}

/** Writes the view to the URL, without its defaults. Other parameters are kept. */
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

/** Returns the order after a click on a column: reversed for the same column, else from A, or newest first. */
export function nextSort(sort: ListView['sort'], column: SortColumn): ListView['sort'] {
  return { column, descending: column === sort.column ? !sort.descending : column === 'created' };
}

export function applyListView(connections: readonly Connection[], view: ListView): Connection[] {
  const words = view.filter.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const compare = SORT_COLUMNS[view.sort.column];
  const direction = view.sort.descending ? -1 : 1;
  return connections
    .filter((connection) => isOnSide(connection, view.side) && matches(connection, words))
    .toSorted((a, b) => direction * compare(a, b));
}

function isOnSide(connection: Connection, side: Side): boolean {
  return side === 'all' || (side === 'shared-by') === (connection.side === 'source');
}

/** Returns whether every word occurs in the texts of the row. */
function matches({ source, destination, types, createdBy }: Connection, words: readonly string[]): boolean {
  const labels = types.map((type) => dataTypeLabels[type]);
  const text = [source.name, destination.name, createdBy, ...labels].join('\n').toLocaleLowerCase();
  return words.every((word) => text.includes(word));
}

function byText(text: (connection: Connection) => string) {
  return (a: Connection, b: Connection) => collator.compare(text(a), text(b));
}

function isSortColumn(value: string): value is SortColumn {
  return Object.hasOwn(SORT_COLUMNS, value);
}
