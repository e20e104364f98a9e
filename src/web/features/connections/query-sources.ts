import type { ConnectionType } from '../../../contract/org-connections/constants.ts';
import type { OrgUser } from '../../api/session.ts';
import { type Connection, type NamedOrg, obstacleToQuery } from './connection.ts';

/** Organization whose data queries of the current organization can name. */
export interface QuerySource extends NamedOrg {
  /** Returns why the user cannot query a data type there, or undefined. */
  obstacleTo: (type: ConnectionType) => string | undefined;
}

/** Returns the sources of all inbound connections. */
export function querySources(connections: readonly Connection[], user: OrgUser): readonly QuerySource[] {
  return connections
    .filter(({ side }) => side === 'destination')
    .map((connection) => ({
      ...connection.source,
      obstacleTo: (type) => obstacleToQuery(connection, type, user),
    }));
}
