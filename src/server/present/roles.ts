import { PERMISSIONS } from '../../contract/permissions/constants.ts';
import type { PermissionResource, RoleResource } from '../../contract/roles/schema.ts';
import type { RoleRow } from '../store/roles.ts';

/** Returns a role with the ids of its permissions. */
export function presentRole(row: RoleRow): RoleResource {
  return {
    type: 'roles',
    id: row.id,
    attributes: {
      name: row.name,
      user_count: row.user_count,
      receives_permissions_from: [],
      created_at: row.created_at,
      modified_at: row.modified_at,
    },
    relationships: {
      permissions: {
        data: PERMISSIONS.filter(({ name }) => row.permissions.includes(name)).map(({ id }) => ({
          type: 'permissions',
          id,
        })),
      },
    },
  };
}

/** Returns a permission in wire format. */
export function presentPermission({ id, ...attributes }: (typeof PERMISSIONS)[number]): PermissionResource {
  return {
    type: 'permissions',
    id,
    attributes: { ...attributes, name_aliases: [], created: '2025-01-01T00:00:00.000000+00:00' },
  };
}
