import { type ExpressionBuilder, type SelectQueryBuilder, sql } from 'kysely';
import type { TeamListQuery } from '../../contract/teams/schema.ts';
import { unknown } from '../../rules/directory.ts';
import { DomainError } from '../../rules/errors.ts';
import { contains } from '../db/contains.ts';
import type { Db, Scope, ScopedDb } from '../db/scope.ts';
import type { Tables } from '../db/tables.ts';
import { violates } from '../db/violates.ts';

import { memberEmailContains, type Range } from './team-memberships.ts';

/** Filter of a list of teams. `userId` is the user who sees it. */
type TeamFilter = Pick<TeamListQuery, 'filter[keyword]' | 'filter[me]'> & { userId: string };

/** Lists a page of an organization's teams. */
export function listTeams(
  db: ScopedDb,
  orgId: string,
  query: TeamFilter & Pick<TeamListQuery, 'sort'>,
  { limit, offset }: Range,
): Promise<TeamRow[]> {
  return withUserCount(teamsOf(db, orgId))
    .where((eb) => matches(eb, query))
    .orderBy(TEAMS_SORTED_BY[query.sort.by], query.sort.descending ? 'desc' : 'asc')
    .orderBy('team.id')
    .limit(limit)
    .offset(offset)
    .execute();
}

/** Counts the teams of an organization that match a query. */
export async function countTeams(db: ScopedDb, orgId: string, query: TeamFilter): Promise<number> {
  const { count } = await teamsOf(db, orgId)
    .where((eb) => matches(eb, query))
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** Finds a team of an organization. */
export function findTeam(db: ScopedDb, orgId: string, id: string): Promise<TeamRow | undefined> {
  return withUserCount(teamsOf(db, orgId)).where('team.id', '=', id).executeTakeFirst();
}

/** Lists the teams of an organization that have these ids, by name. */
export async function listTeamsById(db: ScopedDb, orgId: string, ids: readonly string[]): Promise<TeamRow[]> {
  if (ids.length === 0) return [];
  return withUserCount(teamsOf(db, orgId))
    .where('team.id', 'in', [...new Set(ids)])
    .orderBy('team.name')
    .execute();
}

export type TeamRow = Awaited<ReturnType<ReturnType<typeof withUserCount>['execute']>>[number];

/** Keeps a team from being deleted until the transaction ends. Throws `not_found` if the organization has no such team. */
export async function lockTeam(db: Db, orgId: string, id: string): Promise<void> {
  const row = await teamsOf(db, orgId)
    .select('team.id')
    .where('team.id', '=', id)
    .forKeyShare()
    .executeTakeFirst();
  if (!row) throw unknown('team', id);
}

/** Creates a team and returns its id. Throws `conflict` if the name or the handle is taken. */
export async function insertTeam(
  db: Db,
  { accountId, orgId }: Scope,
  team: { id?: string | undefined; name: string; handle: string; description: string },
): Promise<string> {
  try {
    const { id } = await db
      .insertInto('team')
      .values({ ...team, account_id: accountId, org_id: orgId })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  } catch (error) {
    if (violates(error, 'team_name')) {
      throw new DomainError('conflict', 'name_taken', { noun: 'team', name: team.name });
    }
    if (violates(error, 'team_org_id_handle_key')) {
      throw new DomainError('conflict', 'team_handle_taken', { handle: team.handle });
    }
    throw error;
  }
}

/** Changes the name or the handle of a team. */
export async function updateTeam(
  db: Db,
  orgId: string,
  id: string,
  change: { handle?: string; name?: string },
): Promise<void> {
  await db
    .updateTable('team')
    .set({ ...change, modified_at: sql<string>`now()` })
    .where('org_id', '=', orgId)
    .where('id', '=', id)
    .execute();
}

/** Deletes a team; returns whether it existed. Restriction policies lose it. */
export async function deleteTeam(db: ScopedDb, orgId: string, id: string): Promise<boolean> {
  const row = await db
    .deleteFrom('team')
    .where('org_id', '=', orgId)
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

// Looks up each user by key: without statistics, a join is planned as a scan of all users for each team.
const USER_COUNT = sql<number>`(select count(*) from team_membership
  where team_membership.team_id = team.id and (select active from "user" where "user".id = team_membership.user_id))`;

const TEAMS_SORTED_BY = { name: sql`lower(team.name)`, user_count: USER_COUNT };

function teamsOf(db: Db, orgId: string) {
  return db.selectFrom('team').where('team.org_id', '=', orgId);
}

function withUserCount(teams: SelectQueryBuilder<Tables, 'team', object>) {
  return teams
    .select([
      'team.id',
      'team.name',
      'team.handle',
      'team.description',
      'team.created_at',
      'team.modified_at',
    ])
    .select(USER_COUNT.as('user_count'));
}

function matches(
  eb: ExpressionBuilder<Tables, 'team'>,
  { 'filter[keyword]': keyword, 'filter[me]': mine, userId }: TeamFilter,
) {
  const memberships = eb.selectFrom('team_membership').select('team_id');
  return eb.and([
    ...(keyword === undefined
      ? []
      : [
          eb.or([
            contains(eb.ref('team.name'), keyword),
            contains(eb.ref('team.handle'), keyword),
            eb('team.id', 'in', memberships.where(memberEmailContains(keyword))),
          ]),
        ]),
    ...(mine === 'true' ? [eb('team.id', 'in', memberships.where('user_id', '=', userId))] : []),
  ]);
}
