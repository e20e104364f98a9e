import type { ApiKey, ApplicationKey } from '../../contract/keys/schema.ts';
import type { ApplicationKeyRow } from '../store/application-keys.ts';
import type { ApiKeyRow } from '../store/api-keys.ts';

/** Returns an API key without its secret. The constants are properties of Datadog's model that this product cannot change. */
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
      // Official clients require a creator.
      ...(row.created_by !== null && { created_by: { data: { type: 'users', id: row.created_by } } }),
      modified_by: { data: row.modified_by === null ? null : { type: 'users', id: row.modified_by } },
    },
  };
}

/** Returns an application key without its secret. */
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
