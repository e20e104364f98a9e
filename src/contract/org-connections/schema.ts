import { z } from 'zod';
import { integerParameter, PageMeta, Timestamp, Uuid } from '../common/schema.ts';
import { CONNECTION_TYPE_NAMES, EXTENSION_CONNECTION_TYPES, PUBLIC_CONNECTION_TYPES } from './constants.ts';
import { MAX_PAGE_LIMIT } from '../paths.ts';
import { OrgResource } from '../orgs/schema.ts';
import { UserResource } from '../users/schema.ts';

/** Actions on a connection that the caller is permitted. Included in lists to avoid a request per row. */
export const PermittedActions = z
  .object({
    update: z.boolean().meta({ description: 'Change the data types (source organization only).' }),
    delete: z.boolean().meta({ description: 'Delete the connection (either side).' }),
    set_policy: z.boolean().meta({ description: "Change the restriction policy of the caller's side." }),
    query: z.boolean().meta({ description: 'Query shared data (destination organization only).' }),
  })
  .meta({ id: 'OrgConnectionPermitted' });

const orgRelationship = z.object({
  data: z.object({ type: z.literal('orgs'), id: Uuid, name: z.string() }),
});

/** Connection: `source_org` shares the data types with `sink_org`. */
export const OrgConnection = z
  .object({
    type: z.literal('org_connection'),
    id: Uuid,
    attributes: z.object({
      created_at: Timestamp,
      connection_types: z.array(z.enum(PUBLIC_CONNECTION_TYPES)),
      extensions: z.object({
        connection_types: z.array(z.enum(EXTENSION_CONNECTION_TYPES)),
        restricted: z
          .boolean()
          .meta({ description: "A restriction policy of the caller's side is in force." }),
        unavailable: z
          .array(
            z.object({
              connection_type: z.enum(CONNECTION_TYPE_NAMES),
              reason: z.string(),
              code: z.string(),
              params: z.record(z.string(), z.unknown()).optional(),
            }),
          )
          .meta({
            description:
              "Shared types that cannot be queried now, each with the error text that queries get, and its code: cross-org visibility is off in one of the organizations, or the creator is not active or lacks the type's read permission.",
          }),
        permitted: PermittedActions,
      }),
    }),
    relationships: z.object({
      source_org: orgRelationship,
      sink_org: orgRelationship,
      created_by: z.object({
        data: z.object({ type: z.literal('users'), id: Uuid, name: z.string() }),
      }),
    }),
  })
  .meta({ id: 'OrgConnection' });

const included = z.array(z.union([OrgResource, UserResource]));

export const OrgConnectionResponse = z
  .object({ data: OrgConnection, included })
  .meta({ id: 'OrgConnectionResponse' });

export const OrgConnectionListResponse = z
  .object({
    data: z.array(OrgConnection),
    included: included
      .optional()
      .meta({ description: 'Organizations and users that the data names. Absent if the data is empty.' }),
    meta: PageMeta,
  })
  .meta({ id: 'OrgConnectionListResponse' });

export const OrgConnectionListQuery = z.object({
  source_org_id: Uuid.optional(),
  sink_org_id: Uuid.optional(),
  limit: integerParameter(1, MAX_PAGE_LIMIT).default(MAX_PAGE_LIMIT),
  offset: integerParameter(0, 999_999_999).default(0),
});

export const OrgConnectionPath = z.object({ connection_id: Uuid });

/** Maximum number of types in a request: more than exist, but few enough to list all invalid ones in an error. */
const MAX_TYPES = 100;

/**
 * Requested types, not validated. `rules/connections.ts` checks the values, duplicates and the minimum, because
 * docs/wire-format.md orders these checks after others.
 */
const wantedTypes = (values: readonly string[]) =>
  z
    .array(z.string().meta({ override: { enum: [...values] } }))
    .max(MAX_TYPES, `must have at most ${MAX_TYPES} entries`);

const wantedExtensions = z
  .object({ connection_types: wantedTypes(EXTENSION_CONNECTION_TYPES).optional() })
  .optional();

/** Creates a connection from the caller's organization to `sink_org`. */
export const OrgConnectionCreateRequest = z
  .object({
    data: z.object({
      type: z.literal('org_connection'),
      attributes: z
        .object({
          connection_types: wantedTypes(PUBLIC_CONNECTION_TYPES).optional(),
          extensions: wantedExtensions,
        })
        .optional()
        .meta({ description: 'Without connection_types the connection shares metrics.' }),
      relationships: z.object({
        sink_org: z.object({
          data: z.object({
            type: z.literal('orgs').optional(),
            id: z.string().meta({ format: 'uuid' }),
          }),
        }),
      }),
    }),
  })
  .meta({ id: 'OrgConnectionCreateRequest' });

/** Replaces the data types of a connection. Absent extensions are not changed. */
export const OrgConnectionUpdateRequest = z
  .object({
    data: z.object({
      type: z.literal('org_connection'),
      id: Uuid,
      attributes: z.object({
        connection_types: wantedTypes(PUBLIC_CONNECTION_TYPES).meta({
          description: 'Replaces the old array.',
        }),
        extensions: wantedExtensions,
      }),
    }),
  })
  .meta({ id: 'OrgConnectionUpdateRequest' });

export type PermittedActions = z.infer<typeof PermittedActions>;
export type OrgConnection = z.infer<typeof OrgConnection>;
export type OrgConnectionResponse = z.infer<typeof OrgConnectionResponse>;
export type OrgConnectionListResponse = z.infer<typeof OrgConnectionListResponse>;
export type OrgConnectionListQuery = z.infer<typeof OrgConnectionListQuery>;
export type OrgConnectionCreateRequest = z.infer<typeof OrgConnectionCreateRequest>;
export type OrgConnectionUpdateRequest = z.infer<typeof OrgConnectionUpdateRequest>;
