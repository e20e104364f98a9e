import { QueryMistake } from '../../src/query/mistake.ts';

/** Where a text has its mistake and what it is; undefined: it has none. Whatever else is thrown goes on. */
export function mistakeIn(
  parse: (text: string) => unknown,
  text: string,
): readonly [number, string] | undefined {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof QueryMistake)) throw error;
    return [error.position, error.message];
  }
}
