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

/** Returns the OpenAPI paths of this resource. */
export function describeCompletion(): ZodOpenApiPathsObject {
  const ofAnother =
    "With `cross_org_uuids`, reads one connected organization. Also needs `org_connections_read`; the connection must share the type, and your organization's restriction policy must make you a viewer.";
  return {
    [PATHS.facets]: {
      get: call('Console', 'List facets of events, or the values of a facet', {
        description:
          'Needs the permission to read the data, and for another organization also the access to query it.',
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
