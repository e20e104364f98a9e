import type { Expression } from './expression.ts';
import { parseExpression, printExpression } from './expression-syntax.ts';
import { parseFilter, word } from './filter.ts';
import { MAX_SECONDS } from './functions.ts';
import { QuerySyntaxError } from './errors.ts';

import { listOf, Scanner } from './scanner.ts';
import { printTagFilter, SCOPE, type TagFilter } from './tag-filter.ts';

/** Metrics query: selectors such as `avg:system.load{env:prod} by {service}.rollup(max, 60)`, in arithmetic and functions. */
export type MetricsQuery = Expression<MetricSelector>;

export const AGGREGATORS = ['avg', 'sum', 'min', 'max', 'count'] as const;
export type Aggregator = (typeof AGGREGATORS)[number];

/** Selection of a metric's series, and their aggregation to one series per group. */
export interface MetricSelector {
  /** Aggregation over the series of a group, after the rollup over time. `count` counts points. */
  aggregator: Aggregator;
  metric: string;
  scope: TagFilter;
  /** Tag keys to group by, without duplicates. */
  by: readonly string[];
  /** Conversion of counts and rates. Undefined: each keeps its type. */
  as?: 'count' | 'rate';
  rollup?: Rollup;
  fill?: Fill;
}

/** Aggregation of a series' points within an interval. */
interface Rollup {
  method?: Aggregator;
  seconds?: number;
}

/** Method to fill gaps of at most `seconds` between points. */
export interface Fill {
  method: 'null' | 'zero' | 'linear' | 'last';
  seconds: number;
}

const MAX_FILL_SECONDS = 600;
const DEFAULT_FILL_SECONDS = 300;
const FILL_METHODS = ['null', 'zero', 'linear', 'last'] as const satisfies readonly Fill['method'][];

/** Parses a metrics query. Tag patterns and keys become lower case, like stored tags. Throws a QuerySyntaxError. */
export function parseMetricsQuery(text: string): MetricsQuery {
  const scanner = new Scanner(text);
  const query = parseExpression(scanner, parseSelector);
  scanner.expectEnd('an operator or the end');
  return query;
}

/**
 * Prints a metrics query in its normal form.
 *
 * @public The widget editor will print queries.
 */
export function printMetricsQuery(query: MetricsQuery): string {
  return printExpression(query, printSelector);
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

const MAX_KEYS = 20;

/** Parses the keys of a group by. */
function parseKeys(scanner: Scanner): string[] {
  scanner.expect('{', 'an opening brace');
  const keys = new Set<string>();
  do {
    if (keys.size === MAX_KEYS) throw new QuerySyntaxError(scanner.place(), `more than ${MAX_KEYS} keys`);
    keys.add(scanner.expect(/[\p{L}\p{M}\p{N}_\-./]+/uy, 'the key of a tag').toLowerCase());
  } while (scanner.take(',') !== undefined);
  scanner.expect('}', 'a comma or a closing brace');
  return [...keys];
}

type Modifiers = Pick<MetricSelector, 'as' | 'rollup' | 'fill'>;

/** Parses modifiers such as `.as_count()` and `.rollup(...)`, in any order. */
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
    return { seconds: parseSeconds(scanner, MAX_SECONDS, `${listOf(AGGREGATORS)}, or `) };
  }
  if (scanner.take(',') === undefined) return { method };
  return { method, seconds: parseSeconds(scanner, MAX_SECONDS) };
}

function parseFill(scanner: Scanner): Fill {
  const method = takeMethod(scanner, FILL_METHODS);
  if (method === undefined) throw scanner.expected(listOf(FILL_METHODS));
  if (scanner.take(',') === undefined) return { method, seconds: DEFAULT_FILL_SECONDS };
  return { method, seconds: parseSeconds(scanner, MAX_FILL_SECONDS) };
}

function takeMethod<const Method extends string>(
  scanner: Scanner,
  methods: readonly Method[],
): Method | undefined {
  const found = scanner.take(new RegExp(String.raw`(?:${methods.join('|')})\b`, 'y'));
  return methods.find((method) => method === found);
}

/** Parses a number of seconds. `or` names the alternatives in the error message. */
function parseSeconds(scanner: Scanner, most: number, or = ''): number {
  const place = scanner.place();
  const seconds = scanner.takeNumber();
  if (seconds === undefined || !Number.isInteger(seconds) || seconds < 1 || seconds > most) {
    throw scanner.expected(`${or}a number of seconds from 1 to ${most}`, place);
  }
  return seconds;
}
