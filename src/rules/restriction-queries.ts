import { invalidField, maximumReached } from './errors.ts';
import { tryParseSearch } from '../query/search-cost.ts';

/** Maximum number of restriction queries per organization. */
const MAX_RESTRICTION_QUERIES = 1000;

/** Maximum number of restriction queries per role. They are parsed for each query of logs. */
const MAX_OF_ROLE = 100;

/**
 * Throws `invalid`, with the position and the expected syntax, if a text is not a log search. Stored texts may exceed its limits,
 * and stay in force.
 */
export function requireSearch(text: string): void {
  const { fault } = tryParseSearch(text);
  if (fault !== undefined) throw invalidField('data.attributes.restriction_query', fault);
}

/** Throws `refused` if a role already has the maximum number of restriction queries, besides the one to add. */
export function requireRoomInRole(roleId: string, count: number): void {
  if (count >= MAX_OF_ROLE) throw maximumReached(`role ${roleId}`, MAX_OF_ROLE, 'restriction queries');
}

/** Throws `refused` if an organization already has the maximum number of restriction queries. */
export function requireRoomForRestrictionQuery(orgId: string, count: number): void {
  if (count < MAX_RESTRICTION_QUERIES) return;
  throw maximumReached(`org ${orgId}`, MAX_RESTRICTION_QUERIES, 'restriction queries');
}
