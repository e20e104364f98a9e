import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { call } from '../common/openapi.ts';
import { PATHS, PERSON_HEADER } from '../paths.ts';
import {
  ConsoleSession,
  DemoPeople,
  DemoSignInRequest,
  Invitation,
  InvitationAcceptance,
  InvitationRequest,
  SignInMethods,
  SignInRequest,
  SingleSignOnQuery,
} from './schema.ts';

/** Returns the OpenAPI paths of this resource. */
export function describeConsole(): ZodOpenApiPathsObject {
  return {
    [PATHS.session]: {
      get: call('Console', 'Get the signed-in person', {
        security: [{ session: [] }],
        answer: ConsoleSession,
        errors: [401],
      }),
      post: call('Console', 'Sign in', {
        security: [],
        body: SignInRequest,
        answer: ConsoleSession,
        errors: [400, 401, 403, 429, 503],
      }),
      delete: call('Console', 'Sign out', {
        description: `Needs ${PERSON_HEADER}: 400 without it, 403 if another person is signed in.`,
        security: [{ session: [] }],
        status: 204,
        errors: [400, 403],
      }),
    },
    [PATHS.signInMethods]: {
      get: call('Console', 'Get the sign-in methods', { security: [], answer: SignInMethods, errors: [] }),
    },
    [PATHS.singleSignOn]: {
      get: call('Console', 'Start single sign-on', {
        description: 'Redirects to the provider. 404 if single sign-on is not configured.',
        security: [],
        requestParams: { query: SingleSignOnQuery },
        status: 302,
        errors: [404],
      }),
    },
    [PATHS.singleSignOnCallback]: {
      get: call('Console', 'Finish single sign-on', {
        description:
          'Redirect target of the provider. Redirects to the requested page, or to the sign-in page if sign-on failed.',
        security: [],
        status: 302,
        errors: [404],
      }),
    },
    [PATHS.invitation]: {
      post: call('Console', 'Read an invitation', {
        description:
          'Needs the secret at the end of the invitation link. 404 if the invitation was used, expired or was revoked.',
        security: [],
        body: InvitationRequest,
        answer: Invitation,
        errors: [400, 403, 404, 429],
      }),
    },
    [PATHS.invitationAcceptance]: {
      post: call('Console', 'Accept an invitation', {
        description: `A new person sends a name and a password, and is signed in. An existing person must be signed in, and sends ${PERSON_HEADER}.`,
        security: [],
        body: InvitationAcceptance,
        answer: ConsoleSession,
        errors: [400, 403, 404, 409, 429, 503],
      }),
    },
    [PATHS.demoPeople]: {
      get: call('Console', 'List the people of the demo account', {
        security: [],
        answer: DemoPeople,
        errors: [],
      }),
    },
    [PATHS.demoSession]: {
      post: call('Console', 'Sign in as a person of the demo account', {
        security: [],
        body: DemoSignInRequest,
        answer: ConsoleSession,
        errors: [400, 403, 404],
      }),
    },
  };
}
