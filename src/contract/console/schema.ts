import { z } from 'zod';
import { givenName, storable, Timestamp, Uuid } from '../common/schema.ts';
import { PERMISSIONS } from '../permissions/constants.ts';

const named = z.object({ id: Uuid, name: z.string() });

const permissionNames = PERMISSIONS.map((permission) => permission.name);

/** Who is signed in to the console, and the organizations that they are an active user of. */
export const ConsoleSession = z
  .object({
    person: z.object({ id: Uuid, email: z.string(), name: z.string() }),
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

/** How people can sign in here. */
export const SignInMethods = z
  .object({
    passwords: z.boolean(),
    single_sign_on: z
      .object({ label: z.string().meta({ description: 'What people call it: "Continue with ...".' }) })
      .nullable(),
  })
  .meta({ id: 'SignInMethods' });

/** Where to go after single sign-on, and nothing else: a path of this site. */
export const SingleSignOnQuery = z.object({ next: z.string().optional() });

/** The secret at the end of an invitation's link. It travels in bodies, because addresses are logged. */
const invitationSecret = z.string().min(1).max(200);

/** Which invitation to read. */
export const InvitationRequest = z.object({ secret: invitationSecret }).meta({ id: 'InvitationRequest' });

/** An open invitation, as whoever holds its link may see it. */
export const Invitation = z
  .object({
    org: z.object({ id: Uuid, name: z.string() }),
    email: z.string(),
    expires_at: Timestamp,
    can_sign_in: z.boolean().meta({
      description:
        'Whether the invited person is somebody already. Then they accept it signed in; else with a name and a password.',
    }),
  })
  .meta({ id: 'Invitation' });

/** Accepts an invitation: for a new person with a name and a password, for any other as the person who is signed in. */
export const InvitationAcceptance = z
  .object({
    secret: invitationSecret,
    new_person: z
      .object({
        name: givenName,
        password: storable
          .min(8, 'must have at least 8 characters')
          .max(128, 'must have at most 128 characters'),
      })
      .optional(),
  })
  .meta({ id: 'InvitationAcceptance' });

/** The people of the demo account, offered on the sign-in page as "Continue as ...". Empty outside the demo. */
export const DemoPeople = z
  .object({ people: z.array(z.object({ email: z.string(), name: z.string(), description: z.string() })) })
  .meta({ id: 'DemoPeople' });

/** Whom of the demo account to continue as. */
export const DemoSignInRequest = z.object({ email: z.string() }).meta({ id: 'DemoSignInRequest' });

export type ConsoleSession = z.infer<typeof ConsoleSession>;
export type SignInRequest = z.infer<typeof SignInRequest>;
export type SignInMethods = z.infer<typeof SignInMethods>;
export type InvitationRequest = z.infer<typeof InvitationRequest>;
export type Invitation = z.infer<typeof Invitation>;
export type InvitationAcceptance = z.infer<typeof InvitationAcceptance>;
export type DemoPeople = z.infer<typeof DemoPeople>;
export type DemoSignInRequest = z.infer<typeof DemoSignInRequest>;
