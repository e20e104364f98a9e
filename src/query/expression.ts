import type { FunctionName } from './functions.ts';

/**
 * Syntax tree of arithmetic and function calls over leaves. The leaves of a formula are query names, those of a metrics
 * query are selectors. Numbers are not negative: `-3` is the negation of 3.
 */
export type Expression<Leaf> =
  | { kind: 'leaf'; leaf: Leaf }
  | { kind: 'number'; value: number }
  | { kind: 'negate'; of: Expression<Leaf> }
  | { kind: 'binary'; operator: Operator; left: Expression<Leaf>; right: Expression<Leaf> }
  | { kind: 'call'; name: FunctionName; of: Expression<Leaf>; parameters: readonly Parameter[] };

export type Operator = '+' | '-' | '*' | '/';

/** Parameter of a function after the expression: 10, `mean` and `desc` in `top(a, 10, 'mean', 'desc')`. */
export type Parameter = number | string;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SHIFTS: Partial<Record<FunctionName, number>> = {
  hour_before: HOUR,
  day_before: DAY,
  week_before: 7 * DAY,
  month_before: 28 * DAY,
};

/** Returns every leaf, with its time shift into the past in milliseconds. Nested shifts add up. */
export function leavesOf<Leaf>(
  expression: Expression<Leaf>,
  shift = 0,
): readonly { leaf: Leaf; shift: number }[] {
  if (expression.kind === 'leaf') return [{ leaf: expression.leaf, shift }];
  if (expression.kind === 'number') return [];
  if (expression.kind === 'negate') return leavesOf(expression.of, shift);
  if (expression.kind === 'call') return leavesOf(expression.of, shift + shiftOf(expression));
  return [...leavesOf(expression.left, shift), ...leavesOf(expression.right, shift)];
}

/** Returns the time shift of a function call into the past, in milliseconds: an hour for `hour_before(a)`, 0 for most. */
export function shiftOf({ name, parameters: [seconds] }: Call): number {
  return name === 'timeshift' ? -1000 * Number(seconds) : (SHIFTS[name] ?? 0);
}

type Call = Pick<Extract<Expression<unknown>, { kind: 'call' }>, 'name' | 'parameters'>;
