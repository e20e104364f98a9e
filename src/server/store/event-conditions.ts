import { type RawBuilder, sql } from 'kysely';

import { type Bound, type EventFilter } from '../../query/events-search.ts';
import { type Facet, RESERVED_ATTRIBUTES } from '../../query/facet.ts';
import { likeOf, literalOf, type Pattern, patternOf, piecesOf } from '../../query/pattern.ts';

import { parseStatus } from '../../rules/telemetry/status.ts';

import { hasTag, valuesOfTag } from './query-parts.ts';

type Condition = (value: RawBuilder<unknown>) => RawBuilder<boolean>;

/** Selects the distinct values of a facet in an event, as an array. */
export function valuesOf({ kind, name }: Facet): RawBuilder<string[]> {
  if (kind === 'tag') return sql`array(${valuesOfTag(name)})`;
  const value = sql`attributes -> ${name}::text`;
  return sql`case
    when jsonb_typeof(${value}) = 'array' then array(select distinct jsonb_array_elements_text(${value}))
    when attributes ? ${name} then array[attributes ->> ${name}::text]
  end`;
}

/** Selects an attribute as a number; null if it is not a number. */
export function numberOf({ name }: Facet): RawBuilder<number> {
  const value = sql`attributes -> ${name}::text`;
  return sql`case when jsonb_typeof(${value}) = 'number' then (${value})::float8 end`;
}

/** Builds the condition that an event matches a filter. Never null, so that `not` works. */
export function matches(filter: EventFilter): RawBuilder<boolean> {
  if (filter.kind === 'all') return sql`true`;
  if (filter.kind === 'text') return sql`message ~* ${regexOf(filter.words)}`;
  if (filter.kind === 'facet') return hasValue(filter.facet, filter.pattern);
  if (filter.kind === 'range') return hasNumber(filter.facet, filter.from, filter.to);
  if (filter.kind === 'not') return sql`not ${matches(filter.of)}`;
  return sql`(${sql.join(filter.of.map(matches), sql.raw(` ${filter.kind} `))})`;
}

function hasValue(facet: Facet, pattern: Pattern): RawBuilder<boolean> {
  const { kind, name } = facet;
  if (kind === 'tag') return hasTag(`${patternOf(name)}:${pattern}`);
  if (pattern === '*') return sql`attributes ? ${name}`;
  const isIt = RESERVED_ATTRIBUTES.includes(name) ? isReserved(name, pattern) : isText(pattern);
  return sql`(case jsonb_typeof(attributes -> ${name}::text)
    when 'array' then exists (select from jsonb_array_elements_text(attributes -> ${name}::text) as value where ${isIt(sql`value`)})
    else ${isIt(sql`attributes ->> ${name}::text`)} end is true)`;
}

function isText(pattern: Pattern): Condition {
  const literal = literalOf(pattern);
  return (value) =>
    literal === undefined ? sql`${value} like ${likeOf(pattern)}` : sql`${value} = ${literal}`;
}

/**
 * Compares reserved attributes without regard to case, because they also arrive as lower-case tags. Compares the original
 * text as well, because the database may know the case of ASCII letters only. A status matches by all of its names.
 */
function isReserved(name: string, pattern: Pattern): Condition {
  const isWritten = isText(pattern);
  const isLower = isText(pattern.toLowerCase());
  const literal = literalOf(pattern);
  const status = name === 'status' && literal !== undefined ? parseStatus(literal) : undefined;
  return (value) => {
    const isStatus = status === undefined ? sql`` : sql`or ${value} = ${status}`;
    return sql`(${isWritten(value)} or ${isLower(sql`lower(${value})`)} ${isStatus})`;
  };
}

function hasNumber(
  { kind, name }: Facet,
  from: Bound | undefined,
  to: Bound | undefined,
): RawBuilder<boolean> {
  const bounds = (value: RawBuilder<unknown>) => {
    const lower = from && sql`${value} ${sql.raw(from.inclusive ? '>=' : '>')} ${from.value}::float8`;
    const upper = to && sql`${value} ${sql.raw(to.inclusive ? '<=' : '<')} ${to.value}::float8`;
    const given = [lower, upper].filter((bound) => bound !== undefined);
    return given.length === 0 ? sql`${value} is not null` : sql.join(given, sql` and `);
  };
  const number = sql`case when value ~ '^-?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]{1,2})?$' then value::float8 end`;
  if (kind === 'tag')
    return sql`exists (select from (${valuesOfTag(name)}) as known where ${bounds(number)})`;
  const element = sql`case when jsonb_typeof(element) = 'number' then element::float8 end`;
  return sql`(case jsonb_typeof(attributes -> ${name}::text)
    when 'number' then ${bounds(sql`(attributes -> ${name}::text)::float8`)}
    when 'array' then exists (select from jsonb_array_elements(attributes -> ${name}::text) as element where ${bounds(element)})
    end is true)`;
}

/** Builds a PostgreSQL regular expression for adjacent words. */
function regexOf(words: readonly Pattern[]): string {
  return words.map(wordRegex).join(String.raw`\W+`);
}

function wordRegex(word: Pattern): string {
  const pieces = piecesOf(word);
  const inner = pieces
    .map(({ text, wildcard }) => {
      if (wildcard) return text === '*' ? String.raw`\S*` : String.raw`\S`;
      return /[\w\u0080-\u{10ffff}]/u.test(text) ? text : `\\${text}`;
    })
    .join('');
  const first = edgeOf(pieces.at(0), String.raw`\m`, String.raw`(?:\m|(?!\w))`);
  return first + inner + edgeOf(pieces.at(-1), String.raw`\M`, String.raw`(?:\M|(?<!\w))`);
}

/**
 * Builds the boundary of a phrase, so that it does not match within a word.
 *
 * @param ofWord boundary next to a letter, a digit or an underscore
 * @param ofAny boundary next to a character that only the database can classify
 */
function edgeOf(
  piece: { text: string; wildcard: boolean } | undefined,
  ofWord: string,
  ofAny: string,
): string {
  if (piece === undefined) return '';
  if (piece.wildcard) return piece.text === '*' ? '' : ofAny;
  if (/[\u0080-\u{10ffff}]/u.test(piece.text)) return ofAny;
  return /\w/.test(piece.text) ? ofWord : '';
}
