import {
  expectList,
  expectPattern,
  type Filter,
  type FilterLanguage,
  parseFilter,
  together,
  word,
  WORD_ENDS,
} from './filter.ts';
import { literalOf, type Pattern, patternOf, writtenOf } from './pattern.ts';
import { NUMBER, Scanner } from './scanner.ts';

/**
 * Which events are meant: `service:web @http.status_code:>=500 -"health check"`. What was read is in the normal form of
 * `Filter`.
 */
export type EventFilter =
  | { kind: 'all' }
  /** The message has these words next to one another, in whatever case. There is at least one; none has white space. */
  | { kind: 'text'; words: readonly Pattern[] }
  /** The facet has a value that is as the pattern says; `*` alone: it has any. */
  | { kind: 'facet'; facet: Facet; pattern: Pattern }
  /** The facet has a number within the bounds. */
  | { kind: 'range'; facet: Facet; from?: Bound; to?: Bound }
  | { kind: 'not'; of: EventFilter }
  | { kind: 'and' | 'or'; of: readonly EventFilter[] };

export interface Bound {
  value: number;
  inclusive: boolean;
}

/**
 * By what events can be told apart. An attribute has its path, as in `@http.status_code`; reserved ones (`service`,
 * `host`, `status`, `source`...) are attributes that go without the `@`; everything else without it is a tag's key.
 */
export interface Facet {
  kind: 'attribute' | 'tag';
  name: string;
}

/** Attributes that every event may have, and that go without the `@`. */
export const RESERVED_ATTRIBUTES: readonly string[] = [
  'service',
  'host',
  'status',
  'source',
  'trace_id',
  'ci_level',
  'test_level',
];

/** What reserved attributes are called where events come in. */
const ALIASES: Readonly<Record<string, string>> = { hostname: 'host', ddsource: 'source' };

type Condition = Extract<EventFilter, { kind: 'text' | 'facet' | 'range' }>;

/** Reads a search. No text at all wants every event. */
export function parseEventsSearch(text: string): EventFilter {
  if (text.trim() === '') return { kind: 'all' };
  const scanner = new Scanner(text);
  const filter = parseFilter(scanner, languageOf(parseCondition));
  scanner.expectEnd();
  return filter;
}

/** The text of a search: `service:web -"health check"`. */
export function printEventsSearch(filter: EventFilter): string {
  if (filter.kind === 'all') return '*';
  if (filter.kind === 'text') return printText(filter.words);
  if (filter.kind === 'facet') return `${printFacet(filter.facet)}:${printValue(filter.pattern)}`;
  if (filter.kind === 'range') return `${printFacet(filter.facet)}:${printRange(filter)}`;
  if (filter.kind === 'not') return `-${printMember(filter.of)}`;
  return filter.of.map(printMember).join(filter.kind === 'and' ? ' ' : ' OR ');
}

function printMember(filter: EventFilter): string {
  const text = printEventsSearch(filter);
  return filter.kind === 'and' || filter.kind === 'or' ? `(${text})` : text;
}

/** Reads what events are grouped or measured by: `@http.status_code`, `service`, `env`. */
export function parseFacet(text: string): Facet {
  const scanner = new Scanner(text);
  const facet = facetOf(scanner.expect(new RegExp(FACET, 'uy'), 'an attribute or the key of a tag'));
  scanner.expectEnd();
  return facet;
}

/** The text of a facet. */
export function printFacet({ kind, name }: Facet): string {
  const written = name.replaceAll(/^-|[^\p{L}\p{M}\p{N}_\-./]/gu, String.raw`\$&`);
  return kind === 'tag' || RESERVED_ATTRIBUTES.includes(name) ? written : `@${written}`;
}

const SIGNS = `(?:AND|OR|NOT)${WORD_ENDS}`;
const FACET = String.raw`@?(?!-)(?:[\p{L}\p{M}\p{N}_\-./]|\\[\s\S])+`;
const AMONG = String.raw`(?:NOT\s+)?IN\s*\(`;
const FACET_OF_CONDITION = new RegExp(String.raw`${FACET}(?=:|\s+${AMONG})`, 'uy');
const TEXT = new RegExp(String.raw`(?!${SIGNS})(?![-@])(?:[^\s():"\\]|\\[\s\S])+`, 'uy');
const VALUE = new RegExp(String.raw`(?!${SIGNS})(?:[^\s()"\\]|\\[\s\S])+`, 'uy');
const VALUE_IN_LIST = /(?:[^\s(),"\\]|\\[\s\S])+/uy;
const QUOTED = /"(?:[^"\\]|\\[\s\S])*"/y;
const BOUND = new RegExp(String.raw`-?${NUMBER.source}(?=[\s)\]}]|$)`, 'iy');

/** Conditions side by side must all hold, unless a word between them says otherwise. */
function languageOf(condition: (scanner: Scanner) => Filter<Condition>): FilterLanguage<Condition> {
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
  const facet = scanner.take(FACET_OF_CONDITION);
  if (facet !== undefined) return parseFacetCondition(scanner, facetOf(facet));
  if (scanner.take('@') !== undefined) {
    scanner.takeDirectly(new RegExp(FACET, 'uy'));
    throw scanner.expected('a colon and a value after the attribute');
  }

  const phrase = takeQuoted(scanner);
  if (phrase !== undefined) return textOf(patternOf(phrase));
  return textOf(expectPattern(scanner, TEXT, 'a term'));
}

/** The condition that the words stand next to one another. */
function textOf(pattern: Pattern): Filter<Condition> {
  const words = pattern.split(/\s+/).filter((one) => one !== '');
  return words.length === 0 || (words.length === 1 && words[0] === '*')
    ? { kind: 'all' }
    : { kind: 'text', words };
}

function parseFacetCondition(scanner: Scanner, facet: Facet): Filter<Condition> {
  if (scanner.take(':') === undefined) return parseAmong(scanner, facet);
  if (scanner.takeDirectly(/(?=\s)/y) !== undefined) throw scanner.expected('a value');
  if (scanner.take('(') === undefined) return parseValue(scanner, facet);
  const values = scanner.nested(() =>
    parseFilter(
      scanner,
      languageOf(() => parseValue(scanner, facet)),
    ),
  );
  scanner.expect(')', 'a closing parenthesis');
  return values;
}

/** Reads `IN (a, b)` or `NOT IN (a, b)`. */
function parseAmong(scanner: Scanner, facet: Facet): Filter<Condition> {
  const sign = scanner.expect(new RegExp(AMONG, 'y'), 'IN');
  const values = expectList(scanner, (): Condition => ({
    kind: 'facet',
    facet,
    pattern: parsePattern(scanner, VALUE_IN_LIST),
  }));
  const among = together('or', values);
  return sign.startsWith('NOT') ? { kind: 'not', of: among } : among;
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

/** Reads `1 TO 5]`. */
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

/** Reads the number at one end of a range; undefined: that end is open. */
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

/** Reads a value in quotes, or one that goes on as the form says. */
function parsePattern(scanner: Scanner, form: RegExp): Pattern {
  const text = takeQuoted(scanner);
  return text === undefined ? expectPattern(scanner, form, 'a value') : patternOf(text);
}

/** Reads text in quotes, where wildcards stand for themselves. */
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
  if (only !== undefined && /^(?!-)[\p{L}\p{M}\p{N}_\-./]+$/u.test(only) && !isSign(only)) return only;
  if (text.every((literal) => literal !== undefined)) return inQuotes(text.join(' '));
  const written = words.map((one) => writtenOf(one, /[\p{L}\p{M}\p{N}_\-./]/u)).join(String.raw`\ `);
  return written.replace(/^-/, String.raw`\-`);
}

function printValue(pattern: Pattern): string {
  const text = literalOf(pattern);
  if (text === undefined) return writtenOf(pattern, /[\p{L}\p{M}\p{N}_\-./:@]/u);
  return /^[\p{L}\p{M}\p{N}_\-./:@]+$/u.test(text) && !isSign(text) ? text : inQuotes(text);
}

function inQuotes(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

function isSign(text: string): boolean {
  return /^(?:AND|OR|NOT|IN)$/.test(text);
}

/** The facet that somebody wrote as `@http.status_code`, `service` or `env`. */
function facetOf(written: string): Facet {
  const name = written.replace(/^@/, '').replaceAll(/\\([\s\S])/gu, '$1');
  if (written.startsWith('@')) return { kind: 'attribute', name };
  const plain = name.toLowerCase();
  const reserved = RESERVED_ATTRIBUTES.find((attribute) => attribute === (ALIASES[plain] ?? plain));
  return reserved === undefined ? { kind: 'tag', name } : { kind: 'attribute', name: reserved };
}
