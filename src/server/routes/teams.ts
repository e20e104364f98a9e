import { type Context, Hono } from 'hono';
import {
  MembershipCreateRequest,
  MembershipListQuery,
  type MembershipResponse,
  type MembershipsResponse,
  TeamCreateRequest,
  TeamListQuery,
  type TeamResponse,
  type TeamsResponse,
} from '../../contract/teams/schema.ts';
import { requirePermission } from '../../rules/access.ts';
import { unknown } from '../../rules/directory.ts';
import { DomainError } from '../../rules/errors.ts';
import { type ScopedDb, scoped, snapshot } from '../db/scope.ts';
import { authenticate } from '../identity/authenticate.ts';
import type { AppEnv, Dependencies } from '../http/env.ts';
import { pageOf, paginate, publicAddress } from '../http/paging.ts';
import { idOf, readBody, readQuery } from '../http/validate.ts';
import { lockOrg } from '../store/orgs.ts';
import {
  countMemberships,
  countTeams,
  deleteMembership,
  deleteTeam,
  findTeam,
  insertMemberships,
  insertTeam,
  listMemberships,
  listTeams,
  listTeamsById,
  lockTeam,
  type Membership,
  type TeamRow,
} from '../store/teams.ts';
import { listUsersById, requireUsers } from '../store/users.ts';
import { presentMembership, presentTeam } from '../present/teams.ts';
import { presentUser } from '../present/users.ts';

/** `/api/v2/team`: the teams of the caller's organization, and who is in them. */
export function teams(dependencies: Dependencies) {
  const { db, publicUrl } = dependencies;
  return new Hono<AppEnv>({ strict: false })
    .use(authenticate(dependencies))

    .get('/', async (c) => {
      const { actor } = c.var;
      const query = { ...readQuery(c, TeamListQuery), userId: actor.userId };
      const page = pageOf(query);
      const body = await snapshot(db, actor, async (db): Promise<TeamsResponse> => {
        const rows = await listTeams(db, actor.orgId, query, page);
        const total = await countTeams(db, actor.orgId, query);
        return {
          data: rows.map(presentTeam),
          included: [],
          ...paginate(publicAddress(c, publicUrl), page, total),
        };
      });
      return c.json(body);
    })

    .post('/', async (c) => {
      const { actor } = c.var;
      requirePermission(actor.permissions, 'teams_manage');
      const { data } = await readBody(c, TeamCreateRequest);
      const { name, handle, description } = data.attributes;
      const userIds = new Set((data.relationships?.users?.data ?? []).map(({ id }) => idOf('user', id)));
      const team = await scoped(db, actor, async (db) => {
        await requireUsers(db, actor.orgId, [...userIds]);
        const id = await insertTeam(db, actor, { name, handle, description: description ?? '' });
        await insertMemberships(
          db,
          actor,
          [...userIds].map((userId) => ({ team_id: id, user_id: userId, role: null })),
        );
        return teamOf(db, actor.orgId, id);
      });
      return c.json({ data: presentTeam(team) } satisfies TeamResponse, 201);
    })

    .get('/:team_id', async (c) => {
      const { actor } = c.var;
      const id = teamId(c);
      const team = await snapshot(db, actor, (db) => teamOf(db, actor.orgId, id));
      return c.json({ data: presentTeam(team) } satisfies TeamResponse);
    })

    .delete('/:team_id', async (c) => {
      const { actor } = c.var;
      requirePermission(actor.permissions, 'teams_manage');
      const id = teamId(c);
      const deleted = await scoped(db, actor, async (db) => {
        // Whoever saves a policy that names it goes before or after.
        await lockOrg(db, actor.orgId);
        return deleteTeam(db, actor.orgId, id);
      });
      if (!deleted) throw unknown('team', id);
      return c.body(null, 204);
    })

    .get('/:team_id/memberships', async (c) => {
      const { actor } = c.var;
      const id = teamId(c);
      const query = readQuery(c, MembershipListQuery);
      const page = pageOf(query);
      const body = await snapshot(db, actor, async (db): Promise<MembershipsResponse> => {
        await teamOf(db, actor.orgId, id);
        const memberships = await listMemberships(db, id, query, page);
        const total = await countMemberships(db, id, query);
        return {
          ...(await presentMemberships(db, actor.orgId, memberships)),
          ...paginate(publicAddress(c, publicUrl), page, total),
        };
      });
      return c.json(body);
    })

    .post('/:team_id/memberships', async (c) => {
      const { actor } = c.var;
      requirePermission(actor.permissions, 'teams_manage');
      const id = teamId(c);
      const { data } = await readBody(c, MembershipCreateRequest);
      const userId = idOf('user', data.relationships.user.data.id);
      const membership = { team_id: id, user_id: userId, role: data.attributes?.role ?? null };
      const body = await scoped(db, actor, async (db): Promise<MembershipResponse> => {
        await lockTeam(db, actor.orgId, id);
        await requireUsers(db, actor.orgId, [userId]);
        await insertMemberships(db, actor, [membership]);
        const { included } = await presentMemberships(db, actor.orgId, [membership]);
        return { data: presentMembership(membership), included };
      });
      return c.json(body);
    })

    .delete('/:team_id/memberships/:user_id', async (c) => {
      const { actor } = c.var;
      requirePermission(actor.permissions, 'teams_manage');
      const id = teamId(c);
      const userId = idOf('user', c.req.param('user_id'));
      const deleted = await scoped(db, actor, (db) => deleteMembership(db, actor.orgId, id, userId));
      if (!deleted) throw new DomainError('not_found', `user ${userId} is not a member of team ${id}`);
      return c.body(null, 204);
    });
}

/** Memberships of an organization, with the users and teams that they name, each once. */
export async function presentMemberships(
  db: ScopedDb,
  orgId: string,
  memberships: readonly Membership[],
): Promise<Pick<MembershipsResponse, 'data' | 'included'>> {
  const userRows = await listUsersById(
    db,
    memberships.map(({ user_id }) => user_id),
  );
  const teamRows = await listTeamsById(
    db,
    orgId,
    memberships.map(({ team_id }) => team_id),
  );
  return {
    data: memberships.map(presentMembership),
    included: [...userRows.map(presentUser), ...teamRows.map(presentTeam)],
  };
}

function teamId(c: Context<AppEnv, '/:team_id'>): string {
  return idOf('team', c.req.param('team_id'));
}

async function teamOf(db: ScopedDb, orgId: string, id: string): Promise<TeamRow> {
  const team = await findTeam(db, orgId, id);
  if (!team) throw unknown('team', id);
  return team;
}
