import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { call, INTAKE } from '../common/openapi.ts';
import { PATHS } from '../paths.ts';
import { HttpLog, LogIntakeQuery } from './schema.ts';

/** Returns the OpenAPI paths of this resource. */
export function describeLogs(): ZodOpenApiPathsObject {
  return {
    [PATHS.logs]: {
      post: call('Intake', 'Send logs', {
        ...INTAKE,
        requestParams: { query: LogIntakeQuery },
        body: HttpLog,
      }),
    },
  };
}
