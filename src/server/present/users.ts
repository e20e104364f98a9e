import type { UserResource } from '../../contract/users/schema.ts';
import type { UserRow } from '../store/user-rows.ts';

/** Returns a user of an organization of the caller's account. */
export function presentUser(row: UserRow): UserResource {
  return {
    type: 'users',
    id: row.id,
    attributes: {
      uuid: row.id,
      handle: row.email,
      email: row.email,
      name: row.name,
      title: row.title,
      icon: '',
      status: row.status,
      disabled: row.disabled,
      verified: !row.pending,
      service_account: false,
      mfa_enabled: false,
      allowed_login_methods: [],
      created_at: row.created_at,
      modified_at: row.modified_at,
      last_login_time: row.last_login_at,
    },
    relationships: {
      org: { data: { type: 'orgs', id: row.org_id } },
      other_orgs: { data: [] },
      other_users: { data: [] },
      roles: { data: row.role_ids.map((id) => ({ type: 'roles', id })) },
    },
  };
}
