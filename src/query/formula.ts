import type { Expression } from './expression.ts';
import { parseExpression, printExpression } from './expression-syntax.ts';
import { Scanner } from './scanner.ts';

/**
 * Parses a formula over named queries: `100 * errors / requests`, `top(a, 5)`. Throws a QuerySyntaxError.
 *
 * @param onName is called with each name of a query and its position, counted from 1
 */
export function parseFormula(
  text: string,
  onName?: (name: string, position: number) => void,
): Expression<string> {
  const scanner = new Scanner(text);
  const formula = parseExpression(scanner, () => {
    const position = scanner.place();
    const name = scanner.expect(/[a-z_]\w*/iy, 'the name of a query, a number or a function');
    onName?.(name, position);
    return name;
  });
  scanner.expectEnd('an operator or the end');
  return formula;
}

/**
 * Prints a formula in its normal form.
 *
 * @public The widget editor will print queries.
 */
export function printFormula(formula: Expression<string>): string {
  return printExpression(formula, (name) => name);
}
