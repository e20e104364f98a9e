import { z } from 'zod';
import {
  commaSeparated,
  givenNameOfAtMost,
  pageParameters,
  sortParameter,
  storable,
  Timestamp,
  Uuid,
} from '../common/schema.ts';
import { UserResource } from '../users/schema.ts';

const userRelationship = z.object({ data: z.object({ type: z.literal('users'), id: Uuid }) });

const apiKeyAttributes = z.object({
  name: z.string(),
  last4: z.string(),
  created_at: Timestamp,
  modified_at: Timestamp,
  date_last_used: Timestamp.nullable(),
  category: z.string(),
  remote_config_read_enabled: z.boolean(),
  private_action_runner_enroll_enabled: z.boolean(),
});

const secret = z.string().meta({ description: 'The key. No other response contains it.' });

const apiKey = <Attributes extends z.ZodType>(attributes: Attributes) =>
  z.object({
    type: z.literal('api_keys'),
    id: Uuid,
    attributes,
    relationships: z.object({
      created_by: userRelationship
        .optional()
        .meta({ description: 'Absent for keys from the directory file.' }),
      modified_by: z.object({ data: userRelationship.shape.data.nullable() }),
    }),
  });

/** API key, which identifies its organization. Does not contain the secret. */
export const ApiKey = apiKey(apiKeyAttributes).meta({ id: 'APIKey' });

const applicationKeyAttributes = z.object({
  name: z.string(),
  last4: z.string(),
  created_at: Timestamp,
  last_used_at: Timestamp.nullable(),
  scopes: z
    .array(z.string())
    .nullable()
    .meta({ description: 'Names of permissions. Null: all permissions of the user.' }),
});

const applicationKey = <Attributes extends z.ZodType>(attributes: Attributes) =>
  z.object({
    type: z.literal('application_keys'),
    id: Uuid,
    attributes,
    relationships: z.object({ owned_by: userRelationship }),
  });

/** Application key, which identifies its user. Its scopes limit the permissions. Does not contain the secret. */
export const ApplicationKey = applicationKey(applicationKeyAttributes).meta({ id: 'ApplicationKey' });

const included = z.array(UserResource).meta({ description: 'Users requested with `include`.' });

const filteredCount = z.object({
  total_filtered_count: z.int().meta({ description: 'Number of keys that the query matches.' }),
});

export const ApiKeysResponse = z
  .object({
    data: z.array(ApiKey),
    included,
    meta: z.object({ max_allowed: z.int(), page: filteredCount }),
  })
  .meta({ id: 'APIKeysResponse' });

export const ApiKeyResponse = z.object({ data: ApiKey, included }).meta({ id: 'APIKeyResponse' });

export const CreatedApiKeyResponse = z
  .object({ data: apiKey(apiKeyAttributes.extend({ key: secret })), included })
  .meta({ id: 'CreatedAPIKeyResponse' });

export const ApplicationKeysResponse = z
  .object({
    data: z.array(ApplicationKey),
    included,
    meta: z.object({ max_allowed_per_user: z.int(), page: filteredCount }),
  })
  .meta({ id: 'ApplicationKeysResponse' });

export const ApplicationKeyResponse = z
  .object({ data: ApplicationKey, included })
  .meta({ id: 'ApplicationKeyResponse' });

export const CreatedApplicationKeyResponse = z
  .object({ data: applicationKey(applicationKeyAttributes.extend({ key: secret })), included })
  .meta({ id: 'CreatedApplicationKeyResponse' });

const moment = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], 'must be a date, or a date and time in ISO 8601')
  .transform((text) => new Date(text))
  .optional();

/** Comma-separated list of the given names. */
const listOf = <Name extends string>(...names: Name[]) =>
  commaSeparated(z.enum(names, `must be of ${names.join(', ')}`)).default([]);

const keyListQuery = z.object({
  ...pageParameters,
  filter: storable.default('').meta({ description: 'Part of the name.' }),
  'filter[created_at][start]': moment,
  'filter[created_at][end]': moment,
});

export const ApiKeyListQuery = keyListQuery.extend({
  sort: sortParameter(['name', 'created_at', 'last4', 'modified_at'], 'name'),
  'filter[modified_at][start]': moment,
  'filter[modified_at][end]': moment,
  'filter[remote_config_read_enabled]': z.enum(['true', 'false']).optional(),
  'filter[category]': z.string().optional(),
  include: listOf('created_by', 'modified_by'),
});

export const ApplicationKeyListQuery = keyListQuery.extend({
  sort: sortParameter(['name', 'created_at', 'last4'], 'name'),
  include: listOf('owned_by'),
});

/** Selects the objects to include in the response for one key. */
export const ApiKeyQuery = ApiKeyListQuery.pick({ include: true });

export const ApplicationKeyQuery = ApplicationKeyListQuery.pick({ include: true });

export const ApiKeyPath = z.object({ api_key_id: Uuid });

export const ApplicationKeyPath = z.object({ app_key_id: Uuid });

const MAX_NAME_LENGTH = 255;

const name = givenNameOfAtMost(MAX_NAME_LENGTH);

/** Maximum number of scopes: more than there are permissions, but few enough to list all unknown ones in an error. */
const MAX_SCOPES = 100;

/** Requested scopes, validated by `rules/keys.ts`. */
const scopes = z
  .array(z.string())
  .max(MAX_SCOPES, `must have at most ${MAX_SCOPES} entries`)
  .nullable()
  .optional();

export const ApiKeyCreateRequest = z
  .object({ data: z.object({ type: z.literal('api_keys'), attributes: z.object({ name }) }) })
  .meta({ id: 'APIKeyCreateRequest' });

export const ApiKeyUpdateRequest = z
  .object({ data: z.object({ type: z.literal('api_keys'), id: Uuid, attributes: z.object({ name }) }) })
  .meta({ id: 'APIKeyUpdateRequest' });

export const ApplicationKeyCreateRequest = z
  .object({
    data: z.object({
      type: z.literal('application_keys'),
      attributes: z.object({
        name,
        scopes: scopes.meta({ description: 'Absent, null or empty: all permissions of the user.' }),
      }),
    }),
  })
  .meta({ id: 'ApplicationKeyCreateRequest' });

/** Changes an application key. Absent members are not changed. */
export const ApplicationKeyUpdateRequest = z
  .object({
    data: z.object({
      type: z.literal('application_keys'),
      id: Uuid,
      attributes: z.object({
        name: name.optional(),
        scopes: scopes.meta({ description: 'Null or empty: all permissions of the user.' }),
      }),
    }),
  })
  .meta({ id: 'ApplicationKeyUpdateRequest' });

export type ApiKey = z.infer<typeof ApiKey>;
export type ApiKeysResponse = z.infer<typeof ApiKeysResponse>;
export type ApiKeyResponse = z.infer<typeof ApiKeyResponse>;
export type CreatedApiKeyResponse = z.infer<typeof CreatedApiKeyResponse>;
export type ApiKeyListQuery = z.infer<typeof ApiKeyListQuery>;
export type ApiKeyCreateRequest = z.infer<typeof ApiKeyCreateRequest>;
export type ApiKeyUpdateRequest = z.infer<typeof ApiKeyUpdateRequest>;
export type ApplicationKey = z.infer<typeof ApplicationKey>;
export type ApplicationKeysResponse = z.infer<typeof ApplicationKeysResponse>;
export type ApplicationKeyResponse = z.infer<typeof ApplicationKeyResponse>;
export type CreatedApplicationKeyResponse = z.infer<typeof CreatedApplicationKeyResponse>;
export type ApplicationKeyListQuery = z.infer<typeof ApplicationKeyListQuery>;
export type ApplicationKeyCreateRequest = z.infer<typeof ApplicationKeyCreateRequest>;
export type ApplicationKeyUpdateRequest = z.infer<typeof ApplicationKeyUpdateRequest>;
