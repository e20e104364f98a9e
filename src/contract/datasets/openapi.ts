import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { call } from '../common/openapi.ts';
import { PATHS } from '../paths.ts';
import { DatasetPath, DatasetRequest, DatasetResponse, DatasetsResponse } from './schema.ts';

/** Returns the OpenAPI paths of this resource. */
export function describeDatasets(): ZodOpenApiPathsObject {
  const one = { path: DatasetPath };
  const description = 'Needs `user_access_manage`.';
  return {
    [PATHS.datasets]: {
      get: call('Datasets', 'List datasets', {
        description: 'Returns all datasets of the organization. Needs `user_access_manage`.',
        answer: DatasetsResponse,
        errors: [401, 403],
      }),
      post: call('Datasets', 'Create a dataset', {
        description:
          'The name must be unique in the organization, and each filter must be unique for its product. Needs `user_access_manage`.',
        body: DatasetRequest,
        answer: DatasetResponse,
        errors: [400, 401, 403, 409, 413],
      }),
    },
    [`${PATHS.datasets}/{dataset_id}`]: {
      get: call('Datasets', 'Get a dataset', {
        description,
        requestParams: one,
        answer: DatasetResponse,
        errors: [401, 403, 404],
      }),
      put: call('Datasets', 'Replace a dataset', {
        description,
        requestParams: one,
        body: DatasetRequest,
        answer: DatasetResponse,
        errors: [400, 401, 403, 404, 409, 413],
      }),
      delete: call('Datasets', 'Delete a dataset', {
        description: 'Every user with the read permission can then see its data. Needs `user_access_manage`.',
        requestParams: one,
        status: 204,
        errors: [401, 403, 404],
      }),
    },
  };
}
