import { DomainError } from '../rules/errors.ts';

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

/**
 * Reads a text in one of the languages.
 *
 * @param what the text is of, for whoever wrote it: `Query "a"`
 * @throws DomainError `refused` that names it, the position of the mistake and what was expected
 */
export function readText<Value>(what: string, text: string, parse: (text: string) => Value): Value {
  const reading = check(parse, text);
  if (reading.fault !== undefined) throw new DomainError('refused', `${what}, ${reading.fault}`);
  return reading.meaning;
}

/** As much of a text as is needed to know which it is. */
export function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
