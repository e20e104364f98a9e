import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { call } from '../common/openapi.ts';
import { PATHS } from '../paths.ts';
import {
  OrgConnectionCreateRequest,
  OrgConnectionListQuery,
  OrgConnectionListResponse,
  OrgConnectionPath,
  OrgConnectionResponse,
  OrgConnectionUpdateRequest,
} from './schema.ts';

/** Returns the OpenAPI paths of this resource. */
export function describeOrgConnections(): ZodOpenApiPathsObject {
  return {
    [PATHS.orgConnections]: {
      get: call('Org Connections', 'List connections', {
        description:
          'Returns the connections with your organization as the source, newest first, then those with it as the destination. Needs `org_connections_read`.',
        requestParams: { query: OrgConnectionListQuery },
        answer: OrgConnectionListResponse,
        errors: [400, 401, 403],
      }),
      post: call('Org Connections', 'Create a connection', {
        description:
          "Shares data of the caller's organization with another organization of the same account and site. Needs `org_connections_write`, and the permission to read each shared type.",
        body: OrgConnectionCreateRequest,
        answer: OrgConnectionResponse,
        errors: [400, 401, 403, 404, 409, 413],
      }),
    },
    [`${PATHS.orgConnections}/{connection_id}`]: {
      get: call('Org Connections', 'Get a connection', {
        description: 'Needs `org_connections_read`.',
        requestParams: { path: OrgConnectionPath },
        answer: OrgConnectionResponse,
        errors: [400, 401, 403, 404],
      }),
      patch: call('Org Connections', 'Change the data types of a connection', {
        description:
          'Only for the source organization. Needs `org_connections_write`, and the permission to read each added type.',
        requestParams: { path: OrgConnectionPath },
        body: OrgConnectionUpdateRequest,
        answer: OrgConnectionResponse,
        errors: [400, 401, 403, 404, 413],
      }),
      delete: call('Org Connections', 'Delete a connection', {
        description:
          'For the source or the destination organization. Returns an empty object. Needs `org_connections_write`.',
        requestParams: { path: OrgConnectionPath },
        errors: [400, 401, 403, 404],
      }),
    },
  };
}
