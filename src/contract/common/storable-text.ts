/** Why PostgreSQL cannot keep a text, in words that follow its name; undefined if it can. */
export function storageFault(text: string): string | undefined {
  if (text.includes('\0')) return 'must not contain the character NUL';
  if (!text.isWellFormed()) return 'must be well-formed Unicode';
  return undefined;
}
