import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Expression, Operator, Parameter } from '../../src/query/expression.ts';
import { parseFormula, printFormula } from '../../src/query/formula.ts';
import type { FunctionName } from '../../src/query/functions.ts';
import { expressionsOver, hostileTexts } from './arbitrary.ts';
import { syntaxErrorIn } from './syntax-error-in.ts';

type Formula = Expression<string>;

const query = (leaf: string): Formula => ({ kind: 'leaf', leaf });
const number = (value: number): Formula => ({ kind: 'number', value });
const negate = (of: Formula): Formula => ({ kind: 'negate', of });
const binary = (left: Formula, operator: Operator, right: Formula): Formula => ({
  kind: 'binary',
  operator,
  left,
  right,
});
const call = (name: FunctionName, of: Formula, ...parameters: Parameter[]): Formula => ({
  kind: 'call',
  name,
  of,
  parameters,
});
const a = query('a');
const b = query('b');
const c = query('c');

describe('a formula', () => {
  it.each<[string, string, Formula]>([
    ['names a query', 'a', a],
    ['names a query with digits and underscores', ' _query1 ', query('_query1')],
    ['may name a query like a function', 'top + abs', binary(query('top'), '+', query('abs'))],
    ['has whole numbers', '3', number(3)],
    ['has fractions', '0.5', number(0.5)],
    ['has fractions without a zero before the point', '.5', number(0.5)],
    ['has powers of ten', '1e3', number(1000)],
    ['has small powers of ten', '2.5E-1', number(0.25)],
    ['adds', 'a + b', binary(a, '+', b)],
    ['needs no spaces', 'a+b', binary(a, '+', b)],
    ['subtracts from the left', 'a - b - c', binary(binary(a, '-', b), '-', c)],
    ['divides from the left', 'a / b / c', binary(binary(a, '/', b), '/', c)],
    ['multiplies before it adds', 'a + b * c', binary(a, '+', binary(b, '*', c))],
    ['does first what is in parentheses', '(a + b) * c', binary(binary(a, '+', b), '*', c)],
    ['negates', '-a', negate(a)],
    ['negates numbers', '-3', negate(number(3))],
    ['negates before it multiplies', '-a * b', binary(negate(a), '*', b)],
    ['negates after an operator', 'a - -b', binary(a, '-', negate(b))],
    ['negates twice', '--a', negate(negate(a))],
    ['calls functions', 'abs(a)', call('abs', a)],
    ['calls functions of arithmetic', 'abs(a - b)', call('abs', binary(a, '-', b))],
    ['calls functions of functions', 'cumsum( abs (a) )', call('cumsum', call('abs', a))],
    ['gives functions numbers', 'clamp_min(a, 0.5)', call('clamp_min', a, 0.5)],
    ['gives functions negative numbers', 'clamp_max(a, -5)', call('clamp_max', a, -5)],
    ['gives functions words', "top(a, 5, 'max', 'asc')", call('top', a, 5, 'max', 'asc')],
    ['gives functions words in double quotes', 'top(a,5,"max","asc")', call('top', a, 5, 'max', 'asc')],
    ['leaves out what has a default', 'top(a, 5)', call('top', a, 5, 'mean', 'desc')],
    ['leaves out one of two defaults', "top(a, 5, 'sum')", call('top', a, 5, 'sum', 'desc')],
    ['rolls up over what moves along', 'moving_rollup(a, 60)', call('moving_rollup', a, 60, 'avg')],
    ['looks back', 'timeshift(a, -3600)', call('timeshift', a, -3600)],
  ])('%s: %s', (_, text, formula) => {
    expect(parseFormula(text)).toEqual(formula);
    expect(parseFormula(printFormula(formula))).toEqual(formula);
  });

  it.each<[string, number, string]>([
    ['', 1, 'expected the name of a query, a number or a function, found the end'],
    ['a +', 4, 'expected the name of a query, a number or a function, found the end'],
    ['a + * b', 5, 'expected the name of a query, a number or a function, found "*"'],
    ['a b', 3, 'expected an operator or the end, found "b"'],
    ['3a', 2, 'expected an operator or the end, found "a"'],
    ['a)', 2, 'expected an operator or the end, found ")"'],
    ['(a + b', 7, 'expected a closing parenthesis, found the end'],
    ['a + 1e999', 5, 'expected a smaller number, found "1e999"'],
    ['a + mov_rollup(b, 60)', 5, 'unknown function "mov_rollup", did you mean "moving_rollup"?'],
    ['ABS(a)', 1, 'unknown function "ABS", did you mean "abs"?'],
    ['toString(a)', 1, 'unknown function "toString"'],
    ['abs()', 5, 'expected the name of a query, a number or a function, found ")"'],
    ['abs(a, 1)', 6, 'abs takes nothing besides the expression'],
    ['abs(a b)', 7, 'expected a closing parenthesis, found "b"'],
    ['clamp_min(a, 1, 2)', 15, 'clamp_min takes at most 1 parameter besides the expression'],
    ["top(a, 1, 'max', 'asc', 2)", 23, 'top takes at most 3 parameters besides the expression'],
    ['top(a)', 6, 'expected the count of top, a positive whole number, found ")"'],
    ['top(a, 0)', 8, 'expected the count of top, a positive whole number, found "0"'],
    ['top(a, 1.5)', 8, 'expected the count of top, a positive whole number, found "1.5"'],
    ["top(a, 'max')", 8, "expected the count of top, a positive whole number, found 'max'"],
    ["top(a, 5, 'mean', 'up')", 19, "expected the order of top, 'desc' or 'asc', found 'up'"],
    ['top(a, 5, "mean", desc)', 19, `expected the order of top, 'desc' or 'asc', found "desc"`],
    [
      'moving_rollup(a, 60, "p95")',
      22,
      `expected the method of moving_rollup, 'avg', 'sum', 'min', 'max' or 'count', found "p95"`,
    ],
    ['clamp_min(a, x)', 14, 'expected the minimum of clamp_min, a number, found "x"'],
    [
      'timeshift(a, 3600)',
      14,
      'expected the seconds of timeshift, a negative whole number of at least -315360000, found "3600"',
    ],
    [
      'timeshift(a, -1e12)',
      14,
      'expected the seconds of timeshift, a negative whole number of at least -315360000, found "-1e12"',
    ],
  ])('says where it is wrong, and what would be right: %s', (text, position, message) => {
    expect(syntaxErrorIn(parseFormula, text)).toEqual([position, message]);
  });

  it.each<[string, string, string]>([
    ['many parentheses', '('.repeat(5000), 'nested too deep'],
    ['many signs', '-'.repeat(5000), 'nested too deep'],
    ['many functions', 'abs('.repeat(2000), 'nested too deep'],
    ['many operators', 'a+'.repeat(4999), 'more than 1000 operators'],
    ['long text', ' '.repeat(10_001), 'longer than 10000 characters'],
  ])('cannot do harm with %s', (_, text, message) => {
    expect(syntaxErrorIn(parseFormula, text)?.[1]).toBe(message);
  });

  it('may be nested a hundred levels deep', () => {
    expect(parseFormula(`${'('.repeat(100)}a${')'.repeat(100)}`)).toEqual(a);
    expect(syntaxErrorIn(parseFormula, `${'('.repeat(101)}a${')'.repeat(101)}`)).toEqual([
      102,
      'nested too deep',
    ]);
  });

  it.each([
    ['((a)) + (b * c)', 'a + b * c'],
    ['a-(b-c)', 'a - (b - c)'],
    ['a/(b*c)', 'a / (b * c)'],
    ['-(a+b)', '-(a + b)'],
    ['top(a,5)', "top(a, 5, 'mean', 'desc')"],
  ])('prints %s as %s', (text, printed) => {
    expect(printFormula(parseFormula(text))).toBe(printed);
  });

  it('means the same after it was printed', () => {
    const names = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,5}$/);
    fc.assert(
      fc.property(expressionsOver(names), (formula) => {
        expect(parseFormula(printFormula(formula))).toEqual(formula);
      }),
      { numRuns: 1000 },
    );
  });

  it('has nothing worse than a mistake, whatever it says', () => {
    fc.assert(
      fc.property(hostileTexts, (text) => {
        syntaxErrorIn(parseFormula, text);
      }),
      { numRuns: 2000 },
    );
  });
});
