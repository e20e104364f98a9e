import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { call, INTAKE } from '../common/openapi.ts';
import { PATHS } from '../paths.ts';
import { IntakePayloadAccepted, MetricPayload } from './schema.ts';

/** Returns the OpenAPI paths of this resource. */
export function describeSeries(): ZodOpenApiPathsObject {
  return {
    [PATHS.series]: {
      post: call('Intake', 'Submit metrics', {
        ...INTAKE,
        body: MetricPayload,
        answer: IntakePayloadAccepted,
      }),
    },
  };
}
