import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { call } from '../common/openapi.ts';
import { PATHS } from '../paths.ts';
import {
  ScalarQueryRequest,
  ScalarQueryResponse,
  TimeseriesQueryRequest,
  TimeseriesQueryResponse,
} from './schema.ts';

/** Returns the OpenAPI paths of this resource. */
export function describeQueries(): ZodOpenApiPathsObject {
  const ofAnother =
    "With `cross_org_uuids`, queries one connected organization. Also needs `org_connections_read`; the connection must share the type and be available (`extensions.unavailable`), and your organization's restriction policy must make you a viewer.";
  return {
    [`${PATHS.queries}/timeseries`]: {
      post: call('Queries', 'Query series over time', {
        description: `Each query needs the permission to read its data. ${ofAnother}`,
        body: TimeseriesQueryRequest,
        answer: TimeseriesQueryResponse,
        errors: [400, 401, 403, 413, 503],
      }),
    },
    [`${PATHS.queries}/scalar`]: {
      post: call('Queries', 'Query one value for each group', {
        description: `Each query needs the permission to read its data. ${ofAnother}`,
        body: ScalarQueryRequest,
        answer: ScalarQueryResponse,
        errors: [400, 401, 403, 413, 503],
      }),
    },
  };
}
