import { CONNECTION_TYPES } from '../../../contract/org-connections/constants.ts';
import type { OrgUser } from '../../api/session.ts';
import { messages as common } from '../../common/messages.ts';
import type { QuerySource } from '../../common/query-source.ts';
import { type Connection, obstacleToQuery } from './connection.ts';

/** Returns the organizations that queries of the current one can name: itself, and the source of each inbound connection. */
export function querySources(connections: readonly Connection[], user: OrgUser): readonly QuerySource[] {
  const { org, permissions } = user;
  const own: QuerySource = {
    id: org.id,
    name: org.name,
    obstacleTo: (type) => {
      const { permission } = CONNECTION_TYPES[type];
      return permissions.includes(permission) ? undefined : common.needsPermission(permission, org.name);
    },
  };
  const inbound = connections.filter(({ side }) => side === 'destination');
  return [
    own,
    ...inbound.map((connection) => ({
      ...connection.source,
      obstacleTo: (type: Parameters<QuerySource['obstacleTo']>[0]) => obstacleToQuery(connection, type, user),
    })),
  ];
}
