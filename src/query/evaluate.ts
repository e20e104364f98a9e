import { QueryError } from './errors.ts';
import { calculate, combine } from './combine.ts';
import { type Expression, type Operator, shiftOf } from './expression.ts';
import type { Result } from './result.ts';
import { applyToNumber, applyToResult, mapPoints } from './series-functions.ts';

/**
 * Evaluates a formula or a metrics query. Numbers are constant over time, so `a + 1` has points at the instants of `a`.
 *
 * @param lookUp returns the result of a leaf, shifted `shiftMs` into the past but labeled with unshifted instants
 * @throws QueryError for an expression without a leaf
 */
export function evaluate<Leaf>(
  expression: Expression<Leaf>,
  lookUp: (leaf: Leaf, shiftMs: number) => Result,
): Result {
  const result = evaluateShifted(expression, lookUp, 0);
  if (isConstant(result)) throw new QueryError('a formula needs at least one query');
  return result;
}

/** Value of an expression without a query. Null: undefined, such as `1 / 0`. */
type Constant = number | null;

function evaluateShifted<Leaf>(
  expression: Expression<Leaf>,
  lookUp: (leaf: Leaf, shiftMs: number) => Result,
  shift: number,
): Result | Constant {
  if (expression.kind === 'leaf') return lookUp(expression.leaf, shift);
  if (expression.kind === 'number') return expression.value;
  if (expression.kind === 'negate') return operate('-', 0, evaluateShifted(expression.of, lookUp, shift));
  if (expression.kind === 'binary') {
    const left = evaluateShifted(expression.left, lookUp, shift);
    return operate(expression.operator, left, evaluateShifted(expression.right, lookUp, shift));
  }
  const { name, parameters } = expression;
  const of = evaluateShifted(expression.of, lookUp, shift + shiftOf(expression));
  return isConstant(of) ? applyToNumber(name, of, parameters) : applyToResult(name, of, parameters);
}

function operate(operator: Operator, left: Result | Constant, right: Result | Constant): Result | Constant {
  if (isConstant(left)) {
    if (isConstant(right)) return calculate(operator, left, right);
    return mapPoints(right, (value) => calculate(operator, left, value));
  }
  if (isConstant(right)) return mapPoints(left, (value) => calculate(operator, value, right));
  return combine(operator, left, right);
}

function isConstant(of: Result | Constant): of is Constant {
  return of === null || typeof of === 'number';
}
