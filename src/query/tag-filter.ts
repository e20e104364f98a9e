import {
  combineFilters,
  expectList,
  expectPattern,
  type Filter,
  type FilterLanguage,
  parseFilter,
  word,
  WORD_ENDS,
} from './filter.ts';
import { type Pattern, writtenOf } from './pattern.ts';
import { Scanner } from './scanner.ts';

/** Filter by a series' tags. Patterns are in lower case, like stored tags. Parsed filters are in the normal form of `Filter`. */
export type TagFilter =
  | { kind: 'all' }
  /** Series has a tag that matches the pattern, such as `env:prod` or `host:web-*`. */
  | { kind: 'tag'; pattern: Pattern }
  | { kind: 'not'; of: TagFilter }
  | { kind: 'and' | 'or'; of: readonly TagFilter[] };

/** Parses a tag filter, the scope of a metrics query without braces. Also accepts `@team` for `team`, as in dataset filters. */
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

/**
 * Prints a tag filter: `env:prod AND !host:web-*`.
 *
 * @public The widget editor will print queries.
 */
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

/** Operators of a scope. The comma has the lowest precedence: `a, b OR c` means `a AND (b OR c)`. */
export const SCOPE: FilterLanguage<TagCondition> = {
  groups: [
    { kind: 'and', between: /,/y },
    { kind: 'or', between: word('or', 'iy') },
    { kind: 'and', between: word('and', 'iy') },
  ],
  not: new RegExp(`!|not${WORD_ENDS}`, 'iy'),
  condition: parseTag,
};

type TagCondition = Extract<TagFilter, { kind: 'tag' }>;

const OPERATORS = String.raw`(?:and|or|not|in)`;
const TAG = new RegExp(
  String.raw`(?!${OPERATORS}${WORD_ENDS})(?:[\p{L}\p{M}\p{N}_\-:./*?]|\\[\s\S])+`,
  'iuy',
);
const PLAIN_IN_TAG = /[\p{L}\p{M}\p{N}_\-:./]/u;
const OPERATOR = new RegExp(`^${OPERATORS}$`, 'i');

/** Parses `*`, a tag, or a key with a list of values: `env IN (prod, staging)`. */
function parseTag(scanner: Scanner): Filter<TagCondition> {
  const tag = expectPattern(scanner, TAG, 'a tag or *').toLowerCase();
  const operator = scanner.take(/(?:not\s+)?in\s*\(/iy);
  if (operator === undefined) return tag === '*' ? { kind: 'all' } : { kind: 'tag', pattern: tag };

  const tags = expectList(scanner, (): TagCondition => {
    const value = expectPattern(scanner, TAG, 'a value').toLowerCase();
    return { kind: 'tag', pattern: `${tag}:${value}` };
  });
  const anyOf = combineFilters('or', tags);
  return /^not/i.test(operator) ? { kind: 'not', of: anyOf } : anyOf;
}

function printTag(pattern: Pattern): string {
  const written = writtenOf(pattern, PLAIN_IN_TAG);
  return OPERATOR.test(written) ? `\\${written}` : written;
}
