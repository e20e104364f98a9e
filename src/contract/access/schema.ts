import { z } from 'zod';
import { storable, Uuid } from '../common/schema.ts';
import { PRINCIPAL_TYPES } from '../restriction-policies/constants.ts';
import { Bindings } from '../restriction-policies/schema.ts';

/** A principal with what people call it. */
const NamedPrincipal = z
  .object({
    principal: z
      .templateLiteral([z.enum(PRINCIPAL_TYPES), ':', z.string()])
      .meta({ override: { type: 'string', example: 'role:11111111-1111-4111-8111-111111111111' } }),
    name: z.string(),
    detail: z.string().optional().meta({ description: "A team's handle, a user's e-mail." }),
    inactive: z
      .enum(['Disabled', 'Pending'])
      .optional()
      .meta({ description: 'A user who can do nothing now, and why.' }),
  })
  .meta({ id: 'NamedPrincipal' });

export const PrincipalSearchQuery = z.object({
  search: storable.max(200).default('').meta({ description: 'A part of a name, a handle or an e-mail.' }),
});

/** Roles, teams and users of the organization by name, those of each kind that come first. */
export const PrincipalSearchResponse = z
  .object({
    principals: z.array(NamedPrincipal),
    has_more: z.boolean().meta({ description: 'There are others, which a longer search finds.' }),
  })
  .meta({ id: 'PrincipalSearchResponse' });

/** Bindings that are not saved yet, of which one wants to know what they would mean. */
export const AccessRequest = z
  .object({
    connection_id: Uuid,
    bindings: Bindings,
    search: z
      .string()
      .max(200)
      .default('')
      .meta({ description: 'Lists only people of this name or e-mail.' }),
  })
  .meta({ id: 'AccessRequest' });

/** Who could do what under the bindings: RBAC and policy together. */
export const AccessResponse = z
  .object({
    principals: z
      .array(NamedPrincipal)
      .meta({ description: 'Those that the bindings name and that exist in the organization.' }),
    can_query: z.int().meta({ description: 'How many people can query shared data (destination side).' }),
    can_edit: z.int().meta({ description: 'How many people can change or delete the connection.' }),
    people: z
      .array(z.object({ name: z.string(), email: z.string(), can_query: z.boolean(), can_edit: z.boolean() }))
      .meta({ description: 'The first of them by name.' }),
    people_found: z.int().meta({ description: 'How many there are, of whom `people` are the first.' }),
  })
  .meta({ id: 'AccessResponse' });

export type NamedPrincipal = z.infer<typeof NamedPrincipal>;
export type PrincipalSearchResponse = z.infer<typeof PrincipalSearchResponse>;
export type AccessRequest = z.infer<typeof AccessRequest>;
export type AccessResponse = z.infer<typeof AccessResponse>;
