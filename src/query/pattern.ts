/** Text in which `*` stands for any text, and `?` for any one character, unless after a backslash. */
export type Pattern = string;

/** The pattern of just this text. */
export function patternOf(text: string): Pattern {
  return text.replaceAll(/[\\*?]/g, String.raw`\$&`);
}

/** The pattern that somebody wrote with more backslashes than it needs: `web\-*` is `web-*`. */
export function patternIn(written: string): Pattern {
  return written.replaceAll(/\\([\s\S])/gu, (_, character: string) => patternOf(character));
}

/** How to write a pattern where only plain characters stand for themselves: the others get a backslash. */
export function writtenOf(pattern: Pattern, plain: RegExp): string {
  return piecesOf(pattern)
    .map(({ text, wildcard }) => (wildcard || plain.test(text) ? text : `\\${text}`))
    .join('');
}

/** The one text that a pattern stands for; undefined: there are several. */
export function literalOf(pattern: Pattern): string | undefined {
  const pieces = piecesOf(pattern);
  return pieces.every(({ wildcard }) => !wildcard) ? pieces.map(({ text }) => text).join('') : undefined;
}

/** The pattern as SQL's `like` has it. */
export function likeOf(pattern: Pattern): string {
  return piecesOf(pattern)
    .map(({ text, wildcard }) => {
      if (wildcard) return text === '*' ? '%' : '_';
      return text.replaceAll(/[\\%_]/g, String.raw`\$&`);
    })
    .join('');
}

/** The characters of a pattern, without the backslashes that make them stand for themselves. */
export function piecesOf(pattern: Pattern): { text: string; wildcard: boolean }[] {
  return Array.from(pattern.matchAll(/\\(.)|[\s\S]/gsu), ([text, escaped]) =>
    escaped === undefined
      ? { text, wildcard: text === '*' || text === '?' }
      : { text: escaped, wildcard: false },
  );
}
