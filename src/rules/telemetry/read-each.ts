import { detail, DomainError, type ErrorDetail } from '../errors.ts';

/** Maximum number of faults in one error. */
const MAX_FAULTS = 100;

/**
 * Converts every item of a list. If any item is invalid, throws `invalid` with the faults of all items, each prefixed with
 * the path of its item.
 *
 * @param place path of the list in the body, such as `data`; empty if the list is the body
 */
export function readEach<Item, Result>(
  place: string,
  items: readonly Item[],
  read: (item: Item) => Result,
): Result[] {
  const results: Result[] = [];
  const faults: ErrorDetail[] = [];
  for (const [index, item] of items.entries()) {
    try {
      results.push(read(item));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      faults.push(...error.details.map((fault) => within(`${place}[${index}].`, fault)));
      if (faults.length >= MAX_FAULTS) break;
    }
  }
  if (faults.length > 0) throw new DomainError('invalid', faults.slice(0, MAX_FAULTS));
  return results;
}

function within(prefix: string, fault: ErrorDetail): ErrorDetail {
  if (fault.code !== 'field_invalid') return fault;
  const { field, problem } = fault.params;
  return detail('field_invalid', { field: `${prefix}${field}`, problem });
}
