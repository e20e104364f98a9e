import { z } from 'zod';
import { OrgReference, Timestamp, Uuid } from '../common/schema.ts';

/** Organization of the account, in `ManagedOrgsResponse` and `included`. */
export const OrgResource = z
  .object({
    type: z.literal('orgs'),
    id: Uuid,
    attributes: z.object({
      public_id: z.string(),
      name: z.string(),
      description: z.string(),
      sharing: z.string(),
      url: z.string(),
      disabled: z.boolean(),
      created_at: Timestamp,
      modified_at: Timestamp,
      extensions: z.object({
        site: z.string(),
        hipaa: z.boolean(),
        cross_org_visibility: z
          .boolean()
          .meta({ description: 'False: the feature is off in this organization.' }),
        destinations_used: z.int().optional().meta({ description: "The caller's own organization only." }),
        max_destinations: z
          .int()
          .nullable()
          .optional()
          .meta({ description: "The caller's own organization only. Null: no limit." }),
      }),
    }),
  })
  .meta({ id: 'Org' });

export const ManagedOrgsResponse = z
  .object({
    data: z.object({
      type: z.literal('managed_orgs'),
      id: Uuid,
      relationships: z.object({
        current_org: z.object({ data: OrgReference }),
        managed_orgs: z.object({ data: z.array(OrgReference) }),
      }),
    }),
    included: z.array(OrgResource),
  })
  .meta({ id: 'ManagedOrgsResponse' });

/** List of organizations in version 1 of the API. */
export const OrganizationListResponse = z
  .object({
    orgs: z.array(
      z.object({
        public_id: z.string(),
        name: z.string(),
        description: z.string(),
        created: z.string(),
        billing: z.object({ type: z.string() }),
        subscription: z.object({ type: z.string() }),
        settings: z.record(z.string(), z.unknown()),
        trial: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'OrganizationListResponse' });

/** Response for a valid API key. */
export const ValidateResponse = z.object({ valid: z.literal(true) }).meta({ id: 'ValidateResponse' });

export type OrgResource = z.infer<typeof OrgResource>;
export type ManagedOrgsResponse = z.infer<typeof ManagedOrgsResponse>;
export type OrganizationListResponse = z.infer<typeof OrganizationListResponse>;
