import { z } from 'zod';
import { storable, Uuid } from '../common/schema.ts';
import { PRINCIPAL_TYPES } from '../restriction-policies/constants.ts';
import { Bindings } from '../restriction-policies/schema.ts';

/** Principal with its display name. */
const NamedPrincipal = z
  .object({
    principal: z
      .templateLiteral([z.enum(PRINCIPAL_TYPES), ':', z.string()])
      .meta({ override: { type: 'string', example: 'role:11111111-1111-4111-8111-111111111111' } }),
    name: z.string(),
    detail: z.string().optional().meta({ description: "A team's handle or a user's email." }),
    inactive: z
      .enum(['Disabled', 'Pending'])
      .optional()
      .meta({ description: 'Status of a user who cannot sign in. Absent for other principals.' }),
  })
  .meta({ id: 'NamedPrincipal' });

export const PrincipalSearchQuery = z.object({
  search: storable.max(200).default('').meta({ description: 'Part of a name, a handle or an email.' }),
});

/** Roles, teams and users of the organization that match a search: the first ones of each kind by name. */
export const PrincipalSearchResponse = z
  .object({
    principals: z.array(NamedPrincipal),
    has_more: z.boolean().meta({ description: 'More principals match. Use a longer search to find them.' }),
  })
  .meta({ id: 'PrincipalSearchResponse' });

/** Unsaved bindings to preview the access under. */
export const AccessRequest = z
  .object({
    connection_id: Uuid,
    bindings: Bindings,
    search: z
      .string()
      .max(200)
      .default('')
      .meta({ description: 'Lists only people with this text in their name or email.' }),
  })
  .meta({ id: 'AccessRequest' });

/** Access to a connection under the bindings, by RBAC and policy combined. */
export const AccessResponse = z
  .object({
    principals: z
      .array(NamedPrincipal)
      .meta({ description: 'Principals in the bindings that exist in the organization.' }),
    can_query: z
      .int()
      .meta({ description: 'Number of people who can query shared data (destination side).' }),
    can_edit: z.int().meta({ description: 'Number of people who can change or delete the connection.' }),
    people: z
      .array(z.object({ name: z.string(), email: z.string(), can_query: z.boolean(), can_edit: z.boolean() }))
      .meta({ description: 'First people by name that match the search.' }),
    people_found: z.int().meta({ description: 'Number of people that match the search.' }),
  })
  .meta({ id: 'AccessResponse' });

export type NamedPrincipal = z.infer<typeof NamedPrincipal>;
export type PrincipalSearchResponse = z.infer<typeof PrincipalSearchResponse>;
export type AccessRequest = z.infer<typeof AccessRequest>;
export type AccessResponse = z.infer<typeof AccessResponse>;
