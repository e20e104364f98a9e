import { storageFault } from '../../contract/common/storable-text.ts';
import { DomainError } from '../errors.ts';

const MAX_ATTRIBUTES = 256;
const MAX_LEVELS = 20;
/** So that a long name with many members below it does not become many long names. */
const MAX_PATH = 200;
/** So that grouping by several lists does not make more groups of one event than anybody can count. */
const MAX_VALUES = 100;
const MAX_TEXT = 20_000;

type Scalar = string | number | boolean;

/** Attributes by path: `http.status_code`. */
export type Attributes = Record<string, Scalar | Scalar[]>;

/**
 * Attributes as they are kept: flat, each by its path. A list stays one; of a list of objects, each member becomes one.
 * What is null, undefined or empty is left out. Throws `invalid` for more than anybody means and for what no database keeps.
 */
export function flatten(nested: Readonly<Record<string, unknown>>): Attributes {
  const flat = new Map<string, Scalar | Scalar[]>();
  visitMembers(nested, '', 1, false);
  return Object.fromEntries(flat);

  function visitMembers(node: object, path: string, level: number, isListed: boolean): void {
    if (level > MAX_LEVELS) {
      throw new DomainError('invalid', `${path}: is nested deeper than ${MAX_LEVELS} levels`);
    }
    for (const [member, value] of Object.entries(node)) {
      visit(value, path === '' ? member : `${path}.${member}`, level, isListed);
    }
  }

  function visit(value: unknown, path: string, level: number, isListed: boolean): void {
    if (value === null || value === undefined) return;
    if (Array.isArray(value)) {
      if (level >= MAX_LEVELS) {
        throw new DomainError('invalid', `${path}: is nested deeper than ${MAX_LEVELS} levels`);
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
      throw new DomainError('invalid', `${shown(start)}...: is a path of more than ${MAX_PATH} characters`);
    }
    requireStorable(path, path);
    if (typeof value === 'string') {
      requireStorable(value, path);
      if (value.length > MAX_TEXT) {
        throw new DomainError('invalid', `${path}: must have at most ${MAX_TEXT} characters`);
      }
    }
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new DomainError('invalid', `${path}: is larger than any number`);
    }
    const there = isListed ? flat.get(path) : undefined;
    if (Array.isArray(there)) {
      there.push(value);
      requireFew(there, path);
    } else flat.set(path, isListed ? [value] : value);
    if (flat.size > MAX_ATTRIBUTES) {
      throw new DomainError(
        'invalid',
        `${path}: is one attribute more than the ${MAX_ATTRIBUTES} that may be`,
      );
    }
  }
}

/** Throws `invalid` for a list with more values than an attribute may have. */
export function requireFew(values: readonly Scalar[], path: string): void {
  if (values.length > MAX_VALUES) {
    throw new DomainError('invalid', `${path}: must have at most ${MAX_VALUES} values`);
  }
}

/** Throws `invalid` for a text that the database cannot keep. `field` is what has it. */
export function requireStorable(text: string, field: string): void {
  const fault = storageFault(text);
  if (fault !== undefined) throw new DomainError('invalid', `${shown(field)}: ${fault}`);
}

/** A name that may itself be what is wrong. */
function shown(field: string): string {
  return field.toWellFormed().replaceAll('\0', '\u{fffd}');
}
