import { z } from 'zod';
import { namedReference, pageParameters, reference, storable, Timestamp, Uuid } from '../common/schema.ts';

/** The longest text of a restriction query. */
const MAX_LENGTH = 2000;

/** Which logs the holders of some roles may see. `user_count` counts the active users who have one of them. */
export const RestrictionQueryResource = z
  .object({
    type: z.literal('logs_restriction_queries'),
    id: Uuid,
    attributes: z.object({
      restriction_query: z.string().meta({ example: 'service:web env:production' }),
      created_at: Timestamp,
      modified_at: Timestamp,
      last_modifier_email: z.string(),
      last_modifier_name: z.string(),
      role_count: z.int(),
      user_count: z.int(),
    }),
  })
  .meta({ id: 'RestrictionQuery' });

/** One of the roles that have a restriction query. */
const RestrictionQueryRole = z
  .object({ type: z.literal('roles'), id: Uuid, attributes: z.object({ name: z.string() }) })
  .meta({ id: 'RestrictionQueryRole' });

export const RestrictionQueryResponse = z
  .object({ data: RestrictionQueryResource })
  .meta({ id: 'RestrictionQueryResponse' });

export const RestrictionQueryWithRolesResponse = z
  .object({
    data: RestrictionQueryResource.extend({
      relationships: z.object({ roles: z.object({ data: z.array(reference('roles')) }) }),
    }).meta({ id: 'RestrictionQueryWithRoles' }),
    included: z.array(RestrictionQueryRole),
  })
  .meta({ id: 'RestrictionQueryWithRolesResponse' });

export const RestrictionQueriesResponse = z
  .object({ data: z.array(RestrictionQueryResource) })
  .meta({ id: 'RestrictionQueriesResponse' });

export const RestrictionQueryRolesResponse = z
  .object({ data: z.array(RestrictionQueryRole) })
  .meta({ id: 'RestrictionQueryRolesResponse' });

/** Which restriction queries, or which roles of one. */
export const RestrictionQueryListQuery = z.object(pageParameters);

/** The path of one restriction query. */
export const RestrictionQueryPath = z.object({ restriction_query_id: Uuid });

/** Says which logs are meant. Whether the text is a search is decided by `rules/restriction-queries.ts`. */
export const RestrictionQueryRequest = z
  .object({
    data: z.object({
      type: z.literal('logs_restriction_queries').optional(),
      attributes: z.object({
        restriction_query: storable
          .trim()
          .min(1, 'must not be empty')
          .max(MAX_LENGTH, `must have at most ${MAX_LENGTH} characters`)
          .meta({ example: 'service:web env:production' }),
      }),
    }),
  })
  .meta({ id: 'RestrictionQueryRequest' });

/** Names a role to give a restriction query to or to take it from. */
export const RestrictionQueryRoleRequest = z
  .object({ data: namedReference('roles') })
  .meta({ id: 'RestrictionQueryRoleRequest' });

export type RestrictionQueryResource = z.infer<typeof RestrictionQueryResource>;
export type RestrictionQueryRole = z.infer<typeof RestrictionQueryRole>;
export type RestrictionQueryResponse = z.infer<typeof RestrictionQueryResponse>;
export type RestrictionQueryWithRolesResponse = z.infer<typeof RestrictionQueryWithRolesResponse>;
export type RestrictionQueriesResponse = z.infer<typeof RestrictionQueriesResponse>;
export type RestrictionQueryRolesResponse = z.infer<typeof RestrictionQueryRolesResponse>;
export type RestrictionQueryListQuery = z.infer<typeof RestrictionQueryListQuery>;
