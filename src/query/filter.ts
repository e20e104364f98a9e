import { QuerySyntaxError } from './errors.ts';
import { type Pattern, patternIn, piecesOf } from './pattern.ts';
import type { Scanner } from './scanner.ts';

/**
 * Conditions put together. A filter that was read is in normal form: groups have at least two members, none of which is
 * a group of the same kind, and no member is `all`.
 */
export type Filter<Condition> =
  | Condition
  | { kind: 'all' }
  | { kind: 'not'; of: Filter<Condition> }
  | Group<Condition>;

interface Group<Condition> {
  kind: 'and' | 'or';
  of: readonly Filter<Condition>[];
}

/** How a language puts conditions together. Signs are sticky regular expressions. */
export interface FilterLanguage<Condition> {
  /** What stands between the members of groups, from what binds weakest to what binds strongest. */
  groups: readonly { kind: 'and' | 'or'; between: RegExp }[];
  /** What stands before something that is negated. */
  not: RegExp;
  /** Reads a condition, or throws what was expected instead of what stands there. */
  condition: (scanner: Scanner) => Filter<Condition>;
}

const MOST_CONDITIONS = 200;
const MOST_WILDCARDS = 10;

/** Reads a pattern of the form. More wildcards than anybody means would make matching it slow. */
export function expectPattern(scanner: Scanner, form: RegExp, name: string): Pattern {
  const place = scanner.place();
  const pattern = patternIn(scanner.expect(form, name));
  if (piecesOf(pattern).filter(({ wildcard }) => wildcard).length > MOST_WILDCARDS) {
    throw new QuerySyntaxError(place, `more than ${MOST_WILDCARDS} wildcards`);
  }
  return pattern;
}

/** Reads values with commas between, to the end of the parentheses that they stand in. */
export function expectList<Value>(scanner: Scanner, expectValue: () => Value): Value[] {
  const values: Value[] = [];
  do {
    if (values.length === MOST_CONDITIONS) {
      throw new QuerySyntaxError(scanner.place(), `more than ${MOST_CONDITIONS} values`);
    }
    values.push(expectValue());
  } while (scanner.take(',') !== undefined);
  scanner.expect(')', 'a comma or a closing parenthesis');
  return values;
}

/** Reads conditions with the signs of the language between and before them, and parentheses around them. */
export function parseFilter<Condition extends { kind: string }>(
  scanner: Scanner,
  language: FilterLanguage<Condition>,
): Filter<Condition> {
  let conditions = 0;
  return group(0);

  function group(strength: number): Filter<Condition> {
    const sign = language.groups[strength];
    if (sign === undefined) return member();
    const members = [group(strength + 1)];
    while (scanner.take(sign.between) !== undefined) members.push(group(strength + 1));
    return together(sign.kind, members);
  }

  function member(): Filter<Condition> {
    if (scanner.take(language.not) !== undefined) return { kind: 'not', of: scanner.nested(member) };
    if (scanner.take('(') === undefined) {
      conditions += 1;
      if (conditions > MOST_CONDITIONS) {
        throw new QuerySyntaxError(scanner.place(), `more than ${MOST_CONDITIONS} conditions`);
      }
      return language.condition(scanner);
    }
    const inner = scanner.nested(() => group(0));
    scanner.expect(')', 'a closing parenthesis');
    return inner;
  }
}

/** The filter that wants all of the others, or any of them, in normal form. */
export function together<Condition extends { kind: string }>(
  kind: 'and' | 'or',
  filters: readonly Filter<Condition>[],
): Filter<Condition> {
  const isAll = (filter: Filter<Condition>) => filter.kind === 'all';
  if (kind === 'or' && filters.some(isAll)) return { kind: 'all' };
  const members = filters
    .filter((filter) => !isAll(filter))
    .flatMap((filter) => (isGroup(filter, kind) ? filter.of : [filter]));
  const [first, second] = members;
  if (first === undefined) return { kind: 'all' };
  return second === undefined ? first : { kind, of: members };
}

/** A sign that is a word: what follows it cannot belong to the same word. */
export function word(letters: string, flags: 'iy' | 'y'): RegExp {
  return new RegExp(`(?:${letters})${WORD_ENDS}`, flags);
}

/** Where a word that is a sign ends, as a part of a regular expression. */
export const WORD_ENDS = String.raw`(?=[\s(){},"!]|$)`;

function isGroup<Condition extends { kind: string }>(
  filter: Filter<Condition>,
  kind: 'and' | 'or',
): filter is Group<Condition> {
  return filter.kind === kind;
}
