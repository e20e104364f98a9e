import { QuerySyntaxError } from './errors.ts';

const LONGEST_TEXT = 10_000;
const DEEPEST_NESTING = 100;

/** An unsigned number: `3`, `0.5`, `1e3`. */
export const NUMBER = /(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?/iy;

/**
 * Reads the text of a query from left to right. What is wanted is a text, or a sticky regular expression; white space
 * before it is passed over, except by `takeDirectly`.
 */
export class Scanner {
  readonly #text: string;
  #place = 1;
  #depth = 0;

  constructor(text: string) {
    if (text.length > LONGEST_TEXT) {
      throw new QuerySyntaxError(LONGEST_TEXT + 1, `longer than ${LONGEST_TEXT} characters`);
    }
    this.#text = text;
  }

  /** Where the text goes on after white space, counted from 1. */
  place(): number {
    this.takeDirectly(/\s+/y);
    return this.#place;
  }

  /** Goes past what is wanted, and returns it; undefined: something else stands here. */
  take(wanted: string | RegExp): string | undefined {
    this.place();
    return this.takeDirectly(wanted);
  }

  /** The same, where no white space may stand before it. */
  takeDirectly(wanted: string | RegExp): string | undefined {
    const found = this.#lookFor(wanted, this.#place);
    this.#place += found?.length ?? 0;
    return found;
  }

  /** Goes past the one of the texts that stands here, and returns it. */
  takeOneOf<const Text extends string>(texts: readonly Text[]): Text | undefined {
    return texts.find((text) => this.take(text) !== undefined);
  }

  /** Goes past a number, and returns it. */
  takeNumber(form: RegExp = NUMBER): number | undefined {
    const place = this.place();
    const text = this.take(form);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!Number.isFinite(value)) throw this.expected('a smaller number', place);
    return value === 0 ? 0 : value;
  }

  /** Goes past what must stand here, and returns it. */
  expect(wanted: string | RegExp, name: string): string {
    const found = this.take(wanted);
    if (found === undefined) throw this.expected(name);
    return found;
  }

  /** Throws unless all of the text was read. */
  expectEnd(name = 'the end'): void {
    if (this.place() <= this.#text.length) throw this.expected(name);
  }

  /** What to throw when something else stands here, or at the place. */
  expected(name: string, place = this.#place): QuerySyntaxError {
    return new QuerySyntaxError(place, `expected ${name}, found ${this.#foundAt(place)}`);
  }

  /** Reads what is nested in something else, unless that goes so deep that it may be meant to do harm. */
  nested<T>(read: () => T): T {
    if (this.#depth === DEEPEST_NESTING) throw new QuerySyntaxError(this.place(), 'nested too deep');
    this.#depth += 1;
    const result = read();
    this.#depth -= 1;
    return result;
  }

  #lookFor(wanted: string | RegExp, place: number): string | undefined {
    if (typeof wanted === 'string') return this.#text.startsWith(wanted, place - 1) ? wanted : undefined;
    wanted.lastIndex = place - 1;
    return wanted.exec(this.#text)?.[0];
  }

  #foundAt(place: number): string {
    const found = this.#lookFor(/\s|'[^']*'|"[^"]*"|-?[\p{L}\p{M}\p{N}_.]+|[\s\S]/uy, place);
    if (found === undefined) return 'the end';
    if (/^\s/.test(found)) return 'a space';
    const short = found.length > 40 ? `${found.slice(0, 40)}...` : found;
    return /^['"]./.test(short) ? short : `"${short}"`;
  }
}

/** `a`, `a or b`, `a, b or c`. */
export function listOf(words: readonly string[]): string {
  return words.join(', ').replace(/, ([^,]*)$/, ' or $1');
}
