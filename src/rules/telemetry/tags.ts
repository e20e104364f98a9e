import type { ReportLoss } from './losses.ts';
import { literalOf, type Pattern, piecesOf } from '../../query/pattern.ts';

/** Maximum number of tags of an event or a series. */
export const MAX_TAGS = 200;

/** Returns the tags that an event or a series may have: the first ones. */
export function fitTags(tags: readonly string[], field: string, lose: ReportLoss): readonly string[] {
  if (tags.length <= MAX_TAGS) return tags;
  lose('too_many', field, `has more than ${MAX_TAGS} tags`);
  return tags.slice(0, MAX_TAGS);
}

/** Normalizes and sorts tags, and removes duplicates and empty tags. */
export function normalizeTags(tags: readonly string[]): string[] {
  const kept = new Set(tags.map(normalizeTag));
  kept.delete('');
  return [...kept].toSorted();
}

/** Splits comma-separated tags. Stops after one more than an event may have. */
export function splitTags(text: string | null | undefined): string[] {
  return text ? text.split(',', MAX_TAGS + 1) : [];
}

/** Normalizes a tag or tag key like Datadog: lower case, at most 200 characters, underscores for invalid characters. */
export function normalizeTag(tag: string): string {
  if (/^[a-z0-9_\-:./]{1,200}$/.test(tag)) return tag;
  // Normalizing a long text takes long, and shortens it by less than this factor.
  return toTagCharacters(tag.trim().slice(0, 1000)).replace(/^(.{200}).*$/u, '$1');
}

/** Normalizes a tag pattern like the stored tags, but keeps its wildcards. */
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
