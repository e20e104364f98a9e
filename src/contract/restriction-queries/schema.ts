import { z } from 'zod';
import { namedReference, pageParameters, reference, storable, Timestamp, Uuid } from '../common/schema.ts';

/** Maximum length of a restriction query, in characters. */
const MAX_LENGTH = 2000;

/** Search for the logs that users with its roles may see. `user_count` counts the active users with these roles. */
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

/** Role that has a restriction query. */
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

/** Page parameters of restriction queries, and of the roles of one. */
export const RestrictionQueryListQuery = z.object(pageParameters);

export const RestrictionQueryPath = z.object({ restriction_query_id: Uuid });

/** Creates or changes a restriction query. `rules/restriction-queries.ts` validates its syntax. */
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

/** Role to add a restriction query to or remove it from. */
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
