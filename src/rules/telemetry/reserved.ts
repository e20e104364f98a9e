import { RESERVED_ATTRIBUTES } from '../../query/events-search.ts';
import { type Attributes, requireFew } from './attributes.ts';

/** What an event has once, so that a tag counts only where the event says nothing of it. */
const SINGLE = new Set(['status', 'ci_level', 'test_level']);

/**
 * Makes values of reserved attributes of the tags that have their names: `service:payroll`. A search for `service` means
 * the attribute, and so does whatever restricts who sees which events; nothing escapes either as a tag. Throws `invalid`.
 *
 * @param tags normalised
 */
export function withReserved(
  tags: readonly string[],
  attributes: Attributes,
): { tags: string[]; attributes: Attributes } {
  const kept: string[] = [];
  const joined = new Map(Object.entries(attributes));
  for (const tag of tags) {
    const [key = ''] = tag.split(':', 1);
    if (key === tag || !RESERVED_ATTRIBUTES.includes(key)) {
      kept.push(tag);
      continue;
    }
    const value = tag.slice(key.length + 1);
    const there = [joined.get(key) ?? []].flat();
    const isKnown = there.some((one) => String(one) === value) || (there.length > 0 && SINGLE.has(key));
    if (value === '' || isKnown) continue;
    const all = [...there, value];
    requireFew(all, key);
    joined.set(key, there.length === 0 ? value : all);
  }
  return { tags: kept, attributes: Object.fromEntries(joined) };
}
