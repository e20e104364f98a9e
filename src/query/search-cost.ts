import { QueryError, tryParse } from './errors.ts';
import { type EventFilter, parseEventsSearch } from './events-search.ts';
import { withMergedNegations } from './filter.ts';

/** Maximum number of words in the terms and phrases of a search. */
const MAX_WORDS = 100;

/** Maximum length of the words in the terms and phrases of a search, in characters. */
const MAX_WORD_CHARACTERS = 2000;

/** Maximum number of terms and phrases that are looked up one by one, because PostgreSQL keeps 32 regular expressions compiled. */
const MAX_TESTS = 25;

/**
 * Parses a search, and limits the time that finding its words takes. Searches without words cost little.
 *
 * @returns the filter, or what is wrong with the text
 */
export function tryParseSearch(text: string): { parsed: EventFilter; fault?: undefined } | { fault: string } {
  const read = tryParse(parseEventsSearch, text);
  if (read.fault !== undefined) return read;
  const { words, characters } = wordsOf(read.parsed);
  if (words > MAX_WORDS) return { fault: `has ${words} words, and at most ${MAX_WORDS} are possible` };
  if (characters > MAX_WORD_CHARACTERS) {
    return {
      fault: `has words of ${characters} characters, and at most ${MAX_WORD_CHARACTERS} are possible`,
    };
  }
  const tests = testsOf(read.parsed);
  if (tests <= MAX_TESTS) return read;
  return { fault: `looks up ${tests} terms or phrases one by one, and at most ${MAX_TESTS} are possible` };
}

/**
 * Parses a search as {@link tryParseSearch} does.
 *
 * @param name name of the text in error messages: `Query "a", search`
 * @throws QueryError with the name and what is wrong
 */
export function parseSearch(name: string, text: string): EventFilter {
  const read = tryParseSearch(text);
  if (read.fault !== undefined) throw new QueryError(`${name}, ${read.fault}`);
  return read.parsed;
}

function wordsOf(filter: EventFilter): { words: number; characters: number } {
  if (filter.kind === 'text' || filter.kind === 'anywhere') {
    return { words: filter.words.length, characters: filter.words.join('').length };
  }
  const parts = filter.kind === 'not' ? [filter.of] : 'of' in filter ? filter.of : [];
  const total = { words: 0, characters: 0 };
  for (const { words, characters } of parts.map(wordsOf)) {
    total.words += words;
    total.characters += characters;
  }
  return total;
}

/** Counts the regular expressions of a filter. The terms of an OR become one. */
function testsOf(filter: EventFilter): number {
  if (filter.kind === 'text' || filter.kind === 'anywhere') return 1;
  if (filter.kind === 'not') return testsOf(filter.of);
  if (filter.kind === 'and') return sum(withMergedNegations(filter.of).map(testsOf));
  if (filter.kind !== 'or') return 0;
  const others = filter.of.filter(({ kind }) => kind !== 'text');
  return sum(others.map(testsOf)) + (others.length < filter.of.length ? 1 : 0);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
