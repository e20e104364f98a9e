import { RESERVED_ATTRIBUTES } from '../../query/facet.ts';
import { addValue, type Attributes } from './attributes.ts';
import type { ReportLoss } from './losses.ts';

/** Attributes with a single value. A tag of the same name only counts if the event does not have the attribute. */
const SINGLE_VALUED = new Set(['status', 'ci_level', 'test_level']);

/**
 * Moves tags named like a reserved attribute, such as `service:payroll`, to the attributes. Searches and access
 * restrictions for `service` only read the attribute, so a tag would escape them.
 *
 * @param tags normalized tags
 */
export function withReserved(
  tags: readonly string[],
  attributes: Attributes,
  lose: ReportLoss,
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
    const existing = [joined.get(key) ?? []].flat();
    const isKnown =
      existing.some((one) => String(one) === value) || (existing.length > 0 && SINGLE_VALUED.has(key));
    if (value === '' || isKnown) continue;
    if (existing.length === 0) joined.set(key, value);
    else {
      addValue(existing, value, key, lose);
      joined.set(key, existing);
    }
  }
  return { tags: kept, attributes: Object.fromEntries(joined) };
}
