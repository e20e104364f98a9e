import { storableText, storageFault } from '../../contract/common/storable-text.ts';
import { RESERVED_ATTRIBUTES } from '../../query/facet.ts';
import type { ReportLoss } from './losses.ts';

const MAX_ATTRIBUTES = 256;
const MAX_LEVELS = 20;
/** Limits the storage of long member names, which each nested attribute repeats in its path. */
const MAX_PATH = 200;
/** Limits the number of groups per event in queries that group by several lists. */
const MAX_VALUES = 100;
const MAX_TEXT = 20_000;

type Scalar = string | number | boolean;

/** Attributes by path: `http.status_code`. */
export type Attributes = Record<string, Scalar | Scalar[]>;

/** Members that are read first, so that the maximum never drops them: access restrictions and tests need them. */
const FIRST = new Set([
  ...RESERVED_ATTRIBUTES,
  'hostname',
  'ddsource',
  'level',
  'severity',
  'timestamp',
  'date',
  'test',
  'test.name',
  'test.suite',
  'test.status',
]);

/**
 * Flattens attributes to one entry per path. Lists stay lists; a list of objects becomes one list per member. Omits null,
 * undefined and empty values. Truncates, drops and reports whatever exceeds the limits or cannot be stored.
 */
export function flatten(nested: Readonly<Record<string, unknown>>, lose: ReportLoss): Attributes {
  const flat = new Map<string, Scalar | Scalar[]>();
  let isFull = false;
  visitMembers(nested, '', 1, false, (member) => FIRST.has(member));
  visitMembers(nested, '', 1, false, (member) => !FIRST.has(member));
  return Object.fromEntries(flat);

  function visitMembers(
    node: object,
    path: string,
    level: number,
    isListed: boolean,
    isWanted: (member: string) => boolean = () => true,
  ): void {
    if (level > MAX_LEVELS) return loseDepth(path);
    for (const [member, value] of Object.entries(node)) {
      if (isFull) return;
      if (isWanted(member)) visit(value, path === '' ? member : `${path}.${member}`, level, isListed);
    }
  }

  function visit(value: unknown, path: string, level: number, isListed: boolean): void {
    if (value === null || value === undefined) return;
    if (path.length > MAX_PATH) {
      lose(
        'too_many',
        `${storableText(path.slice(0, 40))}...`,
        `is a path of more than ${MAX_PATH} characters`,
      );
    } else if (Array.isArray(value)) {
      if (level >= MAX_LEVELS) return loseDepth(path);
      for (const item of value) if (!isFull) visit(item, path, level + 1, true);
    } else if (typeof value === 'object') {
      visitMembers(value, path, level + 1, isListed);
    } else if (typeof value === 'string') {
      keep(storableText(path), fitText(value, storableText(path), MAX_TEXT, lose), isListed);
    } else if (typeof value === 'boolean' || Number.isFinite(value)) {
      // oxlint-disable-next-line no-unsafe-type-assertion -- all other types are excluded above or are not finite numbers
      keep(storableText(path), value as number | boolean, isListed);
    } else {
      lose('unstorable', storableText(path), 'must be a finite number');
    }
  }

  function loseDepth(path: string): void {
    lose('too_many', storableText(path), `is nested deeper than ${MAX_LEVELS} levels`);
  }

  function keep(path: string, value: Scalar, isListed: boolean): void {
    const existing = isListed ? flat.get(path) : undefined;
    if (Array.isArray(existing)) {
      addValue(existing, value, path, lose);
    } else if (flat.size < MAX_ATTRIBUTES || flat.has(path)) {
      flat.set(path, isListed ? [value] : value);
    } else {
      isFull = true;
      lose('too_many', path, `exceeds the maximum of ${MAX_ATTRIBUTES} attributes`);
    }
  }
}

/** Adds a value to those of an attribute, unless it has the maximum number. */
export function addValue(values: Scalar[], value: Scalar, path: string, lose: ReportLoss): void {
  if (values.length < MAX_VALUES) values.push(value);
  else lose('too_many', path, `has more than ${MAX_VALUES} values`);
}

/** Returns a text that can be stored: truncated, and with U+FFFD for characters that PostgreSQL cannot store. */
export function fitText(text: string, field: string, maximum: number, lose: ReportLoss): string {
  const isTooLong = text.length > maximum;
  if (isTooLong) lose('too_long', field, `has more than ${maximum} characters`);
  // Before the text is truncated, which can cut a character in two.
  const fault = storageFault(text);
  if (fault !== undefined) lose('unstorable', field, fault);
  return fault === undefined && !isTooLong ? text : storableText(text.slice(0, maximum));
}
