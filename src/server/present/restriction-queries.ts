import type {
  RestrictionQueryResource,
  RestrictionQueryRole,
} from '../../contract/restriction-queries/schema.ts';
import type { RestrictionQueryRow } from '../store/restriction-queries.ts';

/** Returns a restriction query in wire format. */
export function presentRestrictionQuery({
  id,
  ...attributes
}: RestrictionQueryRow): RestrictionQueryResource {
  return { type: 'logs_restriction_queries', id, attributes };
}

/** Returns a role as in lists of restriction queries: with its name only. */
export function presentRestrictedRole({ id, name }: { id: string; name: string }): RestrictionQueryRole {
  return { type: 'roles', id, attributes: { name } };
}
