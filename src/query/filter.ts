import { QuerySyntaxError } from './errors.ts';
import { type Pattern, patternIn, wildcardsIn } from './pattern.ts';
import type { Scanner } from './scanner.ts';

/**
 * Boolean combination of conditions. Parsed filters are in normal form: groups have at least two members, no member is a
 * group of the same kind, and no member is `all`.
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

/** Boolean operators and conditions of a filter language. Operators are sticky regular expressions. */
export interface FilterLanguage<Condition> {
  /** Binary operators, from the lowest to the highest precedence. */
  groups: readonly { kind: 'and' | 'or'; between: RegExp }[];
  /** Negation operator. */
  not: RegExp;
  /** Parses a condition, or throws a QuerySyntaxError. */
  condition: (scanner: Scanner) => Filter<Condition>;
}

const MAX_CONDITIONS = 200;
const MAX_WILDCARDS = 10;

/** Parses a pattern. Limits its wildcards, because matching many of them is slow. */
export function expectPattern(scanner: Scanner, form: RegExp, name: string): Pattern {
  const place = scanner.place();
  const pattern = patternIn(scanner.expect(form, name));
  if (wildcardsIn(pattern) > MAX_WILDCARDS) {
    throw new QuerySyntaxError(place, `more than ${MAX_WILDCARDS} wildcards`);
  }
  return pattern;
}

/** Parses comma-separated values up to and including the closing parenthesis. */
export function expectList<Value>(scanner: Scanner, expectValue: () => Value): Value[] {
  const values: Value[] = [];
  do {
    if (values.length === MAX_CONDITIONS) {
      throw new QuerySyntaxError(scanner.place(), `more than ${MAX_CONDITIONS} values`);
    }
    values.push(expectValue());
  } while (scanner.take(',') !== undefined);
  scanner.expect(')', 'a comma or a closing parenthesis');
  return values;
}

/** Parses conditions with the operators of the language and parentheses. Throws a QuerySyntaxError. */
export function parseFilter<Condition extends { kind: string }>(
  scanner: Scanner,
  language: FilterLanguage<Condition>,
): Filter<Condition> {
  let conditions = 0;
  return group(0);

  function group(precedence: number): Filter<Condition> {
    const operator = language.groups[precedence];
    if (operator === undefined) return member();
    const members = [group(precedence + 1)];
    while (scanner.take(operator.between) !== undefined) members.push(group(precedence + 1));
    return combineFilters(operator.kind, members);
  }

  function member(): Filter<Condition> {
    if (scanner.take(language.not) !== undefined) return { kind: 'not', of: scanner.nested(member) };
    if (scanner.take('(') === undefined) {
      conditions += 1;
      if (conditions > MAX_CONDITIONS) {
        throw new QuerySyntaxError(scanner.place(), `more than ${MAX_CONDITIONS} conditions`);
      }
      return language.condition(scanner);
    }
    const inner = scanner.nested(() => group(0));
    scanner.expect(')', 'a closing parenthesis');
    return inner;
  }
}

/** Combines filters with AND or OR, in normal form. An empty list gives `all`. */
export function combineFilters<Condition extends { kind: string }>(
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

/** Merges the negations among the members of an AND: `a -b -c` becomes `a -(b OR c)`. */
export function withMergedNegations<Condition extends { kind: string }>(
  members: readonly Filter<Condition>[],
): readonly Filter<Condition>[] {
  const denied = members.flatMap((member) => (isNot(member) ? [member.of] : []));
  if (denied.length < 2) return members;
  return [...members.filter((member) => !isNot(member)), { kind: 'not', of: combineFilters('or', denied) }];
}

function isNot<Condition extends { kind: string }>(
  filter: Filter<Condition>,
): filter is { kind: 'not'; of: Filter<Condition> } {
  return filter.kind === 'not';
}

/** Returns a regular expression for an operator that is a whole word. */
export function word(letters: string, flags: 'iy' | 'y'): RegExp {
  return new RegExp(`(?:${letters})${WORD_ENDS}`, flags);
}

/** Regular expression source for the end of an operator that is a word. */
export const WORD_ENDS = String.raw`(?=[\s(){},"!]|$)`;

function isGroup<Condition extends { kind: string }>(
  filter: Filter<Condition>,
  kind: 'and' | 'or',
): filter is Group<Condition> {
  return filter.kind === kind;
}
