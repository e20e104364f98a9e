import { QueryMistake } from './mistake.ts';

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
