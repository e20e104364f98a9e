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

/** The OpenAPI paths of this resource. */
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
        errors: [400, 401, 403, 429],
      }),
      delete: call('Console', 'Sign out', {
        description: `Needs ${PERSON_HEADER}: 400 without it, 403 if another person is signed in.`,
        security: [{ session: [] }],
        status: 204,
        errors: [400, 403],
      }),
    },
    [PATHS.signInMethods]: {
      get: call('Console', 'How people can sign in', { security: [], answer: SignInMethods, errors: [] }),
    },
    [PATHS.singleSignOn]: {
      get: call('Console', 'Begin single sign-on', {
        description: 'Leads to the provider. 404 where there is none.',
        security: [],
        requestParams: { query: SingleSignOnQuery },
        status: 302,
        errors: [404],
      }),
    },
    [PATHS.singleSignOnCallback]: {
      get: call('Console', 'Finish single sign-on', {
        description:
          'Where the provider leads back to: on to the page that was asked for, or to sign in again.',
        security: [],
        status: 302,
        errors: [404],
      }),
    },
    [PATHS.invitation]: {
      post: call('Console', 'Read an invitation', {
        description:
          'By the secret at the end of its link. 404 once it was used, has run out, or was taken back.',
        security: [],
        body: InvitationRequest,
        answer: Invitation,
        errors: [400, 403, 404, 429],
      }),
    },
    [PATHS.invitationAcceptance]: {
      post: call('Console', 'Accept an invitation', {
        description: `With a name and a password for a new person, who is then signed in; for anybody who can sign in already, signed in, with ${PERSON_HEADER}.`,
        security: [],
        body: InvitationAcceptance,
        answer: ConsoleSession,
        errors: [400, 403, 404, 409, 429],
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
      post: call('Console', 'Sign in as one of the demo account', {
        security: [],
        body: DemoSignInRequest,
        answer: ConsoleSession,
        errors: [400, 403, 404],
      }),
    },
  };
}
