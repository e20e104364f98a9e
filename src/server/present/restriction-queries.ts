import type {
  RestrictionQueryResource,
  RestrictionQueryRole,
} from '../../contract/restriction-queries/schema.ts';
import type { RestrictionQueryRow } from '../store/restriction-queries.ts';

/** A restriction query. */
export function presentRestrictionQuery({
  id,
  ...attributes
}: RestrictionQueryRow): RestrictionQueryResource {
  return { type: 'logs_restriction_queries', id, attributes };
}

/** A role as restriction queries tell of it: its name alone. */
export function presentRestrictedRole({ id, name }: { id: string; name: string }): RestrictionQueryRole {
  return { type: 'roles', id, attributes: { name } };
}
