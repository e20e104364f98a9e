import type { Expression, Operator, Parameter } from './expression.ts';
import {
  type FunctionName,
  FUNCTIONS,
  isFunctionName,
  type ParameterType,
  similarFunction,
} from './functions.ts';
import { QuerySyntaxError } from './errors.ts';
import { listOf, NUMBER, type Scanner } from './scanner.ts';

// `a+a+a...` parses to a tree as deep as its number of operators, which the nesting limit of the scanner does not see.
const MAX_OPERATORS = 1000;

const CALLED_NAME = /[a-z_]\w*(?=\s*\()/iy;
const SIGNED_NUMBER = new RegExp(`-?${NUMBER.source}`, 'iy');

/**
 * Parses arithmetic and function calls over leaves. Precedence: unary minus, then `*` and `/`, then `+` and `-`; binary
 * operators are left-associative. Omitted parameters get their defaults.
 *
 * @param leaf parses a leaf, or throws a QuerySyntaxError
 * @throws QuerySyntaxError
 */
export function parseExpression<Leaf>(scanner: Scanner, leaf: (scanner: Scanner) => Leaf): Expression<Leaf> {
  let operators = 0;
  return sum();

  function sum(): Expression<Leaf> {
    return chain(['+', '-'], product);
  }

  function product(): Expression<Leaf> {
    return chain(['*', '/'], factor);
  }

  function chain(among: readonly Operator[], operand: () => Expression<Leaf>): Expression<Leaf> {
    let left = operand();
    for (;;) {
      const place = scanner.place();
      const operator = scanner.takeOneOf(among);
      if (operator === undefined) return left;
      operators += 1;
      if (operators > MAX_OPERATORS)
        throw new QuerySyntaxError(place, `more than ${MAX_OPERATORS} operators`);
      left = { kind: 'binary', operator, left, right: operand() };
    }
  }

  function factor(): Expression<Leaf> {
    if (scanner.take('-') !== undefined) return { kind: 'negate', of: scanner.nested(factor) };
    if (scanner.take('(') !== undefined) {
      const inner = scanner.nested(sum);
      scanner.expect(')', 'a closing parenthesis');
      return inner;
    }
    const value = scanner.takeNumber();
    if (value !== undefined) return { kind: 'number', value };

    const place = scanner.place();
    const name = scanner.take(CALLED_NAME);
    if (name === undefined) return { kind: 'leaf', leaf: leaf(scanner) };
    if (!isFunctionName(name)) throw new QuerySyntaxError(place, unknown(name));
    return call(name);
  }

  function call(name: FunctionName): Expression<Leaf> {
    scanner.expect('(', 'an opening parenthesis');
    const of = scanner.nested(sum);
    const types: readonly ParameterType[] = FUNCTIONS[name].parameters;
    const parameters = types.map((type) => parseParameter(scanner, name, type));
    const place = scanner.place();
    if (scanner.take(',') !== undefined) throw new QuerySyntaxError(place, tooMany(name, types.length));
    scanner.expect(')', 'a closing parenthesis');
    return { kind: 'call', name, of, parameters };
  }
}

/** Prints an expression, with parentheses only where precedence needs them. */
export function printExpression<Leaf>(
  expression: Expression<Leaf>,
  printLeaf: (leaf: Leaf) => string,
): string {
  return print(expression);

  function print(it: Expression<Leaf>): string {
    if (it.kind === 'leaf') return printLeaf(it.leaf);
    if (it.kind === 'number') return String(it.value);
    if (it.kind === 'negate') return `-${printOperand(it.of, precedenceOf(it))}`;
    if (it.kind === 'call') {
      return `${it.name}(${[print(it.of), ...it.parameters.map(printParameter)].join(', ')})`;
    }
    return `${printOperand(it.left, precedenceOf(it))} ${it.operator} ${printOperand(it.right, precedenceOf(it) + 1)}`;
  }

  /** Prints an operand, in parentheses if its precedence is lower than the required one. */
  function printOperand(it: Expression<Leaf>, precedence: number): string {
    return precedenceOf(it) < precedence ? `(${print(it)})` : print(it);
  }
}

function precedenceOf(expression: Expression<unknown>): number {
  if (expression.kind === 'binary') return expression.operator === '+' || expression.operator === '-' ? 1 : 2;
  return expression.kind === 'negate' ? 3 : 4;
}

function printParameter(parameter: Parameter): string {
  return typeof parameter === 'number' ? String(parameter) : `'${parameter}'`;
}

function parseParameter(scanner: Scanner, name: FunctionName, type: ParameterType): Parameter {
  const allowed = `the ${type.name} of ${name}, ${allowedIn(type)}`;
  if (scanner.take(',') === undefined) {
    if (type.default === undefined) throw scanner.expected(allowed);
    return type.default;
  }
  const place = scanner.place();
  const parameter =
    type.kind === 'number'
      ? scanner.takeNumber(SIGNED_NUMBER)
      : scanner.take(/'[^']*'|"[^"]*"/y)?.slice(1, -1);
  if (parameter === undefined || !allows(type, parameter)) throw scanner.expected(allowed, place);
  return parameter;
}

function allows(type: ParameterType, parameter: Parameter): boolean {
  if (type.kind === 'word') return type.values.some((value) => value === parameter);
  const { minimum = -Infinity, maximum = Infinity, integer } = type;
  const value = Number(parameter);
  return value >= minimum && value <= maximum && (integer === undefined || Number.isSafeInteger(value));
}

function allowedIn(type: ParameterType): string {
  if (type.kind === 'word') return listOf(type.values.map(printParameter));
  const { minimum, maximum, integer } = type;
  const sign = `${minimum === 1 ? 'positive ' : ''}${maximum === -1 ? 'negative ' : ''}`;
  const number = `a ${sign}${integer === undefined ? '' : 'whole '}number`;
  return minimum === undefined || minimum === 1 ? number : `${number} of at least ${minimum}`;
}

function unknown(name: string): string {
  const similar = similarFunction(name);
  return `unknown function "${name}"${similar === undefined ? '' : `, did you mean "${similar}"?`}`;
}

function tooMany(name: FunctionName, most: number): string {
  if (most === 0) return `${name} takes nothing besides the expression`;
  return `${name} takes at most ${most} ${most === 1 ? 'parameter' : 'parameters'} besides the expression`;
}
