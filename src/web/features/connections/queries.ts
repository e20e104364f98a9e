import { type QueryClient, queryOptions } from '@tanstack/react-query';
import {
  type ConnectionType,
  isExtensionConnectionType,
} from '../../../contract/org-connections/constants.ts';
import type {
  OrgConnection,
  OrgConnectionCreateRequest,
  OrgConnectionListResponse,
  OrgConnectionResponse,
  OrgConnectionUpdateRequest,
} from '../../../contract/org-connections/schema.ts';
import type { ManagedOrgsResponse, OrgResource } from '../../../contract/orgs/schema.ts';
import { PATHS } from '../../../contract/paths.ts';
import { splitTypes } from '../../../rules/connection-types.ts';
import { FRESH } from '../../api/query-client.ts';
import { ApiError, CHANGED_MEANWHILE, isChangedMeanwhile, isStatus, request } from '../../api/request.ts';
import type { OrgUser } from '../../api/session.ts';
import { collator } from '../../i18n/format.ts';
import { useChange } from '../../common/use-change.ts';
import { useListed } from '../../common/use-listed.ts';
import { type Connection, sameTypes, toConnection } from './connection.ts';
import { messages } from './messages.ts';

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

/** The organizations of the account, with the destinations that the current one uses. */
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

export function useConnection(orgId: string, id: string) {
  return useListed(connectionsOptions(orgId), id);
}

/** Refreshes the lists of both sides, and the number of destinations used. */
export async function refreshConnections(queryClient: QueryClient): Promise<void> {
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: ['connections'] }),
    queryClient.invalidateQueries({ queryKey: ['orgs'] }),
  ]);
}

interface NewConnection {
  destination: { id: string; name: string };
  types: readonly ConnectionType[];
}

export function useCreateConnection({ org }: OrgUser) {
  return useChange({
    send: ({ destination, types }: NewConnection) => {
      const body: OrgConnectionCreateRequest = {
        data: {
          type: 'org_connection',
          attributes: wantedTypes(types),
          relationships: { sink_org: { data: { type: 'orgs', id: destination.id } } },
        },
      };
      return request<OrgConnectionResponse>(PATHS.orgConnections, { method: 'POST', org: org.id, body });
    },
    done: ({ destination, types }) => messages.created(org.name, types, destination.name),
    refresh: refreshConnections,
    isOutdated: (error) => isStatus(error, 409),
  });
}

interface ConnectionUpdate {
  /** As shown when the request was sent. */
  connection: Connection;
  types: readonly ConnectionType[];
}

export function useUpdateConnection({ org }: OrgUser) {
  return useChange({
    send: async ({ connection, types }: ConnectionUpdate) => {
      const path = connectionPath(connection);
      const { data } = await request<OrgConnectionResponse>(path, { org: org.id });
      const current = toConnection(data, org.id);
      if (!sameTypes(current.types, connection.types))
        throw new ApiError(CHANGED_MEANWHILE, [messages.changedMeanwhile(current.types)]);

      const body: OrgConnectionUpdateRequest = {
        data: {
          type: 'org_connection',
          id: connection.id,
          attributes: wantedTypes(types, connection.types),
        },
      };
      return request<OrgConnectionResponse>(path, { method: 'PATCH', org: org.id, body });
    },
    done: ({ connection, types }) => messages.updated(connection, types),
    refresh: refreshConnections,
    isOutdated: (error) => isStatus(error, 404) || isChangedMeanwhile(error),
  });
}

export function useDeleteConnection({ org }: OrgUser) {
  return useChange({
    send: (connection: Connection) =>
      request<object>(connectionPath(connection), { method: 'DELETE', org: org.id }),
    done: (connection) => messages.deleted(connection),
    refresh: refreshConnections,
    isOutdated: (error) => isStatus(error, 404),
  });
}

/** Returns the attributes of a request. Extension types are sent only if there are or were any. */
function wantedTypes(types: readonly ConnectionType[], before: readonly ConnectionType[] = []) {
  const { connection_types, extension_types } = splitTypes(types);
  const namesExtensions = [...types, ...before].some(isExtensionConnectionType);
  return {
    connection_types,
    ...(namesExtensions && { extensions: { connection_types: extension_types } }),
  };
}

function connectionPath(connection: Connection): string {
  return `${PATHS.orgConnections}/${connection.id}`;
}
