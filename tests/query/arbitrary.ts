import * as fc from 'fast-check';
import type { Expression } from '../../src/query/expression.ts';
import { type Filter, combineFilters } from '../../src/query/filter.ts';
import { FUNCTIONS, isFunctionName, type ParameterType } from '../../src/query/functions.ts';
import { type Pattern, patternOf } from '../../src/query/pattern.ts';

/** Any expression over the leaves. */
export function expressionsOver<Leaf>(leaves: fc.Arbitrary<Leaf>): fc.Arbitrary<Expression<Leaf>> {
  return fc.letrec<{ expression: Expression<Leaf> }>((tie) => ({
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaves.map((leaf): Expression<Leaf> => ({ kind: 'leaf', leaf })),
      fc.double({ min: 0, noNaN: true, maxExcluded: true }).map((value): Expression<Leaf> => ({
        kind: 'number',
        value: value === 0 ? 0 : value,
      })),
      tie('expression').map((of): Expression<Leaf> => ({ kind: 'negate', of })),
      fc.record({
        kind: fc.constant('binary' as const),
        operator: fc.constantFrom('+', '-', '*', '/'),
        left: tie('expression'),
        right: tie('expression'),
      }),
      fc.constantFrom(...Object.keys(FUNCTIONS).filter(isFunctionName)).chain((name) =>
        fc.record({
          kind: fc.constant('call' as const),
          name: fc.constant(name),
          of: tie('expression'),
          parameters: fc.tuple(...FUNCTIONS[name].parameters.map(parametersOf)),
        }),
      ),
    ),
  })).expression;
}

function parametersOf(type: ParameterType): fc.Arbitrary<number | string> {
  if (type.kind === 'word') return fc.constantFrom(...type.values);
  const { minimum, maximum } = type;
  return fc.integer({
    ...(minimum !== undefined && { min: minimum }),
    ...(maximum !== undefined && { max: maximum }),
  });
}

/** Any filter over the conditions, in normal form. */
export function filtersOver<Condition extends { kind: string }>(
  conditions: fc.Arbitrary<Condition>,
): fc.Arbitrary<Filter<Condition>> {
  return fc.letrec<{ filter: Filter<Condition> }>((tie) => ({
    filter: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      conditions,
      fc.constant<Filter<Condition>>({ kind: 'all' }),
      tie('filter').map((of): Filter<Condition> => ({ kind: 'not', of })),
      fc
        .tuple(fc.constantFrom('and', 'or'), fc.array(tie('filter'), { maxLength: 4 }))
        .map(([kind, of]) => combineFilters(kind, of)),
    ),
  })).filter;
}

/** Texts of what languages give a meaning to, and of what they do not. */
export const words = fc.string({
  unit: fc.oneof(
    fc.constantFrom('a', 'b', 'Z', '0', '9', '_', '-', '.', '/', ':', '\u00e9', '\u0307', '\u{1F600}'),
    fc.constantFrom('AND', 'OR', 'NOT', 'IN', 'TO', 'or', '*', '?', '\\', '"', "'", '@', '!', '(', ')'),
    fc.constantFrom('{', '}', '[', ']', '<', '>', '=', ',', '+', ' ', '\n'),
  ),
  minLength: 1,
  maxLength: 8,
});

/** Patterns that have no backslash more than they need. */
export const patterns: fc.Arbitrary<Pattern> = fc
  .array(fc.oneof(fc.constantFrom('*', '?'), words.map(patternOf)), { minLength: 1, maxLength: 3 })
  .map((pieces) => pieces.join(''));

/** Texts that look like queries, and now and then are. */
export const hostileTexts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.oneof(
        words,
        fc.constantFrom(
          'avg:a',
          '{*}',
          'by {',
          '.rollup(',
          'top(',
          'abs(',
          'a',
          '5',
          ', ',
          "'mean'",
          ' IN (',
        ),
        fc.constantFrom('a:', '@a:', '>=', '[1 TO ', '*', ']', '}', ')', '(', '-', '!', '"', '\\', ' + '),
        fc.constantFrom(' AND ', ' OR ', ' NOT '),
      ),
      { maxLength: 12 },
    )
    .map((pieces) => pieces.join('')),
);
