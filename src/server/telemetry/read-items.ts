import { detail, DomainError, type ErrorDetail } from '../../rules/errors.ts';
import type { Losses, ReportLoss } from '../../rules/telemetry/losses.ts';
import type { Work } from '../../query/work.ts';
import { runWork } from './run-work.ts';

/** Maximum number of details in the error of a request that cannot be read at all. */
const MAX_FAULTS = 100;

/**
 * Converts the items of an intake request one by one, and reports those that cannot be stored. `read` returns undefined for an
 * item that it has reported itself.
 *
 * @param place path of the list in the body, such as `data`; empty if the list is the body
 * @throws DomainError `invalid` if there are items and none of them can be read
 */
export function readItems<Result>(
  place: string,
  items: readonly unknown[],
  losses: Losses,
  read: (item: unknown, lose: ReportLoss) => Result | undefined,
): Promise<Result[]> {
  return runWork(readEach());

  function* readEach(): Work<Result[]> {
    const results: Result[] = [];
    const faults: ErrorDetail[] = [];
    let readable = 0;
    for (const [index, item] of items.entries()) {
      const path = `${place}[${index}]`;
      try {
        const result = read(item, losses.of(path));
        readable += 1;
        if (result !== undefined) results.push(result);
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        const details = error.details.map((fault) => within(path, fault));
        for (const fault of details.slice(0, 1)) losses.add('malformed', () => fault);
        if (faults.length < MAX_FAULTS) faults.push(...details);
      }
      yield 1;
    }
    if (faults.length > 0 && readable === 0) throw new DomainError('invalid', faults.slice(0, MAX_FAULTS));
    return results;
  }
}

/** Returns a fault with the path of its item before its field. A fault of the item itself has the field `body`. */
function within(path: string, fault: ErrorDetail): ErrorDetail {
  if (fault.code !== 'field_invalid') return fault;
  const { field, problem } = fault.params;
  return detail('field_invalid', { field: field === 'body' ? path : `${path}.${field}`, problem });
}
