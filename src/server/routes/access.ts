import { Hono } from 'hono';
import {
  AccessRequest,
  type AccessResponse,
  type NamedPrincipal,
  PrincipalSearchQuery,
  type PrincipalSearchResponse,
} from '../../contract/access/schema.ts';
import { PATHS } from '../../contract/paths.ts';
import { permittedActions, requirePermission } from '../../rules/access.ts';
import { sharedConnection, sideOf, unknownConnection } from '../../rules/connections.ts';
import { parseBindings } from '../../rules/restriction-policies.ts';
import { snapshot } from '../db/scope.ts';
import { authenticate } from '../identity/authenticate.ts';
import type { AppEnv, Dependencies } from '../http/env.ts';
import { readBody, readQuery } from '../http/validate.ts';
import { findConnection } from '../store/connections.ts';
import {
  listAccessContexts,
  namePrincipals,
  type PrincipalRow,
  searchPrincipals,
} from '../store/principals.ts';

/** Maximum number of roles, of teams and of users in a search result. */
const FOUND_OF_EACH_KIND = 20;
/** Maximum number of people that are listed by name. */
const PEOPLE_LISTED = 100;

/** Routes for the Permissions dialog: search for principals, and preview who a policy admits. */
export function access(dependencies: Dependencies) {
  const { db } = dependencies;
  return new Hono<AppEnv>({ strict: false })
    .get(PATHS.principals, authenticate(dependencies), async (c) => {
      const { actor } = c.var;
      const { search } = readQuery(c, PrincipalSearchQuery);
      const rows = await snapshot(db, actor, (db) =>
        searchPrincipals(db, actor.orgId, search.trim(), FOUND_OF_EACH_KIND + 1),
      );
      const seen = new Map<string, number>();
      const first = rows.filter(({ principal }) => {
        const [kind = ''] = principal.split(':');
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
        return (seen.get(kind) ?? 0) <= FOUND_OF_EACH_KIND;
      });
      return c.json({
        principals: first.map(presentPrincipal),
        has_more: first.length < rows.length,
      } satisfies PrincipalSearchResponse);
    })

    .post(PATHS.access, authenticate(dependencies), async (c) => {
      const { actor } = c.var;
      requirePermission(actor.permissions, 'org_connections_read');
      const { connection_id, bindings, search } = await readBody(c, AccessRequest);
      const policy = parseBindings(bindings);
      const found = await snapshot(db, actor, async (db) => {
        const connection = await findConnection(db, connection_id);
        if (!connection) throw unknownConnection(connection_id);
        const named = policy?.flatMap(({ principals }) => principals) ?? [];
        return {
          connection,
          principals: await namePrincipals(db, actor.orgId, named),
          users: await listAccessContexts(db, actor.orgId),
        };
      });

      const side = sideOf(actor.orgId, found.connection);
      const connection = sharedConnection(found.connection);
      const people = found.users
        .map(({ name, email, access: context }) => {
          const may = permittedActions(context, side, connection, policy);
          return { name, email, can_query: may.query, can_edit: may.delete };
        })
        .filter(({ can_query, can_edit }) => can_query || can_edit);
      const wanted = search.trim().toLowerCase();
      const matching = people.filter(({ name, email }) => `${name}\n${email}`.toLowerCase().includes(wanted));
      return c.json({
        principals: found.principals.map(presentPrincipal),
        can_query: people.filter((person) => person.can_query).length,
        can_edit: people.filter((person) => person.can_edit).length,
        people: matching.slice(0, PEOPLE_LISTED),
        people_found: matching.length,
      } satisfies AccessResponse);
    });
}

function presentPrincipal({ principal, name, detail, inactive }: PrincipalRow): NamedPrincipal {
  return { principal, name, ...(detail !== null && { detail }), ...(inactive !== null && { inactive }) };
}
