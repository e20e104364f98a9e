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

/** A tag as Datadog keeps it: in lower case, with an underscore for whatever a tag cannot have. */
function normalizeTag(tag: string): string {
  if (/^[a-z0-9_\-:./]{1,200}$/.test(tag)) return tag;
  return tag
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_\-:./]/gu, '_')
    .replace(/^(.{200}).*$/u, '$1');
}
