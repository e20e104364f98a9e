import type { Expression } from './expression.ts';
import { parseExpression, printExpression } from './expression-syntax.ts';
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
import { LONGEST_SECONDS } from './functions.ts';
import { QuerySyntaxError } from './errors.ts';
import { type Pattern, writtenOf } from './pattern.ts';
import { listOf, Scanner } from './scanner.ts';

/** `avg:system.load{env:prod} by {service}.rollup(max, 60)`, alone or in arithmetic and functions. */
export type MetricsQuery = Expression<MetricSelector>;

export const AGGREGATORS = ['avg', 'sum', 'min', 'max', 'count'] as const;
export type Aggregator = (typeof AGGREGATORS)[number];

/** Which series of a metric are meant, and how they become one for each group. */
export interface MetricSelector {
  /** How the series of a group are put together, after each was rolled up over time. `count` counts points. */
  aggregator: Aggregator;
  metric: string;
  scope: TagFilter;
  /** The keys of the tags to group by, none twice. */
  by: readonly string[];
  /** What counts and rates are turned into; without it each is what its type says. */
  as?: 'count' | 'rate';
  rollup?: Rollup;
  fill?: Fill;
}

/** How the points of a series within an interval become one. */
interface Rollup {
  method?: Aggregator;
  seconds?: number;
}

/** What stands in gaps between points that are at most so long. */
export interface Fill {
  method: 'null' | 'zero' | 'linear' | 'last';
  seconds: number;
}

/** Which tags a series must have. Patterns are in lower case, as tags are; what was read is in the normal form of `Filter`. */
export type TagFilter =
  | { kind: 'all' }
  /** Has a tag that is as the {@link Pattern} says, such as `env:prod` or `host:web-*`. */
  | { kind: 'tag'; pattern: Pattern }
  | { kind: 'not'; of: TagFilter }
  | { kind: 'and' | 'or'; of: readonly TagFilter[] };

const LONGEST_FILL_SECONDS = 600;
const DEFAULT_FILL_SECONDS = 300;
const FILL_METHODS = ['null', 'zero', 'linear', 'last'] as const satisfies readonly Fill['method'][];

/** Reads a metrics query. Tags are stored in lower case, so patterns and keys of tags become lower case here. */
export function parseMetricsQuery(text: string): MetricsQuery {
  const scanner = new Scanner(text);
  const query = parseExpression(scanner, parseSelector);
  scanner.expectEnd('an operator or the end');
  return query;
}

/** The text of a metrics query. */
export function printMetricsQuery(query: MetricsQuery): string {
  return printExpression(query, printSelector);
}

/** Reads what stands between the braces of a metrics query. Data access also writes keys like `@team`, which mean `team`. */
export function parseTagFilter(text: string): TagFilter {
  const scanner = new Scanner(text);
  const filter = parseFilter(scanner, {
    ...SCOPE,
    condition: (it) => {
      it.take(/@(?=\S)/y);
      return parseTag(it);
    },
  });
  scanner.expectEnd('a comma, AND, OR or the end');
  return filter;
}

/** The text of a tag filter: `env:prod AND !host:web-*`. */
export function printTagFilter(filter: TagFilter): string {
  if (filter.kind === 'all') return '*';
  if (filter.kind === 'tag') return printTag(filter.pattern);
  if (filter.kind === 'not') return `${filter.of.kind === 'tag' ? '!' : 'NOT '}${printMember(filter.of)}`;
  return filter.of.map(printMember).join(filter.kind === 'and' ? ' AND ' : ' OR ');
}

function printMember(filter: TagFilter): string {
  const text = printTagFilter(filter);
  return filter.kind === 'and' || filter.kind === 'or' ? `(${text})` : text;
}

function parseSelector(scanner: Scanner): MetricSelector {
  const { aggregator, metric } = parseMetric(scanner);
  scanner.expect('{', 'a scope in braces');
  const scope = parseFilter(scanner, SCOPE);
  scanner.expect('}', 'a closing brace');
  const by = scanner.take(word('by', 'y')) === undefined ? [] : parseKeys(scanner);
  return { aggregator, metric, scope, by, ...parseModifiers(scanner) };
}

function printSelector({ aggregator, metric, scope, by, as, rollup, fill }: MetricSelector): string {
  return [
    `${aggregator}:${metric}{${printTagFilter(scope)}}`,
    by.length > 0 && ` by {${by.join(', ')}}`,
    as && `.as_${as}()`,
    rollup && `.rollup(${[rollup.method, rollup.seconds].filter((it) => it !== undefined).join(', ')})`,
    fill && `.fill(${fill.method}, ${fill.seconds})`,
  ]
    .filter(Boolean)
    .join('');
}

function parseMetric(scanner: Scanner): { aggregator: Aggregator; metric: string } {
  const place = scanner.place();
  const first = scanner.expect(NAME, 'a metric, a number or a function');
  if (scanner.take(':') === undefined) return { aggregator: 'avg', metric: first };
  const aggregator = AGGREGATORS.find((one) => one === first);
  if (aggregator === undefined) throw scanner.expected(listOf(AGGREGATORS), place);
  return { aggregator, metric: scanner.expect(NAME, 'a metric') };
}

const NAME = /[a-z][\w.]*/iy;

const MOST_KEYS = 20;

/** Reads the keys to group by. */
function parseKeys(scanner: Scanner): string[] {
  scanner.expect('{', 'an opening brace');
  const keys = new Set<string>();
  do {
    if (keys.size === MOST_KEYS) throw new QuerySyntaxError(scanner.place(), `more than ${MOST_KEYS} keys`);
    keys.add(scanner.expect(/[\p{L}\p{M}\p{N}_\-./]+/uy, 'the key of a tag').toLowerCase());
  } while (scanner.take(',') !== undefined);
  scanner.expect('}', 'a comma or a closing brace');
  return [...keys];
}

/** What stands between conditions of a scope. Commas bind weaker than words, as if what they part had parentheses. */
const SCOPE: FilterLanguage<TagCondition> = {
  groups: [
    { kind: 'and', between: /,/y },
    { kind: 'or', between: word('or', 'iy') },
    { kind: 'and', between: word('and', 'iy') },
  ],
  not: new RegExp(`!|not${WORD_ENDS}`, 'iy'),
  condition: parseTag,
};

type TagCondition = Extract<TagFilter, { kind: 'tag' }>;

const SIGNS = String.raw`(?:and|or|not|in)`;
const TAG = new RegExp(String.raw`(?!${SIGNS}${WORD_ENDS})(?:[\p{L}\p{M}\p{N}_\-:./*?]|\\[\s\S])+`, 'iuy');
const PLAIN_IN_TAG = /[\p{L}\p{M}\p{N}_\-:./]/u;
const SIGN = new RegExp(`^${SIGNS}$`, 'i');

/** Reads `*`, a tag, or a key with the values that its tag may have. */
function parseTag(scanner: Scanner): Filter<TagCondition> {
  const tag = expectPattern(scanner, TAG, 'a tag or *').toLowerCase();
  const sign = scanner.take(/(?:not\s+)?in\s*\(/iy);
  if (sign === undefined) return tag === '*' ? { kind: 'all' } : { kind: 'tag', pattern: tag };

  const tags = expectList(scanner, (): TagCondition => {
    const value = expectPattern(scanner, TAG, 'a value').toLowerCase();
    return { kind: 'tag', pattern: `${tag}:${value}` };
  });
  const among = together('or', tags);
  return /^not/i.test(sign) ? { kind: 'not', of: among } : among;
}

function printTag(pattern: Pattern): string {
  const written = writtenOf(pattern, PLAIN_IN_TAG);
  return SIGN.test(written) ? `\\${written}` : written;
}

type Modifiers = Pick<MetricSelector, 'as' | 'rollup' | 'fill'>;

/** Reads `.as_count()`, `.rollup(...)` and the like, in any order. */
function parseModifiers(scanner: Scanner): Modifiers {
  const modifiers: Modifiers = {};
  while (scanner.take('.') !== undefined) {
    const place = scanner.place();
    const modifier = parseModifier(scanner);
    for (const name of Object.keys(modifier)) {
      const stands = name === 'as' ? 'as_count or as_rate' : name;
      if (Object.hasOwn(modifiers, name)) throw new QuerySyntaxError(place, `${stands} is there already`);
    }
    Object.assign(modifiers, modifier);
  }
  return modifiers;
}

function parseModifier(scanner: Scanner): Modifiers {
  const place = scanner.place();
  const name = scanner.take(/\w+/y);
  const read = name === undefined ? undefined : MODIFIERS.get(name);
  if (read === undefined) throw scanner.expected(listOf([...MODIFIERS.keys()]), place);
  scanner.expect('(', 'an opening parenthesis');
  const modifier = read(scanner);
  scanner.expect(')', 'a closing parenthesis');
  return modifier;
}

const MODIFIERS = new Map<string, (scanner: Scanner) => Modifiers>([
  ['as_count', () => ({ as: 'count' })],
  ['as_rate', () => ({ as: 'rate' })],
  ['rollup', (scanner) => ({ rollup: parseRollup(scanner) })],
  ['fill', (scanner) => ({ fill: parseFill(scanner) })],
]);

function parseRollup(scanner: Scanner): Rollup {
  const method = takeMethod(scanner, AGGREGATORS);
  if (method === undefined) {
    return { seconds: parseSeconds(scanner, LONGEST_SECONDS, `${listOf(AGGREGATORS)}, or `) };
  }
  if (scanner.take(',') === undefined) return { method };
  return { method, seconds: parseSeconds(scanner, LONGEST_SECONDS) };
}

function parseFill(scanner: Scanner): Fill {
  const method = takeMethod(scanner, FILL_METHODS);
  if (method === undefined) throw scanner.expected(listOf(FILL_METHODS));
  if (scanner.take(',') === undefined) return { method, seconds: DEFAULT_FILL_SECONDS };
  return { method, seconds: parseSeconds(scanner, LONGEST_FILL_SECONDS) };
}

function takeMethod<const Method extends string>(
  scanner: Scanner,
  methods: readonly Method[],
): Method | undefined {
  const found = scanner.take(new RegExp(String.raw`(?:${methods.join('|')})\b`, 'y'));
  return methods.find((method) => method === found);
}

/** Reads a number of seconds. `or` says what else could have stood here. */
function parseSeconds(scanner: Scanner, most: number, or = ''): number {
  const place = scanner.place();
  const seconds = scanner.takeNumber();
  if (seconds === undefined || !Number.isInteger(seconds) || seconds < 1 || seconds > most) {
    throw scanner.expected(`${or}a number of seconds from 1 to ${most}`, place);
  }
  return seconds;
}
