import type { Token } from '../../ui/suggest-field.tsx';

/** The whole text. */
export function wholeText(text: string): Token {
  return { text, from: 0, to: text.length };
}

/** The tag at the caret in a scope such as `env:prod AND (service:web OR !host:x)`. */
export function tagAt(text: string, caret: number): Token {
  return wordAt(text, caret, /[^\s,(){}!]/);
}

/** The key at the caret in a list of keys. */
export function keyAt(text: string, caret: number): Token {
  return wordAt(text, caret, /[^\s,]/);
}

/** The attribute at the caret in a search such as `service:web -@http.status_code:(200 OR 404)`. */
export function termAt(text: string, caret: number): Token {
  return wordAt(text, caret, /[^\s()]/, /^-/);
}

/** The name at the caret in a formula such as `100 * errors / requests`. */
export function nameAt(text: string, caret: number): Token {
  return wordAt(text, caret, /\w/);
}

/** Returns the characters around the caret that belong to a word, without a prefix. */
function wordAt(text: string, caret: number, character: RegExp, prefix?: RegExp): Token {
  let from = caret;
  let to = caret;
  while (from > 0 && character.test(text[from - 1] ?? '')) from -= 1;
  while (to < text.length && character.test(text[to] ?? '')) to += 1;
  const skipped = prefix?.exec(text.slice(from, to))?.[0].length ?? 0;
  return { text: text.slice(from + skipped, to), from: from + skipped, to };
}
