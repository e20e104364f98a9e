import {
  expectList,
  expectPattern,
  type Filter,
  type FilterLanguage,
  parseFilter,
  combineFilters,
  word,
  WORD_ENDS,
} from './filter.ts';
import { literalOf, type Pattern, patternOf, writtenOf } from './pattern.ts';
import { FACET, type Facet, facetOf, printFacet } from './facet.ts';
import { NUMBER, Scanner } from './scanner.ts';

/**
 * Search for events: `service:web @http.status_code:>=500 -"health check"`. Parsed filters are in the normal form of
 * `Filter`.
 */
export type EventFilter =
  | { kind: 'all' }
  /** Message contains these words in sequence, in any case. At least one word; words have no white space. */
  | { kind: 'text'; words: readonly Pattern[] }
  /** Message, a tag or the value of an attribute contains these words, as `text` does. */
  | { kind: 'anywhere'; words: readonly Pattern[] }
  /** Facet has a value that matches the pattern. `*` alone: any value. */
  | { kind: 'facet'; facet: Facet; pattern: Pattern }
  /** Facet has a number within the bounds. */
  | { kind: 'range'; facet: Facet; from?: Bound; to?: Bound }
  | { kind: 'not'; of: EventFilter }
  | { kind: 'and' | 'or'; of: readonly EventFilter[] };

interface Bound {
  value: number;
  inclusive: boolean;
}

type Condition = Extract<EventFilter, { kind: 'text' | 'anywhere' | 'facet' | 'range' }>;

/** Parses a search. An empty text matches every event. */
export function parseEventsSearch(text: string): EventFilter {
  if (text.trim() === '') return { kind: 'all' };
  const scanner = new Scanner(text);
  const filter = parseFilter(scanner, searchLanguage(parseCondition));
  scanner.expectEnd();
  return filter;
}

/**
 * Prints a search: `service:web -"health check"`.
 *
 * @public The widget editor will print queries.
 */
export function printEventsSearch(filter: EventFilter): string {
  if (filter.kind === 'all') return '*';
  if (filter.kind === 'text') return printText(filter.words);
  if (filter.kind === 'anywhere') return `*:${printText(filter.words)}`;
  if (filter.kind === 'facet') return `${printFacet(filter.facet)}:${printValue(filter.pattern)}`;
  if (filter.kind === 'range') return `${printFacet(filter.facet)}:${printRange(filter)}`;
  if (filter.kind === 'not') return `-${printMember(filter.of)}`;
  return filter.of.map(printMember).join(filter.kind === 'and' ? ' ' : ' OR ');
}

function printMember(filter: EventFilter): string {
  const text = printEventsSearch(filter);
  return filter.kind === 'and' || filter.kind === 'or' ? `(${text})` : text;
}

const OPERATORS = `(?:AND|OR|NOT)${WORD_ENDS}`;
const IN = String.raw`(?:NOT\s+)?IN\s*\(`;
const FACET_OF_CONDITION = new RegExp(String.raw`${FACET}(?=:|\s+${IN})`, 'uy');
const ANYWHERE = /\*:(?=\S)/y;
const TEXT = new RegExp(String.raw`(?!${OPERATORS})(?![-@])(?:[^\s():"\\]|\\[\s\S])+`, 'uy');
const VALUE = new RegExp(String.raw`(?!${OPERATORS})(?:[^\s()"\\]|\\[\s\S])+`, 'uy');
const VALUE_IN_LIST = /(?:[^\s(),"\\]|\\[\s\S])+/uy;
const QUOTED = /"(?:[^"\\]|\\[\s\S])*"/y;
const BOUND = new RegExp(String.raw`-?${NUMBER.source}(?=[\s)\]}]|$)`, 'iy');

/** Grammar of searches. Adjacent conditions without an operator are combined with AND. */
function searchLanguage(condition: (scanner: Scanner) => Filter<Condition>): FilterLanguage<Condition> {
  return {
    groups: [
      { kind: 'or', between: word('OR', 'y') },
      { kind: 'and', between: new RegExp(String.raw`AND${WORD_ENDS}|(?!OR${WORD_ENDS}|\)|$)`, 'y') },
    ],
    not: new RegExp(String.raw`-(?=\S)|NOT${WORD_ENDS}`, 'y'),
    condition,
  };
}

function parseCondition(scanner: Scanner): Filter<Condition> {
  if (scanner.take(ANYWHERE) !== undefined) return parseAnywhere(scanner);
  const facet = scanner.take(FACET_OF_CONDITION);
  if (facet !== undefined) return parseFacetCondition(scanner, facetOf(facet));
  if (scanner.take('@') !== undefined) {
    scanner.takeDirectly(new RegExp(FACET, 'uy'));
    throw scanner.expected('a colon and a value after the attribute');
  }

  return parseTerm(scanner);
}

function parseTerm(scanner: Scanner): Filter<Condition> {
  const phrase = takeQuoted(scanner);
  if (phrase !== undefined) return textOf(patternOf(phrase));
  return textOf(expectPattern(scanner, TEXT, 'a term'));
}

/** Parses a term, or several in parentheses, after `*:`. */
function parseAnywhere(scanner: Scanner): Filter<Condition> {
  const condition = (): Filter<Condition> => {
    const term = parseTerm(scanner);
    return term.kind === 'text' ? { kind: 'anywhere', words: term.words } : term;
  };
  if (scanner.take('(') === undefined) return condition();
  const terms = scanner.nested(() => parseFilter(scanner, searchLanguage(condition)));
  scanner.expect(')', 'a closing parenthesis');
  return terms;
}

/** Returns the condition that the message contains the words in sequence. */
function textOf(pattern: Pattern): Filter<Condition> {
  const words = pattern.split(/\s+/).filter((one) => one !== '');
  return words.length === 0 || (words.length === 1 && words[0] === '*')
    ? { kind: 'all' }
    : { kind: 'text', words };
}

function parseFacetCondition(scanner: Scanner, facet: Facet): Filter<Condition> {
  if (scanner.take(':') === undefined) return parseIn(scanner, facet);
  if (scanner.takeDirectly(/(?=\s)/y) !== undefined) throw scanner.expected('a value');
  if (scanner.take('(') === undefined) return parseValue(scanner, facet);
  const values = scanner.nested(() =>
    parseFilter(
      scanner,
      searchLanguage(() => parseValue(scanner, facet)),
    ),
  );
  scanner.expect(')', 'a closing parenthesis');
  return values;
}

/** Parses `IN (a, b)` or `NOT IN (a, b)`. */
function parseIn(scanner: Scanner, facet: Facet): Filter<Condition> {
  const operator = scanner.expect(new RegExp(IN, 'y'), 'IN');
  const values = expectList(scanner, (): Condition => ({
    kind: 'facet',
    facet,
    pattern: parsePattern(scanner, VALUE_IN_LIST),
  }));
  const anyOf = combineFilters('or', values);
  return operator.startsWith('NOT') ? { kind: 'not', of: anyOf } : anyOf;
}

function parseValue(scanner: Scanner, facet: Facet): Condition {
  const comparison = scanner.takeOneOf(['>=', '>', '<=', '<']);
  if (comparison !== undefined) {
    const bound = { value: parseNumber(scanner, 'a number'), inclusive: comparison.endsWith('=') };
    return { kind: 'range', facet, ...(comparison.startsWith('>') ? { from: bound } : { to: bound }) };
  }
  const opening = scanner.takeOneOf(['[', '{']);
  if (opening !== undefined) return { kind: 'range', facet, ...parseBounds(scanner, opening === '[') };
  return { kind: 'facet', facet, pattern: parsePattern(scanner, VALUE) };
}

/** Parses a range after its opening bracket: `1 TO 5]`. */
function parseBounds(scanner: Scanner, fromInclusive: boolean): { from?: Bound; to?: Bound } {
  const from = parseEnd(scanner);
  scanner.expect(/TO\b/y, 'TO');
  const to = parseEnd(scanner);
  const toInclusive = scanner.expect(/[\]}]/y, 'a closing bracket or brace') === ']';
  return {
    ...(from !== undefined && { from: { value: from, inclusive: fromInclusive } }),
    ...(to !== undefined && { to: { value: to, inclusive: toInclusive } }),
  };
}

/** Parses one end of a range. Returns undefined for an open end (`*`). */
function parseEnd(scanner: Scanner): number | undefined {
  return scanner.take('*') === undefined ? parseNumber(scanner, 'a number or *') : undefined;
}

function parseNumber(scanner: Scanner, name: string): number {
  const value = scanner.takeNumber(BOUND);
  if (value === undefined) throw scanner.expected(name);
  return value;
}

function printRange({ from, to }: { from?: Bound; to?: Bound }): string {
  if (from !== undefined && to === undefined) return `>${from.inclusive ? '=' : ''}${from.value}`;
  if (from === undefined && to !== undefined) return `<${to.inclusive ? '=' : ''}${to.value}`;
  const opening = from?.inclusive === false ? '{' : '[';
  const closing = to?.inclusive === false ? '}' : ']';
  return `${opening}${from?.value ?? '*'} TO ${to?.value ?? '*'}${closing}`;
}

/** Parses a quoted value, or an unquoted one that matches the form. */
function parsePattern(scanner: Scanner, form: RegExp): Pattern {
  const text = takeQuoted(scanner);
  return text === undefined ? expectPattern(scanner, form, 'a value') : patternOf(text);
}

/** Parses quoted text, where wildcards are literal. Returns undefined if there is no opening quote. */
function takeQuoted(scanner: Scanner): string | undefined {
  const quoted = scanner.take(QUOTED);
  if (quoted === undefined && scanner.take('"') !== undefined) {
    scanner.take(/[\s\S]*/y);
    throw scanner.expected('a closing quote');
  }
  return quoted?.slice(1, -1).replaceAll(/\\([\s\S])/gu, '$1');
}

function printText(words: readonly Pattern[]): string {
  const text = words.map(literalOf);
  const [only] = words.length === 1 ? text : [];
  if (only !== undefined && /^(?!-)[\p{L}\p{M}\p{N}_\-./]+$/u.test(only) && !isOperator(only)) return only;
  if (text.every((literal) => literal !== undefined)) return quote(text.join(' '));
  const written = words.map((one) => writtenOf(one, /[\p{L}\p{M}\p{N}_\-./]/u)).join(String.raw`\ `);
  return written.replace(/^-/, String.raw`\-`);
}

function printValue(pattern: Pattern): string {
  const text = literalOf(pattern);
  if (text === undefined) return writtenOf(pattern, /[\p{L}\p{M}\p{N}_\-./:@]/u);
  return /^[\p{L}\p{M}\p{N}_\-./:@]+$/u.test(text) && !isOperator(text) ? text : quote(text);
}

function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

function isOperator(text: string): boolean {
  return /^(?:AND|OR|NOT|IN)$/.test(text);
}
