/** Pattern in which `*` matches any text and `?` any one character. A backslash escapes the next character. */
export type Pattern = string;

/** Characters with a meaning. Most patterns have none, and there may be very many in the filters of an organization. */
const SPECIAL = /[\\*?]/;

/** Returns the pattern that only matches this text. */
export function patternOf(text: string): Pattern {
  if (!SPECIAL.test(text)) return text;
  return text.replaceAll(/[\\*?]/g, String.raw`\$&`);
}

/** Removes unnecessary escapes from a pattern: `web\-*` becomes `web-*`. */
export function patternIn(written: string): Pattern {
  if (!SPECIAL.test(written)) return written;
  return written.replaceAll(/\\([\s\S])/gu, (_, character: string) => patternOf(character));
}

/** Prints a pattern, with an escape before each literal character that does not match `plain`. */
export function writtenOf(pattern: Pattern, plain: RegExp): string {
  return piecesOf(pattern)
    .map(({ text, wildcard }) => (wildcard || plain.test(text) ? text : `\\${text}`))
    .join('');
}

/** Returns the text of a pattern without wildcards, or undefined for a pattern with wildcards. */
export function literalOf(pattern: Pattern): string | undefined {
  if (!SPECIAL.test(pattern)) return pattern;
  const pieces = piecesOf(pattern);
  return pieces.every(({ wildcard }) => !wildcard) ? pieces.map(({ text }) => text).join('') : undefined;
}

/** Converts a pattern to the syntax of SQL's `LIKE`. */
export function likeOf(pattern: Pattern): string {
  return piecesOf(pattern)
    .map(({ text, wildcard }) => {
      if (wildcard) return text === '*' ? '%' : '_';
      return text.replaceAll(/[\\%_]/g, String.raw`\$&`);
    })
    .join('');
}

/** Counts the wildcards of a pattern. */
export function wildcardsIn(pattern: Pattern): number {
  return SPECIAL.test(pattern) ? piecesOf(pattern).filter(({ wildcard }) => wildcard).length : 0;
}

/** Splits a pattern into unescaped characters and wildcards. */
export function piecesOf(pattern: Pattern): { text: string; wildcard: boolean }[] {
  return Array.from(pattern.matchAll(/\\(.)|[\s\S]/gsu), ([text, escaped]) =>
    escaped === undefined
      ? { text, wildcard: text === '*' || text === '?' }
      : { text: escaped, wildcard: false },
  );
}
