import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { call, INTAKE } from '../common/openapi.ts';
import { PATHS } from '../paths.ts';
import { CiPipelineEventRequest, CiTestEventRequest } from './schema.ts';

/** Returns the OpenAPI paths of this resource. */
export function describeCi(): ZodOpenApiPathsObject {
  return {
    [PATHS.ciPipelines]: {
      post: call('Intake', 'Send pipeline events', { ...INTAKE, body: CiPipelineEventRequest }),
    },
    [PATHS.ciTests]: {
      post: call('Intake', 'Send test events', { ...INTAKE, body: CiTestEventRequest }),
    },
  };
}
