import { z } from 'zod';
import {
  givenName,
  namedReference,
  namedReferences,
  optionalPageParameters,
  reference,
  sortParameter,
  storable,
  Timestamp,
  Uuid,
} from '../common/schema.ts';
import { UserResource } from '../users/schema.ts';

/** Links that Datadog returns here. This project does not store their targets. */
const noLinks = z.object({ related: z.null() });

/** Team of an organization. `user_count` counts active users. Members that this project does not support are null or empty. */
export const TeamResource = z
  .object({
    type: z.literal('team'),
    id: Uuid,
    attributes: z.object({
      name: z.string(),
      handle: z.string(),
      description: z.string(),
      summary: z.null(),
      avatar: z.null(),
      banner: z.null(),
      is_managed: z.boolean(),
      link_count: z.int(),
      user_count: z.int(),
      visible_modules: z.array(z.string()),
      hidden_modules: z.array(z.string()),
      created_at: Timestamp,
      modified_at: Timestamp,
    }),
    relationships: z.object({
      team_links: z.object({ data: z.array(reference('team_links')), links: noLinks }),
      user_team_permissions: z.object({ data: z.null(), links: noLinks }),
    }),
  })
  .meta({ id: 'Team' });

/** Membership of a user in a team. `role` is null for a member without a role. */
export const MembershipResource = z
  .object({
    type: z.literal('team_memberships'),
    id: z.string(),
    attributes: z.object({
      role: z.string().nullable(),
      provisioned_by: z.null(),
      provisioned_by_id: z.null(),
    }),
    relationships: z.object({
      team: z.object({ data: reference('team') }),
      user: z.object({ data: reference('users') }),
    }),
  })
  .meta({ id: 'UserTeam' });

/** Position of a page in a list: by offset, or by number if the request has a page number. */
const Pagination = z.union([
  z.object({
    type: z.literal('offset_limit'),
    offset: z.int(),
    first_offset: z.int(),
    prev_offset: z.int().nullable(),
    next_offset: z.int().nullable(),
    last_offset: z.int(),
    limit: z.int(),
    total: z.int(),
  }),
  z.object({
    type: z.literal('number_size'),
    number: z.int(),
    first_number: z.int(),
    prev_number: z.int().nullable(),
    next_number: z.int().nullable(),
    last_number: z.int(),
    size: z.int(),
    total: z.int(),
  }),
]);

const Links = z.object({
  self: z.url(),
  first: z.url(),
  prev: z.url().nullable(),
  next: z.url().nullable(),
  last: z.url(),
});

const page = { meta: z.object({ pagination: Pagination }), links: Links };

export const TeamResponse = z.object({ data: TeamResource }).meta({ id: 'TeamResponse' });

export const TeamsResponse = z
  .object({ data: z.array(TeamResource), included: z.array(UserResource), ...page })
  .meta({ id: 'TeamsResponse' });

const included = z
  .array(z.union([UserResource, TeamResource]))
  .meta({ description: 'Users and teams of the memberships.' });

export const MembershipResponse = z
  .object({ data: MembershipResource, included })
  .meta({ id: 'UserTeamResponse' });

export const MembershipsResponse = z
  .object({ data: z.array(MembershipResource), included, ...page })
  .meta({ id: 'UserTeamsResponse' });

/** Page, sort and filter parameters of teams. The keyword is a part of the name, the handle or a member's email. */
export const TeamListQuery = z.object({
  ...optionalPageParameters,
  sort: sortParameter(['name', 'user_count'], 'name'),
  'filter[keyword]': storable.optional(),
  'filter[me]': z.enum(['true', 'false'], 'must be true or false').optional(),
});

/**
 * Page, sort and filter parameters of a team's memberships. The keyword is a part of the user's name or email. The official
 * client also sorts by `manager_name`; users have no managers here, so it sorts by name.
 */
export const MembershipListQuery = z.object({
  ...optionalPageParameters,
  sort: sortParameter(['manager_name', 'name', 'handle', 'email'], 'name'),
  'filter[keyword]': storable.optional(),
});

export const TeamPath = z.object({ team_id: Uuid });
export const MembershipPath = TeamPath.extend({ user_id: Uuid });

export const TeamCreateRequest = z
  .object({
    data: z.object({
      type: z.literal('team'),
      attributes: z.object({
        name: givenName,
        handle: givenName,
        description: storable.max(10_000, 'must have at most 10000 characters').nullish(),
      }),
      relationships: z
        .object({ users: z.object({ data: namedReferences('users') }).optional() })
        .optional()
        .meta({ description: 'Initial members of the team.' }),
    }),
  })
  .meta({ id: 'TeamCreateRequest' });

export const MembershipCreateRequest = z
  .object({
    data: z.object({
      type: z.literal('team_memberships'),
      attributes: z
        .object({ role: z.literal('admin', 'must be admin or null').nullish() })
        .optional()
        .meta({ description: 'Absent: a member without a role.' }),
      relationships: z.object({ user: z.object({ data: namedReference('users') }) }),
    }),
  })
  .meta({ id: 'UserTeamRequest' });

export type TeamResource = z.infer<typeof TeamResource>;
export type TeamResponse = z.infer<typeof TeamResponse>;
export type TeamsResponse = z.infer<typeof TeamsResponse>;
export type TeamListQuery = z.infer<typeof TeamListQuery>;
export type MembershipResource = z.infer<typeof MembershipResource>;
export type MembershipResponse = z.infer<typeof MembershipResponse>;
export type MembershipsResponse = z.infer<typeof MembershipsResponse>;
export type MembershipListQuery = z.infer<typeof MembershipListQuery>;
export type Pagination = z.infer<typeof Pagination>;
export type PageLinks = z.infer<typeof Links>;
