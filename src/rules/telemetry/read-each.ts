import { DomainError } from '../errors.ts';

/** A list can be wrong in more ways than anybody would read. */
const MAX_FAULTS = 100;

/**
 * Reads every item of a list, or none: throws `invalid` with the faults of all, each after its item's place.
 *
 * @param place where the list is: `data`; empty where it is the body
 */
export function readEach<Item, Result>(
  place: string,
  items: readonly Item[],
  read: (item: Item) => Result,
): Result[] {
  const results: Result[] = [];
  const faults: string[] = [];
  for (const [index, item] of items.entries()) {
    try {
      results.push(read(item));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      faults.push(...error.messages.map((message) => `${place}[${index}].${message}`));
      if (faults.length >= MAX_FAULTS) break;
    }
  }
  if (faults.length > 0) throw new DomainError('invalid', ...faults.slice(0, MAX_FAULTS));
  return results;
}
