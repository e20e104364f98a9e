import type { FunctionName } from './functions.ts';

/**
 * Arithmetic and functions over leaves: a formula's leaves are names of queries, a metrics query's are selectors. Both
 * languages share it.
 */
export type Expression<Leaf> =
  | { kind: 'leaf'; leaf: Leaf }
  | { kind: 'number'; value: number }
  | { kind: 'negate'; of: Expression<Leaf> }
  | { kind: 'binary'; operator: Operator; left: Expression<Leaf>; right: Expression<Leaf> }
  | { kind: 'call'; name: FunctionName; of: Expression<Leaf>; parameters: readonly Parameter[] };

export type Operator = '+' | '-' | '*' | '/';

/** What a function is given besides the expression: `top(a, 10, 'mean', 'desc')`. */
export type Parameter = number | string;
