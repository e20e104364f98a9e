import { z } from 'zod';
import { OrgReference, Timestamp, Uuid } from './common.schema.ts';
import { OrgResource } from './orgs.schema.ts';

const reference = <Type extends string>(type: Type) => z.object({ type: z.literal(type), id: z.string() });

/** One of the things that a role can permit. */
export const PermissionResource = z
  .object({
    type: z.literal('permissions'),
    id: Uuid,
    attributes: z.object({
      name: z.string(),
      name_aliases: z.array(z.string()),
      display_name: z.string(),
      description: z.string(),
      group_name: z.string(),
      display_type: z.string(),
      restricted: z.boolean(),
      created: Timestamp,
    }),
  })
  .meta({ id: 'Permission' });

export const PermissionsResponse = z
  .object({ data: z.array(PermissionResource) })
  .meta({ id: 'PermissionsResponse' });

/** A role of an organization, with what it permits. `user_count` counts active users. */
export const RoleResource = z
  .object({
    type: z.literal('roles'),
    id: Uuid,
    attributes: z.object({
      name: z.string(),
      user_count: z.int(),
      created_at: Timestamp,
      modified_at: Timestamp,
    }),
    relationships: z.object({ permissions: z.object({ data: z.array(reference('permissions')) }) }),
  })
  .meta({ id: 'Role' });

/** A user of one organization. The same person may be a user of several. */
export const UserResource = z
  .object({
    type: z.literal('users'),
    id: Uuid,
    attributes: z.object({
      uuid: Uuid,
      handle: z.string(),
      email: z.string(),
      name: z.string().nullable(),
      title: z.string().nullable(),
      icon: z.string(),
      status: z.string().meta({ description: 'Active, Pending or Disabled.' }),
      disabled: z.boolean(),
      verified: z.boolean(),
      service_account: z.boolean(),
      mfa_enabled: z.boolean(),
      allowed_login_methods: z.array(z.string()),
      created_at: Timestamp,
      modified_at: Timestamp,
      last_login_time: Timestamp.nullable(),
    }),
    relationships: z.object({
      org: z.object({ data: OrgReference }),
      other_orgs: z.object({ data: z.array(OrgReference) }),
      other_users: z.object({ data: z.array(reference('users')) }),
      roles: z.object({ data: z.array(reference('roles')) }),
    }),
  })
  .meta({ id: 'User' });

export const UserResponse = z
  .object({
    data: UserResource,
    included: z.array(z.union([OrgResource, RoleResource, PermissionResource])),
  })
  .meta({ id: 'UserResponse' });

export type PermissionResource = z.infer<typeof PermissionResource>;
export type PermissionsResponse = z.infer<typeof PermissionsResponse>;
export type RoleResource = z.infer<typeof RoleResource>;
export type UserResource = z.infer<typeof UserResource>;
export type UserResponse = z.infer<typeof UserResponse>;
