import { type QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  type ConnectionType,
  isExtensionConnectionType,
  isPublicConnectionType,
} from '../../../contract/connection-types.ts';
import type {
  OrgConnection,
  OrgConnectionCreateRequest,
  OrgConnectionListResponse,
  OrgConnectionResponse,
  OrgConnectionUpdateRequest,
} from '../../../contract/org-connections.schema.ts';
import type { ManagedOrgsResponse, OrgResource } from '../../../contract/orgs.schema.ts';
import { PATHS } from '../../../contract/paths.ts';
import { isStatus, request } from '../../api/request.ts';
import { collator } from '../../ui/format.ts';
import { type Connection, toConnection } from './connection.ts';

/** A colleague's change appears by itself: every 30 s while the page is in view, and when it comes into view. */
const FRESH = { refetchInterval: 30_000, refetchOnWindowFocus: 'always' } as const;

/** All connections of an organization, as source or as destination. */
export function connectionsOptions(orgId: string) {
  return queryOptions({
    queryKey: ['connections', orgId],
    queryFn: async ({ signal }): Promise<Connection[]> => {
      const connections: OrgConnection[] = [];
      for (;;) {
        const { data, meta } = await request<OrgConnectionListResponse>(
          `${PATHS.orgConnections}?offset=${connections.length}`,
          { org: orgId, signal },
        );
        connections.push(...data);
        if (data.length === 0 || connections.length >= meta.page.total_filtered_count) {
          return connections.map((connection) => toConnection(connection, orgId));
        }
      }
    },
    ...FRESH,
  });
}

export type Org = { id: string; name: string } & OrgResource['attributes']['extensions'];

/** The account's organizations, and how many destinations the one that asks has used. */
export function orgsOptions(orgId: string) {
  return queryOptions({
    queryKey: ['orgs', orgId],
    queryFn: async ({ signal }) => {
      const { data, included } = await request<ManagedOrgsResponse>(PATHS.managedOrgs, {
        org: orgId,
        signal,
      });
      const orgs = included.map(toOrg);
      const currentId = data.relationships.current_org.data.id;
      return {
        current: orgs.find((org) => org.id === currentId),
        others: orgs
          .filter((org) => org.id !== currentId)
          .toSorted((a, b) => collator.compare(a.name, b.name)),
      };
    },
    ...FRESH,
  });
}

function toOrg({ id, attributes }: OrgResource): Org {
  return { id, name: attributes.name, ...attributes.extensions };
}

/** One connection out of the list, which is loaded anew for whoever opens it. */
export function useConnection(orgId: string, id: string) {
  const { data, isFetchedAfterMount, isSuccess } = useQuery(connectionsOptions(orgId));
  const connection = data?.find((candidate) => candidate.id === id);
  return { connection, isGone: connection === undefined && isFetchedAfterMount && isSuccess };
}

interface NewConnection {
  destination: { id: string; name: string };
  types: readonly ConnectionType[];
}

export function useCreateConnection(orgId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ destination, types }: NewConnection) => {
      const extensionTypes = types.filter(isExtensionConnectionType);
      const body: OrgConnectionCreateRequest = {
        data: {
          type: 'org_connection',
          attributes: {
            connection_types: types.filter(isPublicConnectionType),
            ...(extensionTypes.length > 0 && { extensions: { connection_types: extensionTypes } }),
          },
          relationships: { sink_org: { data: { type: 'orgs', id: destination.id } } },
        },
      };
      return request<OrgConnectionResponse>(PATHS.orgConnections, { method: 'POST', org: orgId, body });
    },
    onSuccess: () => refresh(queryClient),
    onError: (error) => (isStatus(error, 409) ? refresh(queryClient) : undefined),
  });
}

interface ConnectionUpdate {
  /** The connection as it was shown. */
  connection: Connection;
  types: readonly ConnectionType[];
}

export function useUpdateConnection(orgId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ connection, types }: ConnectionUpdate) => {
      const extensionTypes = types.filter(isExtensionConnectionType);
      const sendsExtensions = extensionTypes.length > 0 || connection.types.some(isExtensionConnectionType);
      const body: OrgConnectionUpdateRequest = {
        data: {
          type: 'org_connection',
          id: connection.id,
          attributes: {
            connection_types: types.filter(isPublicConnectionType),
            ...(sendsExtensions && { extensions: { connection_types: extensionTypes } }),
          },
        },
      };
      return request<OrgConnectionResponse>(connectionPath(connection), {
        method: 'PATCH',
        org: orgId,
        body,
      });
    },
    onSuccess: () => refresh(queryClient),
    onError: (error) => (isStatus(error, 404) ? refresh(queryClient) : undefined),
  });
}

export function useDeleteConnection(orgId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (connection: Connection) =>
      request<object>(connectionPath(connection), { method: 'DELETE', org: orgId }),
    onSuccess: () => refresh(queryClient),
    onError: (error) => (isStatus(error, 404) ? refresh(queryClient) : undefined),
  });
}

function connectionPath(connection: Connection): string {
  return `${PATHS.orgConnections}/${connection.id}`;
}

/** Both sides list a connection, and it counts among the source's destinations. */
async function refresh(queryClient: QueryClient): Promise<void> {
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: ['connections'] }),
    queryClient.invalidateQueries({ queryKey: ['orgs'] }),
  ]);
}
