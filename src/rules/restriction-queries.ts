import { DomainError } from './errors.ts';
import { tryParse } from '../query/errors.ts';
import { parseEventsSearch } from '../query/events-search.ts';

/** As many restriction queries an organization may have. */
const MAX_RESTRICTION_QUERIES = 1000;

/** Throws `invalid`, saying where and what was expected, if a text is no search for logs. */
export function requireSearch(text: string): void {
  const { fault } = tryParse(parseEventsSearch, text);
  if (fault !== undefined) throw new DomainError('invalid', `data.attributes.restriction_query: ${fault}`);
}

/** Throws `refused` unless there is room for one more restriction query in an organization. */
export function requireRoomForRestrictionQuery(orgId: string, count: number): void {
  if (count < MAX_RESTRICTION_QUERIES) return;
  throw new DomainError(
    'refused',
    `org ${orgId} already has the maximum of ${MAX_RESTRICTION_QUERIES} restriction queries`,
  );
}
