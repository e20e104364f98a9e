import { QuerySyntaxError } from './errors.ts';

const MAX_LENGTH = 10_000;
const MAX_DEPTH = 100;

/** Unsigned number: `3`, `0.5`, `1e3`. */
export const NUMBER = /(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?/iy;

/**
 * Tokenizer for queries. Tokens are given as a literal text or a sticky regular expression. Every method except
 * `takeDirectly` skips white space before a token.
 */
export class Scanner {
  readonly #text: string;
  #place = 1;
  #depth = 0;

  constructor(text: string) {
    if (text.length > MAX_LENGTH) {
      throw new QuerySyntaxError(MAX_LENGTH + 1, `longer than ${MAX_LENGTH} characters`);
    }
    this.#text = text;
  }

  /** Skips white space and returns the current position, counted from 1. */
  place(): number {
    this.takeDirectly(/\s+/y);
    return this.#place;
  }

  /** Consumes and returns a token, or returns undefined if the text does not continue with it. */
  take(wanted: string | RegExp): string | undefined {
    this.place();
    return this.takeDirectly(wanted);
  }

  /** Consumes and returns a token without skipping white space, or returns undefined. */
  takeDirectly(wanted: string | RegExp): string | undefined {
    const found = this.#lookFor(wanted, this.#place);
    this.#place += found?.length ?? 0;
    return found;
  }

  /** Consumes and returns the first matching text, or returns undefined. */
  takeOneOf<const Text extends string>(texts: readonly Text[]): Text | undefined {
    return texts.find((text) => this.take(text) !== undefined);
  }

  /** Consumes and returns a number, or returns undefined. Throws a QuerySyntaxError for one that is not finite. */
  takeNumber(form: RegExp = NUMBER): number | undefined {
    const place = this.place();
    const text = this.take(form);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!Number.isFinite(value)) throw this.expected('a smaller number', place);
    return value === 0 ? 0 : value;
  }

  /** Consumes and returns a required token. Throws a QuerySyntaxError with `name` if it is missing. */
  expect(wanted: string | RegExp, name: string): string {
    const found = this.take(wanted);
    if (found === undefined) throw this.expected(name);
    return found;
  }

  /** Throws a QuerySyntaxError unless the whole text is consumed. */
  expectEnd(name = 'the end'): void {
    if (this.place() <= this.#text.length) throw this.expected(name);
  }

  /** Returns the error for unexpected text at a position, by default the current one. */
  expected(name: string, place = this.#place): QuerySyntaxError {
    return new QuerySyntaxError(place, `expected ${name}, found ${this.#foundAt(place)}`);
  }

  /** Parses a nested construct. Throws a QuerySyntaxError beyond the maximum depth, which protects the call stack. */
  nested<T>(read: () => T): T {
    if (this.#depth === MAX_DEPTH) throw new QuerySyntaxError(this.place(), 'nested too deep');
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
