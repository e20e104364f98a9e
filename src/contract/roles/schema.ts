import { z } from 'zod';
import {
  commaSeparated,
  givenName,
  namedReference,
  namedReferences,
  PageMeta,
  pageParameters,
  reference,
  sortParameter,
  storable,
  Timestamp,
  Uuid,
} from '../common/schema.ts';

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
      restricted: z.boolean().meta({ description: 'Whether every new role has the permission by default.' }),
      created: Timestamp,
    }),
  })
  .meta({ id: 'Permission' });

export const PermissionsResponse = z
  .object({ data: z.array(PermissionResource) })
  .meta({ id: 'PermissionsResponse' });

/** Role of an organization, with its permissions. `user_count` counts active users. */
export const RoleResource = z
  .object({
    type: z.literal('roles'),
    id: Uuid,
    attributes: z.object({
      name: z.string(),
      user_count: z.int(),
      receives_permissions_from: z.array(z.string()),
      created_at: Timestamp,
      modified_at: Timestamp,
    }),
    relationships: z.object({ permissions: z.object({ data: z.array(reference('permissions')) }) }),
  })
  .meta({ id: 'Role' });

export const RoleResponse = z.object({ data: RoleResource }).meta({ id: 'RoleResponse' });

export const RolesResponse = z
  .object({ data: z.array(RoleResource), meta: PageMeta })
  .meta({ id: 'RolesResponse' });

/** Page, sort and filter parameters of roles. `filter` is a part of the name. */
export const RoleListQuery = z.object({
  ...pageParameters,
  sort: sortParameter(['name', 'modified_at', 'user_count'], 'name'),
  filter: storable.optional(),
  'filter[id]': commaSeparated(Uuid).optional(),
});

export const RolePath = z.object({ role_id: Uuid });

/** Creates a role with the default permissions of every role and those in the body. */
export const RoleCreateRequest = z
  .object({
    data: z.object({
      type: z.literal('roles').optional(),
      attributes: z.object({ name: givenName }),
      relationships: z
        .object({ permissions: z.object({ data: namedReferences('permissions') }).optional() })
        .optional(),
    }),
  })
  .meta({ id: 'RoleCreateRequest' });

/** Permission to add to a role or remove from it. */
export const RolePermissionRequest = z
  .object({ data: namedReference('permissions') })
  .meta({ id: 'RolePermissionRequest' });

/** User to add to a role or remove from it. */
export const RoleUserRequest = z.object({ data: namedReference('users') }).meta({ id: 'RoleUserRequest' });

export type PermissionResource = z.infer<typeof PermissionResource>;
export type PermissionsResponse = z.infer<typeof PermissionsResponse>;
export type RoleResource = z.infer<typeof RoleResource>;
export type RoleResponse = z.infer<typeof RoleResponse>;
export type RolesResponse = z.infer<typeof RolesResponse>;
export type RoleListQuery = z.infer<typeof RoleListQuery>;
