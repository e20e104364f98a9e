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
import { change } from '../changes/change.ts';
import { addTeamMember, createTeam, deleteTeam, removeTeamMember } from '../changes/teams.ts';
import { type ScopedDb, snapshot } from '../db/scope.ts';
import { authenticate } from '../identity/authenticate.ts';
import type { AppEnv, Dependencies } from '../http/env.ts';
import { pageOf, paginate, publicAddress } from '../http/paging.ts';
import { idOf, readBody, readQuery } from '../http/validate.ts';
import { countTeams, findTeam, listTeams, listTeamsById, type TeamRow } from '../store/teams.ts';
import { countMemberships, listMemberships, type Membership } from '../store/team-memberships.ts';
import { listUsersById } from '../store/user-rows.ts';
import { presentMembership, presentTeam } from '../present/teams.ts';
import { presentUser } from '../present/users.ts';

/** `/api/v2/team`: the teams of the caller's organization, and their members. */
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
      const team = await change(
        dependencies,
        actor,
        (tx, actor) => createTeam(tx, actor, { name, handle, description: description ?? '' }, [...userIds]),
        (tx, id) => teamOf(tx, actor.orgId, id),
      );
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
      await change(dependencies, actor, (tx, actor) => deleteTeam(tx, actor, id));
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
      const body = await change(
        dependencies,
        actor,
        (tx, actor) => addTeamMember(tx, actor, membership),
        async (tx): Promise<MembershipResponse> => {
          const { included } = await presentMemberships(tx, actor.orgId, [membership]);
          return { data: presentMembership(membership), included };
        },
      );
      return c.json(body);
    })

    .delete('/:team_id/memberships/:user_id', async (c) => {
      const { actor } = c.var;
      requirePermission(actor.permissions, 'teams_manage');
      const id = teamId(c);
      const userId = idOf('user', c.req.param('user_id'));
      await change(dependencies, actor, (tx, actor) => removeTeamMember(tx, actor, id, userId));
      return c.body(null, 204);
    });
}

/** Returns memberships with their users and teams, each once. */
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
