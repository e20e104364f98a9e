import { storageFault } from '../../contract/common/storable-text.ts';
import { invalidField } from '../errors.ts';

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

/**
 * Flattens attributes to one entry per path. Lists stay lists; a list of objects becomes one list per member. Omits null,
 * undefined and empty values. Throws `invalid` for attributes over the limits and for text that cannot be stored.
 */
export function flatten(nested: Readonly<Record<string, unknown>>): Attributes {
  const flat = new Map<string, Scalar | Scalar[]>();
  visitMembers(nested, '', 1, false);
  return Object.fromEntries(flat);

  function visitMembers(node: object, path: string, level: number, isListed: boolean): void {
    if (level > MAX_LEVELS) {
      throw invalidField(path, `is nested deeper than ${MAX_LEVELS} levels`);
    }
    for (const [member, value] of Object.entries(node)) {
      visit(value, path === '' ? member : `${path}.${member}`, level, isListed);
    }
  }

  function visit(value: unknown, path: string, level: number, isListed: boolean): void {
    if (value === null || value === undefined) return;
    if (Array.isArray(value)) {
      if (level >= MAX_LEVELS) {
        throw invalidField(path, `is nested deeper than ${MAX_LEVELS} levels`);
      }
      for (const item of value) visit(item, path, level + 1, true);
    } else if (typeof value === 'object') {
      visitMembers(value, path, level + 1, isListed);
    } else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      keep(path, value, isListed);
    }
  }

  function keep(path: string, value: Scalar, isListed: boolean): void {
    if (path.length > MAX_PATH) {
      const start = path.slice(0, 40);
      throw invalidField(`${printable(start)}...`, `is a path of more than ${MAX_PATH} characters`);
    }
    requireStorable(path, path);
    if (typeof value === 'string') {
      requireStorable(value, path);
      if (value.length > MAX_TEXT) {
        throw invalidField(path, `must have at most ${MAX_TEXT} characters`);
      }
    }
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw invalidField(path, 'must be a finite number');
    }
    const existing = isListed ? flat.get(path) : undefined;
    if (Array.isArray(existing)) {
      existing.push(value);
      requireAllowedCount(existing, path);
    } else flat.set(path, isListed ? [value] : value);
    if (flat.size > MAX_ATTRIBUTES) {
      throw invalidField(path, `exceeds the maximum of ${MAX_ATTRIBUTES} attributes`);
    }
  }
}

/** Throws `invalid` for a list with more values than an attribute may have. */
export function requireAllowedCount(values: readonly Scalar[], path: string): void {
  if (values.length > MAX_VALUES) {
    throw invalidField(path, `must have at most ${MAX_VALUES} values`);
  }
}

/** Throws `invalid` for a text that PostgreSQL cannot store. `field` is the name in the error. */
export function requireStorable(text: string, field: string): void {
  const fault = storageFault(text);
  if (fault !== undefined) throw invalidField(printable(field), fault);
}

/** Replaces the characters of a field name that cannot be stored or encoded. */
function printable(field: string): string {
  return field.toWellFormed().replaceAll('\0', '\u{fffd}');
}
