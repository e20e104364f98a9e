import { literalOf, type Pattern, piecesOf } from '../../query/pattern.ts';

/** Tags as they are kept: normalised, sorted, none twice. */
export function normalizeTags(tags: readonly string[]): string[] {
  const kept = new Set(tags.map(normalizeTag));
  kept.delete('');
  return [...kept].toSorted();
}

/** The tags in a text with commas between. */
export function splitTags(text: string | null | undefined): string[] {
  return text ? text.split(',') : [];
}

/** A tag, or its key, as Datadog keeps it: in lower case, with an underscore for whatever a tag cannot have. */
export function normalizeTag(tag: string): string {
  if (/^[a-z0-9_\-:./]{1,200}$/.test(tag)) return tag;
  return toTagCharacters(tag.trim()).replace(/^(.{200}).*$/u, '$1');
}

/** The pattern of tags that somebody means who wrote them otherwise than they are kept. */
export function normalizeTagPattern(pattern: Pattern): Pattern {
  const literal = literalOf(pattern);
  if (literal !== undefined) return normalizeTag(literal);
  return piecesOf(pattern)
    .map(({ text, wildcard }) => (wildcard ? text : toTagCharacters(text)))
    .join('');
}

function toTagCharacters(text: string): string {
  return text
    .normalize()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_\-:./]/gu, '_');
}
