import type { OrgConnection } from '../../contract/org-connections/schema.ts';
import { type Actor, permittedActions, type Policy, reasonUnavailable } from '../../rules/access.ts';
import { errorMessage } from '../../rules/errors.ts';
import { sharedConnection, sideOf } from '../../rules/connections.ts';
import type { ConnectionRow } from '../store/connections.ts';

/**
 * Returns a connection as the actor sees it.
 *
 * @param policy policy of the actor's organization, if one is in force
 */
export function presentConnection(
  row: ConnectionRow,
  actor: Actor,
  policy: Policy | undefined,
): OrgConnection {
  const connection = sharedConnection(row);
  return {
    type: 'org_connection',
    id: row.id,
    attributes: {
      created_at: row.created_at,
      connection_types: row.connection_types,
      extensions: {
        connection_types: row.extension_types,
        restricted: policy !== undefined,
        unavailable: connection.types.flatMap((type) => {
          const reason = reasonUnavailable(connection, type);
          return reason === undefined
            ? []
            : [
                {
                  connection_type: type,
                  reason: errorMessage(reason),
                  code: reason.code,
                  params: reason.params,
                },
              ];
        }),
        permitted: permittedActions(actor, sideOf(actor.orgId, row), connection, policy),
      },
    },
    relationships: {
      source_org: { data: { type: 'orgs', id: row.source_org_id, name: row.source_name } },
      sink_org: { data: { type: 'orgs', id: row.sink_org_id, name: row.sink_name } },
      created_by: { data: { type: 'users', id: row.created_by, name: row.creator_name } },
    },
  };
}
