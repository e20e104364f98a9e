import { z } from 'zod';
import { storable, Uuid } from './common.schema.ts';
import { PERMISSIONS } from './permissions.ts';

const named = z.object({ id: Uuid, name: z.string() });

const permissionNames = PERMISSIONS.map((permission) => permission.name);

/** Who is signed in to the console, and the organizations that they are an active user of. */
export const ConsoleSession = z
  .object({
    person: z.object({ email: z.string(), name: z.string() }),
    users: z
      .array(
        z.object({
          id: Uuid.meta({ description: "The person's user in this organization." }),
          roles: z.array(named).meta({ description: 'By name.' }),
          teams: z.array(named).meta({ description: 'By name.' }),
          permissions: z.array(z.enum(permissionNames)),
          org: z.object({
            id: Uuid,
            name: z.string(),
            site: z.string(),
            hipaa: z.boolean(),
          }),
        }),
      )
      .meta({ description: "Sorted by the organization's name." }),
  })
  .meta({ id: 'ConsoleSession' });

/** What a person types to sign in. What is no e-mail at all is simply not right, like a wrong one. */
export const SignInRequest = z
  .object({ email: storable.min(1).max(320), password: storable.min(1).max(1000) })
  .meta({ id: 'SignInRequest' });

/** The people of the demo account, offered on the sign-in page as "Continue as ...". Empty outside the demo. */
export const DemoPeople = z
  .object({ people: z.array(z.object({ email: z.string(), name: z.string(), description: z.string() })) })
  .meta({ id: 'DemoPeople' });

/** Whom of the demo account to continue as. */
export const DemoSignInRequest = z.object({ email: z.string() }).meta({ id: 'DemoSignInRequest' });

export type ConsoleSession = z.infer<typeof ConsoleSession>;
export type SignInRequest = z.infer<typeof SignInRequest>;
export type DemoPeople = z.infer<typeof DemoPeople>;
export type DemoSignInRequest = z.infer<typeof DemoSignInRequest>;
