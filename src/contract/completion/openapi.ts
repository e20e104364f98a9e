import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { call } from '../common/openapi.ts';
import { PATHS } from '../paths.ts';
import {
  FacetListQuery,
  FacetListResponse,
  MetricListQuery,
  MetricListResponse,
  MetricPath,
  MetricTagsQuery,
  MetricTagsResponse,
} from './schema.ts';

/** The OpenAPI paths of this resource. */
export function describeCompletion(): ZodOpenApiPathsObject {
  const ofAnother =
    "With `cross_org_uuids`, of an organization that is connected to one's own: then `org_connections_read` is needed as well, the connection must share the data, and no restriction policy may stand against it.";
  return {
    [PATHS.facets]: {
      get: call('Console', 'List facets of events, or the values of one', {
        description:
          "Needs the permission to read the data; of another organization's also what querying it needs.",
        requestParams: { query: FacetListQuery },
        answer: FacetListResponse,
        errors: [400, 401, 403, 503],
      }),
    },
    [PATHS.metrics]: {
      get: call('Queries', 'List active metrics', {
        description: `Needs \`timeseries_query\`. ${ofAnother}`,
        requestParams: { query: MetricListQuery },
        answer: MetricListResponse,
        errors: [400, 401, 403, 503],
      }),
    },
    [`${PATHS.metricTags}/{metric_name}/all-tags`]: {
      get: call('Queries', 'List the tags of a metric', {
        description: `Needs \`timeseries_query\`. ${ofAnother}`,
        requestParams: { path: MetricPath, query: MetricTagsQuery },
        answer: MetricTagsResponse,
        errors: [400, 401, 403, 503],
      }),
    },
  };
}
