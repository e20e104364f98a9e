/** What is wrong with the text of a query, and where. Whoever knows the query's name says which one it is. */
export class QueryMistake extends Error {
  override readonly name = 'QueryMistake';
  /** Where in the text, counted from 1. */
  readonly position: number;

  constructor(position: number, message: string) {
    super(message);
    this.position = position;
  }
}

/** What a text means, or what is wrong with it, in words: `position 7: expected a value`. */
export function check<Meaning>(
  parse: (text: string) => Meaning,
  text: string,
): { meaning: Meaning; fault?: undefined } | { fault: string } {
  try {
    return { meaning: parse(text) };
  } catch (error) {
    if (!(error instanceof QueryMistake)) throw error;
    return { fault: `position ${error.position}: ${error.message}` };
  }
}
