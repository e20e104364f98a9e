import { z } from 'zod';
import {
  commaSeparated,
  namedReferences,
  OrgReference,
  PageMeta,
  pageParameters,
  reference,
  sortParameter,
  storable,
  Timestamp,
  Uuid,
} from '../common/schema.ts';
import { OrgResource } from '../orgs/schema.ts';
import { PermissionResource, RoleResource } from '../roles/schema.ts';

/** Status of a user. Invited users are `Pending` until they accept. */
const UserStatus = z.enum(['Active', 'Pending', 'Disabled'], 'must be Active, Pending or Disabled');

const attributes = {
  uuid: Uuid,
  handle: z.string(),
  email: z.string(),
  name: z.string().nullable().meta({ description: 'Null until the person accepts an invitation.' }),
  title: z.string().nullable(),
  icon: z.string(),
  status: UserStatus,
  disabled: z.boolean(),
  verified: z.boolean(),
  service_account: z.boolean(),
  mfa_enabled: z.boolean(),
  allowed_login_methods: z.array(z.string()),
  created_at: Timestamp,
  modified_at: Timestamp,
  last_login_time: Timestamp.nullable(),
};

/** User of one organization. A person may be a user of several organizations. */
export const UserResource = z
  .object({
    type: z.literal('users'),
    id: Uuid,
    attributes: z.object(attributes),
    relationships: z.object({
      org: z.object({ data: OrgReference }),
      other_orgs: z.object({ data: z.array(OrgReference) }),
      other_users: z.object({ data: z.array(reference('users')) }),
      roles: z.object({ data: z.array(reference('roles')) }),
    }),
  })
  .meta({ id: 'User' });

const included = z.array(z.union([OrgResource, RoleResource, PermissionResource]));

export const UserResponse = z.object({ data: UserResource, included }).meta({ id: 'UserResponse' });

/** Page of users, with their roles in `included`. */
export const UsersResponse = z
  .object({ data: z.array(UserResource), included: z.array(RoleResource), meta: PageMeta })
  .meta({ id: 'UsersResponse' });

/** Page, sort and filter parameters of users. `filter` is a part of the name or the email. */
export const UserListQuery = z.object({
  ...pageParameters,
  sort: sortParameter(['name', 'email', 'status', 'created_at', 'modified_at'], 'name'),
  sort_dir: z.enum(['asc', 'desc'], 'must be asc or desc').optional(),
  filter: storable.optional(),
  'filter[status]': commaSeparated(UserStatus).optional(),
});

export const UserPath = z.object({ user_id: Uuid });

/** Invites a person by email, with the given roles. Ignores `name`: the person sets it when they accept. */
export const UserCreateRequest = z
  .object({
    data: z.object({
      type: z.literal('users'),
      attributes: z.object({
        email: z
          .email('must be an email address')
          .max(320, 'must have at most 320 characters')
          .transform((text) => text.toLowerCase()),
        name: z.string().nullish(),
        title: storable.max(200, 'must have at most 200 characters').nullish(),
      }),
      relationships: z.object({ roles: z.object({ data: namedReferences('roles') }).optional() }).optional(),
    }),
  })
  .meta({ id: 'UserCreateRequest' });

/** Invited user with the invitation link. No other response contains the link, because it works for every holder. */
export const UserInvitedResponse = z
  .object({
    data: UserResource.extend({
      attributes: z.object({
        ...attributes,
        extensions: z.object({
          invitation_url: z.url(),
          invitation_expires_at: Timestamp,
        }),
      }),
    }),
    included,
  })
  .meta({ id: 'UserInvitedResponse' });

export type UserStatus = z.infer<typeof UserStatus>;
export type UserResource = z.infer<typeof UserResource>;
export type UserResponse = z.infer<typeof UserResponse>;
export type UsersResponse = z.infer<typeof UsersResponse>;
export type UserListQuery = z.infer<typeof UserListQuery>;
export type UserInvitedResponse = z.infer<typeof UserInvitedResponse>;
