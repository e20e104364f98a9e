import { QuerySyntaxError } from '../../src/query/errors.ts';

/** Where a text has its mistake and what it is; undefined: it has none. Whatever else is thrown goes on. */
export function syntaxErrorIn(
  parse: (text: string) => unknown,
  text: string,
): readonly [number, string] | undefined {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof QuerySyntaxError)) throw error;
    return [error.position, error.message];
  }
}
