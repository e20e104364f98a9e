import { type RawBuilder, sql } from 'kysely';

import type { EventFilter } from '../../query/events-search.ts';
import { type Facet, RESERVED_ATTRIBUTES } from '../../query/facet.ts';
import { withMergedNegations } from '../../query/filter.ts';
import { literalOf, type Pattern, patternOf, piecesOf } from '../../query/pattern.ts';
import { parseStatus } from '../../rules/telemetry/status.ts';
import { hasAnyTag, matchesAny, startOfTag, valuesOfTag } from './query-parts.ts';
import {
  allOf,
  anyOf,
  condition,
  asNumber,
  type SqlCondition,
  asText,
  toSql,
  TRUE,
} from './sql-condition.ts';

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
  return toSql(conditionOf(filter));
}

function conditionOf(filter: EventFilter): SqlCondition {
  if (filter.kind === 'all') return TRUE;
  if (filter.kind === 'not') return condition`not ${conditionOf(filter.of)}`;
  if (filter.kind === 'and') return allOf(withMergedNegations(filter.of).map(conditionOf));
  return anyOf(alternatives(filter.kind === 'or' ? filter.of : [filter]));
}

/** Builds the conditions of which an event must meet one. Conditions about the same values become one over a list. */
function alternatives(filters: readonly EventFilter[]): SqlCondition[] {
  const tags: Pattern[] = [];
  const values = new Map<string, Pattern[]>();
  const phrases: (readonly Pattern[])[] = [];
  const others: SqlCondition[] = [];
  for (const filter of filters) {
    if (filter.kind === 'text') phrases.push(filter.words);
    else if (filter.kind === 'anywhere') others.push(hasAnywhere(filter.words));
    else if (filter.kind === 'range') others.push(hasNumber(filter));
    else if (filter.kind !== 'facet') others.push(conditionOf(filter));
    else if (filter.facet.kind === 'tag') tags.push(...tagPatterns(filter.facet.name, filter.pattern));
    else {
      const patterns = values.get(filter.facet.name);
      if (patterns === undefined) values.set(filter.facet.name, [filter.pattern]);
      else patterns.push(filter.pattern);
    }
  }
  return [
    ...(tags.length === 0 ? [] : [hasAnyTag(tags)]),
    ...[...values].map(([name, patterns]) => hasAnyValue(name, patterns)),
    ...(phrases.length === 0 ? [] : [hasAnyPhrase(phrases)]),
    ...others,
  ];
}

/** Returns the patterns of the tags with a key and a value. `tags:canary` also means the tag `canary`, which has no value. */
function tagPatterns(key: string, value: Pattern): Pattern[] {
  const pattern = `${patternOf(key)}:${value}`;
  return key === 'tags' ? [pattern, value] : [pattern];
}

/** Builds the condition that the message, a tag or the value of an attribute contains words. */
function hasAnywhere(words: readonly Pattern[]): SqlCondition {
  const regex = asText(regexOf(words));
  return condition`(message ~* ${regex} or exists (select from unnest(tags) as tag where tag ~* ${regex})
    or exists (select from jsonb_each_text(attributes) as attribute where attribute.value ~* ${regex}))`;
}

function hasAnyValue(name: string, patterns: readonly Pattern[]): SqlCondition {
  if (patterns.includes('*')) return condition`attributes ? ${asText(name)}`;
  const isIt = RESERVED_ATTRIBUTES.includes(name)
    ? isReserved(name, patterns)
    : matchesAny(condition`value`, patterns);
  const value = condition`attributes -> ${asText(name)}`;
  return condition`exists (select from jsonb_array_elements_text(case jsonb_typeof(${value})
    when 'array' then ${value} else jsonb_build_array(${value}) end) as value where ${isIt})`;
}

/**
 * Compares reserved attributes without regard to case, because they also arrive as lower-case tags. Compares the original
 * text as well, because the database may know the case of ASCII letters only. A status matches by all of its names.
 */
function isReserved(name: string, patterns: readonly Pattern[]): SqlCondition {
  const literals =
    name === 'status' ? patterns.map(literalOf).filter((literal) => literal !== undefined) : [];
  const statuses = literals.map(parseStatus).filter((status) => status !== undefined);
  const lower = patterns.map((pattern) => pattern.toLowerCase());
  return anyOf([
    matchesAny(condition`value`, [...patterns, ...statuses.map(patternOf)]),
    matchesAny(condition`lower(value)`, lower),
  ]);
}

function hasNumber({
  facet: { kind, name },
  from,
  to,
}: Extract<EventFilter, { kind: 'range' }>): SqlCondition {
  const isWithin = (number: SqlCondition) =>
    from === undefined && to === undefined
      ? condition`${number} is not null`
      : allOf([
          ...(from === undefined
            ? []
            : [
                from.inclusive
                  ? condition`${number} >= ${asNumber(from.value)}`
                  : condition`${number} > ${asNumber(from.value)}`,
              ]),
          ...(to === undefined
            ? []
            : [
                to.inclusive
                  ? condition`${number} <= ${asNumber(to.value)}`
                  : condition`${number} < ${asNumber(to.value)}`,
              ]),
        ]);
  if (kind === 'tag') {
    const start = asText(startOfTag(name));
    const number = condition`case when value ~ '^-?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]{1,2})?$' then value::float8 end`;
    return condition`exists (select from (
      select substr(tag, length(${start}) + 1) as value from unnest(tags) as tag where starts_with(tag, ${start})
    ) as known where ${isWithin(number)})`;
  }
  const value = condition`attributes -> ${asText(name)}`;
  const element = condition`case when jsonb_typeof(element) = 'number' then element::float8 end`;
  return condition`(case jsonb_typeof(${value})
    when 'number' then ${isWithin(condition`(${value})::float8`)}
    when 'array' then exists (select from jsonb_array_elements(${value}) as element where ${isWithin(element)})
    end is true)`;
}

/** Maximum number of words in one regular expression: PostgreSQL compiles larger ones slowly, and keeps only a few compiled. */
const MAX_WORDS = 100;

function hasAnyPhrase(phrases: readonly (readonly Pattern[])[]): SqlCondition {
  const chunks: { words: number; regexes: Set<string> }[] = [];
  for (const words of phrases) {
    let last = chunks.at(-1);
    if (last === undefined || last.words + words.length > MAX_WORDS) {
      last = { words: 0, regexes: new Set() };
      chunks.push(last);
    }
    last.words += words.length;
    last.regexes.add(regexOf(words));
  }
  return anyOf(
    chunks.map(
      ({ regexes }) => condition`message ~* ${asText([...regexes].map((one) => `(?:${one})`).join('|'))}`,
    ),
  );
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
