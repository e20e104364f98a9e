import { Hono } from 'hono';
import {
  OrgConnectionCreateRequest,
  type OrgConnectionListResponse,
  OrgConnectionListQuery,
  type OrgConnectionResponse,
  OrgConnectionUpdateRequest,
} from '../../contract/org-connections/schema.ts';
import { type Actor, type Policy, requirePermission } from '../../rules/access.ts';
import { unknownConnection, unknownDestination } from '../../rules/connections.ts';
import { DomainError } from '../../rules/errors.ts';
import { change } from '../changes/change.ts';
import { createConnection, deleteConnection, updateConnection } from '../changes/connections.ts';
import { type ScopedDb, snapshot } from '../db/scope.ts';
import { authenticate } from '../identity/authenticate.ts';
import type { AppEnv, Dependencies } from '../http/env.ts';
import { isUuid, readBody, readQuery, requireSameId } from '../http/validate.ts';
import {
  type ConnectionRow,
  countConnections,
  findConnection,
  listConnections,
} from '../store/connections.ts';
import { listOrgsById } from '../store/orgs.ts';
import { findPolicy, listPolicies } from '../store/restriction-policies.ts';
import { listUsersById } from '../store/user-rows.ts';
import { presentConnection } from '../present/connections.ts';
import { presentOrg } from '../present/orgs.ts';
import { presentUser } from '../present/users.ts';

/** `/api/v2/org_connections`: docs/wire-format.md has the order of the checks and the recorded texts. */
export function orgConnections(dependencies: Dependencies) {
  const { db } = dependencies;
  return new Hono<AppEnv>({ strict: false })
    .use(authenticate(dependencies))

    .get('/', async (c) => {
      const { actor } = c.var;
      requirePermission(actor.permissions, 'org_connections_read');
      const query = readQuery(c, OrgConnectionListQuery);
      const body = await snapshot(db, actor, async (db): Promise<OrgConnectionListResponse> => {
        const rows = await listConnections(db, actor.orgId, query);
        const { total, matching } = await countConnections(db, query);
        const ids = rows.map(({ id }) => id);
        const policies = await listPolicies(db, actor.orgId, 'cross-org-connection', ids, actor.principals);
        return {
          data: rows.map((row) => presentConnection(row, actor, policies.get(row.id))),
          ...(rows.length > 0 && { included: await includedWith(db, rows) }),
          meta: { page: { total_count: total, total_filtered_count: matching } },
        };
      });
      return c.json(body);
    })

    .get('/:connection_id', async (c) => {
      const { actor } = c.var;
      requirePermission(actor.permissions, 'org_connections_read');
      const id = connectionId(c.req.param('connection_id'));
      return c.json(await snapshot(db, actor, (db) => presentFound(db, id, actor)));
    })

    .post('/', async (c) => {
      const { actor } = c.var;
      requirePermission(actor.permissions, 'org_connections_write');
      const { data } = await readBody(c, OrgConnectionCreateRequest);
      const sinkId = data.relationships.sink_org.data.id.toLowerCase();
      if (!isUuid(sinkId)) throw unknownDestination();
      const body = await change(
        dependencies,
        actor,
        (tx, actor) => createConnection(tx, actor, sinkId, data.attributes ?? {}),
        (tx, id) => presentFound(tx, id, actor),
      );
      return c.json(body);
    })

    .patch('/:connection_id', async (c) => {
      const { actor } = c.var;
      requirePermission(actor.permissions, 'org_connections_write');
      const id = connectionId(c.req.param('connection_id'));
      const { data } = await readBody(c, OrgConnectionUpdateRequest);
      requireSameId(data.id, id);
      const body = await change(
        dependencies,
        actor,
        (tx, actor) => updateConnection(tx, actor, id, data.attributes),
        (tx) => presentFound(tx, id, actor),
      );
      return c.json(body);
    })

    .delete('/:connection_id', async (c) => {
      const { actor } = c.var;
      requirePermission(actor.permissions, 'org_connections_write');
      const id = connectionId(c.req.param('connection_id'));
      await change(dependencies, actor, (tx, actor) => deleteConnection(tx, actor, id));
      return c.json({});
    });
}

function connectionId(text: string): string {
  if (!isUuid(text)) throw new DomainError('refused', 'connection_id_malformed');
  return text.toLowerCase();
}

/** Returns the policy of the actor's side, limited to the actor's principals. */
function policyFor(db: ScopedDb, id: string, actor: Actor): Promise<Policy | undefined> {
  return findPolicy(db, actor.orgId, { type: 'cross-org-connection', id }, actor.principals);
}

async function presentFound(db: ScopedDb, id: string, actor: Actor): Promise<OrgConnectionResponse> {
  const row = await findConnection(db, id);
  if (!row) throw unknownConnection(id);
  return {
    data: presentConnection(row, actor, await policyFor(db, id, actor)),
    included: await includedWith(db, [row]),
  };
}

/** Returns the organizations and users of connections, each once. */
async function includedWith(db: ScopedDb, rows: readonly ConnectionRow[]) {
  const orgIds = new Set(rows.flatMap((row) => [row.source_org_id, row.sink_org_id]));
  const userIds = new Set(rows.map((row) => row.created_by));
  const orgs = await listOrgsById(db, [...orgIds]);
  const users = await listUsersById(db, [...userIds]);
  return [...orgs.map((org) => presentOrg(org)), ...users.map(presentUser)];
}
