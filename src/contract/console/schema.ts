import { z } from 'zod';
import { givenName, storable, Timestamp, Uuid } from '../common/schema.ts';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from './constants.ts';
import { PERMISSIONS } from '../permissions/constants.ts';

const named = z.object({ id: Uuid, name: z.string() });

const permissionNames = PERMISSIONS.map((permission) => permission.name);

/** Signed-in person, with their active users in all organizations. */
export const ConsoleSession = z
  .object({
    person: z.object({ id: Uuid, email: z.string(), name: z.string() }),
    users: z
      .array(
        z.object({
          id: Uuid.meta({ description: 'Id of the user that the person has in this organization.' }),
          roles: z.array(named).meta({ description: 'Sorted by name.' }),
          teams: z.array(named).meta({ description: 'Sorted by name.' }),
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

/** Credentials of a person. A malformed email gets the same error as an unknown one. */
export const SignInRequest = z
  .object({ email: storable.min(1).max(320), password: storable.min(1).max(1000) })
  .meta({ id: 'SignInRequest' });

/** Sign-in methods that this deployment offers. */
export const SignInMethods = z
  .object({
    passwords: z.boolean(),
    single_sign_on: z
      .object({
        label: z.string().meta({ description: 'Name of the provider, for the button "Continue with ...".' }),
      })
      .nullable(),
  })
  .meta({ id: 'SignInMethods' });

/** Path on this site to open after single sign-on. */
export const SingleSignOnQuery = z.object({ next: z.string().optional() });

/** Secret at the end of an invitation link. Sent in request bodies, because URLs are logged. */
const invitationSecret = z.string().min(1).max(200);

export const InvitationRequest = z.object({ secret: invitationSecret }).meta({ id: 'InvitationRequest' });

/** Open invitation, as shown to the holder of its link. */
export const Invitation = z
  .object({
    org: z.object({ id: Uuid, name: z.string() }),
    email: z.string(),
    expires_at: Timestamp,
    can_sign_in: z.boolean().meta({
      description:
        'Whether the invited person already has a way to sign in. If so, they accept the invitation while signed in; otherwise with a name and a password.',
    }),
  })
  .meta({ id: 'Invitation' });

/** Accepts an invitation, with a name and a password for a new person, or as the signed-in person. */
export const InvitationAcceptance = z
  .object({
    secret: invitationSecret,
    new_person: z
      .object({
        name: givenName,
        password: storable
          .min(MIN_PASSWORD_LENGTH, `must have at least ${MIN_PASSWORD_LENGTH} characters`)
          .max(MAX_PASSWORD_LENGTH, `must have at most ${MAX_PASSWORD_LENGTH} characters`),
      })
      .optional(),
  })
  .meta({ id: 'InvitationAcceptance' });

/** People of the demo account, offered on the sign-in page as "Continue as ...". Empty outside the demo. */
export const DemoPeople = z
  .object({ people: z.array(z.object({ email: z.string(), name: z.string(), description: z.string() })) })
  .meta({ id: 'DemoPeople' });

/** Selects the person of the demo account to sign in as. */
export const DemoSignInRequest = z.object({ email: z.string() }).meta({ id: 'DemoSignInRequest' });

export type ConsoleSession = z.infer<typeof ConsoleSession>;
export type SignInRequest = z.infer<typeof SignInRequest>;
export type SignInMethods = z.infer<typeof SignInMethods>;
export type InvitationRequest = z.infer<typeof InvitationRequest>;
export type Invitation = z.infer<typeof Invitation>;
export type InvitationAcceptance = z.infer<typeof InvitationAcceptance>;
export type DemoPeople = z.infer<typeof DemoPeople>;
export type DemoSignInRequest = z.infer<typeof DemoSignInRequest>;
