import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { call } from '../common/openapi.ts';
import { PATHS } from '../paths.ts';
import { ManagedOrgsResponse, OrganizationListResponse, ValidateResponse } from './schema.ts';

/** Returns the OpenAPI paths of this resource. */
export function describeOrgs(): ZodOpenApiPathsObject {
  return {
    [PATHS.managedOrgs]: {
      get: call('Organizations', 'List your managed organizations', {
        answer: ManagedOrgsResponse,
        errors: [401, 403],
      }),
    },
    [PATHS.organizations]: {
      get: call('Organizations', 'List your organizations (version 1)', {
        answer: OrganizationListResponse,
        errors: [401, 403],
      }),
    },
    [PATHS.validate]: {
      get: call('Organizations', 'Validate an API key', {
        security: [{ apiKey: [] }],
        answer: ValidateResponse,
        errors: [401],
      }),
    },
  };
}
