import type { ApiKey, ApplicationKey } from '../../contract/keys/schema.ts';
import type { ApiKeyRow, ApplicationKeyRow } from '../store/keys.ts';

/** An API key, without the secret. What is always the same is of the model, and cannot be set here. */
export function presentApiKey(row: ApiKeyRow): ApiKey {
  return {
    type: 'api_keys',
    id: row.id,
    attributes: {
      name: row.name,
      last4: row.last4,
      created_at: row.created_at,
      modified_at: row.modified_at,
      date_last_used: row.last_used_at,
      category: '',
      remote_config_read_enabled: false,
      private_action_runner_enroll_enabled: false,
    },
    relationships: {
      // The clients' models know no key that nobody created.
      ...(row.created_by !== null && { created_by: { data: { type: 'users', id: row.created_by } } }),
      modified_by: { data: row.modified_by === null ? null : { type: 'users', id: row.modified_by } },
    },
  };
}

/** An application key, without the secret. */
export function presentApplicationKey(row: ApplicationKeyRow): ApplicationKey {
  return {
    type: 'application_keys',
    id: row.id,
    attributes: {
      name: row.name,
      last4: row.last4,
      created_at: row.created_at,
      last_used_at: row.last_used_at,
      scopes: row.scopes.length > 0 ? row.scopes : null,
    },
    relationships: { owned_by: { data: { type: 'users', id: row.user_id } } },
  };
}
