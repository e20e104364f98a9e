import { QueryError } from './errors.ts';
import { calculate, combine } from './combine.ts';
import { type Expression, type Operator, shiftOf } from './expression.ts';
import type { Result } from './result.ts';
import { applyToNumber, applyToResult, mapPoints } from './series-functions.ts';
import type { Work } from './work.ts';

/**
 * Evaluates a formula or a metrics query. Numbers are constant over time, so `a + 1` has points at the instants of `a`.
 *
 * @param lookUp returns the result of a leaf, shifted `shiftMs` into the past but labeled with unshifted instants
 * @throws QueryError for an expression without a leaf
 */
export function* evaluate<Leaf>(
  expression: Expression<Leaf>,
  lookUp: (leaf: Leaf, shiftMs: number) => Result,
): Work<Result> {
  // A stack instead of nested generators, which would pass each step through all levels of the expression.
  const operands: Operand[] = [];
  const pop = (): Operand => operands.pop() ?? null;
  for (const { of, shift } of inOrder(expression)) {
    if (of.kind === 'leaf') operands.push(lookUp(of.leaf, shift));
    else if (of.kind === 'number') operands.push(of.value);
    else if (of.kind === 'negate') operands.push(yield* operate('-', 0, pop()));
    else if (of.kind === 'binary') {
      const right = pop();
      operands.push(yield* operate(of.operator, pop(), right));
    } else {
      const operand = pop();
      const { name, parameters } = of;
      operands.push(
        isConstant(operand)
          ? applyToNumber(name, operand, parameters)
          : yield* applyToResult(name, operand, parameters),
      );
    }
  }
  const result = pop();
  if (isConstant(result)) throw new QueryError('a formula needs at least one query');
  return result;
}

/** Result, or value of an expression without a query. Null: undefined, such as `1 / 0`. */
type Operand = Result | number | null;

interface Step<Leaf> {
  of: Expression<Leaf>;
  /** Time shift into the past, in milliseconds. */
  shift: number;
}

/** Returns the parts of an expression in the order of their evaluation: operands before their operator. */
function inOrder<Leaf>(expression: Expression<Leaf>): Step<Leaf>[] {
  const steps: Step<Leaf>[] = [];
  visit(expression, 0);
  return steps;

  function visit(of: Expression<Leaf>, shift: number): void {
    if (of.kind === 'negate') visit(of.of, shift);
    else if (of.kind === 'call') visit(of.of, shift + shiftOf(of));
    else if (of.kind === 'binary') {
      visit(of.left, shift);
      visit(of.right, shift);
    }
    steps.push({ of, shift });
  }
}

function* operate(operator: Operator, left: Operand, right: Operand): Work<Operand> {
  if (isConstant(left)) {
    if (isConstant(right)) return calculate(operator, left, right);
    return yield* mapPoints(right, (value) => calculate(operator, left, value));
  }
  if (isConstant(right)) return yield* mapPoints(left, (value) => calculate(operator, value, right));
  return yield* combine(operator, left, right);
}

function isConstant(of: Operand): of is number | null {
  return of === null || typeof of === 'number';
}
