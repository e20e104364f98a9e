/** Error for a query or formula that cannot be run. The message is for the author of the query. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
}

/** Syntax error in the text of a query. The caller adds the name of the query. */
export class QuerySyntaxError extends Error {
  override readonly name = 'QuerySyntaxError';
  /** Position in the text, counted from 1. */
  readonly position: number;

  constructor(position: number, message: string) {
    super(message);
    this.position = position;
  }
}

/** Parses a text. Returns the result, or the syntax error as a message: `position 7: expected a value`. */
export function tryParse<Parsed>(
  parse: (text: string) => Parsed,
  text: string,
): { parsed: Parsed; fault?: undefined } | { parsed?: undefined; fault: string } {
  try {
    return { parsed: parse(text) };
  } catch (error) {
    if (!(error instanceof QuerySyntaxError)) throw error;
    return { fault: `position ${error.position}: ${error.message}` };
  }
}

/**
 * Parses a text.
 *
 * @param name name of the text in error messages: `Query "a"`
 * @throws QueryError with the name, the position of the syntax error and what was expected
 */
export function parseText<Parsed>(name: string, text: string, parse: (text: string) => Parsed): Parsed {
  const result = tryParse(parse, text);
  if (result.fault !== undefined) throw new QueryError(`${name}, ${result.fault}`);
  return result.parsed;
}

/** Truncates a text for an error message. */
export function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
