import type { BodyEntries } from './error-messages.ts';
import { DomainError } from './errors.ts';

/** Limits of a JSON text, so that parsing and validating it takes a bounded time. */
export interface JsonLimits {
  /** Maximum depth of nested lists and objects. */
  depth: number;
  /** Maximum number of values: of members of objects and entries of lists together. */
  values: number;
}

/** Maximum number of members of one object. Copying a larger one takes long. */
const MAX_MEMBERS = 10_000;

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Parses JSON. Throws `invalid` for text that is not JSON or is nested too deeply, `too_large` for too many values. */
export function parseJson(text: string, limits: JsonLimits): unknown {
  requireWithinLimits(text, limits);
  try {
    return JSON.parse(text);
  } catch {
    throw new DomainError('invalid', 'body_not_json');
  }
}

/** Parses JSON in which numbers can be bare words, such as `NaN`. They become null. Otherwise as {@link parseJson}. */
export function parseLenientJson(text: string, limits: JsonLimits): unknown {
  try {
    return parseJson(text, limits);
  } catch (error) {
    if (!isNotJson(error) || !/NaN|Infinity/.test(text)) throw error;
    return parseJson(replaceBareNumbers(text, limits.values), limits);
  }
}

/** Returns whether an error is that of a text that is not JSON. */
export function isNotJson(error: unknown): boolean {
  return error instanceof DomainError && error.details.some(({ code }) => code === 'body_not_json');
}

/** Checks the limits before the text is parsed. Text that is not JSON is left to the parser. */
function requireWithinLimits(text: string, limits: JsonLimits): void {
  let values = 0;
  /** Numbers of members of the open objects; undefined for open lists. */
  const open: (number | undefined)[] = [];
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at);
        continue;
      case OPEN_LIST:
      case OPEN_OBJECT:
        open.push(text.charCodeAt(at) === OPEN_OBJECT ? 1 : undefined);
        if (open.length > limits.depth)
          throw new DomainError('invalid', 'body_too_deep', { levels: limits.depth });
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        open.pop();
        continue;
      case COMMA:
        countMember(open);
        break;
      default:
        continue;
    }
    values += 1;
    if (values > limits.values) throw tooMany('values', limits.values);
  }
}

function countMember(open: (number | undefined)[]): void {
  const members = open.at(-1);
  if (members === undefined) return;
  if (members >= MAX_MEMBERS) throw tooMany('members in one object', MAX_MEMBERS);
  open[open.length - 1] = members + 1;
}

function tooMany(entries: BodyEntries, maximum: number): DomainError {
  return new DomainError('too_large', 'too_many_entries', { entries, maximum });
}

/** Replaces NaN and infinities, which some JSON libraries write as bare words, by null. Stops after `maximum` strings. */
function replaceBareNumbers(text: string, maximum: number): string {
  const pieces: string[] = [];
  let start = 0;
  for (let strings = 0; strings < maximum && start < text.length; strings += 1) {
    const opening = text.indexOf('"', start);
    const end = opening === -1 ? text.length : opening;
    pieces.push(text.slice(start, end).replaceAll(/-?\b(?:NaN|Infinity)\b/g, 'null'));
    start = opening === -1 ? text.length : endOfString(text, opening) + 1;
    if (opening !== -1) pieces.push(text.slice(opening, start));
  }
  return pieces.join('') + text.slice(start);
}

/** Returns the index of the closing quote of a string, or the end of the text. */
function endOfString(text: string, opening: number): number {
  let closing = text.indexOf('"', opening + 1);
  while (closing !== -1 && isEscaped(text, closing)) closing = text.indexOf('"', closing + 1);
  return closing === -1 ? text.length : closing;
}

function isEscaped(text: string, at: number): boolean {
  let start = at;
  while (text[start - 1] === '\\') start -= 1;
  return (at - start) % 2 === 1;
}

/** Returns whether a value is a JSON object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
