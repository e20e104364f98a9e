import { sql } from 'kysely';
import type { MembershipListQuery } from '../../contract/teams/schema.ts';

import { DomainError } from '../../rules/errors.ts';
import { contains } from '../db/contains.ts';
import type { Db, Scope, ScopedDb } from '../db/scope.ts';

import { violates } from '../db/violates.ts';
import { USER_NAME, userContains } from './user-rows.ts';

/** A part of a list. */
export interface Range {
  limit: number;
  offset: number;
}

/** A membership of a user in a team. */
export interface Membership {
  team_id: string;
  user_id: string;
  role: string | null;
}

/** Lists a page of a team's memberships. */
export function listMemberships(
  db: ScopedDb,
  teamId: string,
  query: MembershipListQuery,
  { limit, offset }: Range,
): Promise<Membership[]> {
  return membersOf(db, teamId, query)
    .select(MEMBERSHIP)
    .orderBy(MEMBERS_SORTED_BY[query.sort.by], query.sort.descending ? 'desc' : 'asc')
    .orderBy('user.id')
    .limit(limit)
    .offset(offset)
    .execute();
}

/** Counts the memberships of a team that match a query. */
export async function countMemberships(
  db: ScopedDb,
  teamId: string,
  query: MembershipListQuery,
): Promise<number> {
  const { count } = await membersOf(db, teamId, query)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** Lists all memberships of a user, by the team's name. */
export function listMembershipsOfUser(db: ScopedDb, userId: string): Promise<Membership[]> {
  return db
    .selectFrom('team_membership')
    .innerJoin('team', 'team.id', 'team_membership.team_id')
    .select(MEMBERSHIP)
    .where('team_membership.user_id', '=', userId)
    .orderBy('team.name')
    .execute();
}

/** Adds users to a team, which the caller has locked (`lockTeam`). Throws `conflict` if one of them is a member. */
export async function insertMemberships(
  db: Db,
  { accountId, orgId }: Scope,
  memberships: readonly Membership[],
): Promise<void> {
  if (memberships.length === 0) return;
  try {
    await db
      .insertInto('team_membership')
      .values(memberships.map((member) => ({ ...member, account_id: accountId, org_id: orgId })))
      .execute();
  } catch (error) {
    if (violates(error, 'team_membership_pkey')) {
      throw new DomainError('conflict', 'user_already_in_team');
    }
    throw error;
  }
}

/** Adds users to a team, which the caller has locked (`lockTeam`). Skips members. */
export async function insertMissingMemberships(
  db: Db,
  { accountId, orgId }: Scope,
  teamId: string,
  userIds: readonly string[],
): Promise<void> {
  await sql`
    insert into team_membership (account_id, org_id, team_id, user_id)
    select ${accountId}, ${orgId}, ${teamId}, user_id from unnest(${[...userIds]}::uuid[]) as user_id
    on conflict do nothing`.execute(db);
}

/** Removes a user from all teams. */
export async function deleteMembershipsOfUser(db: Db, userId: string): Promise<void> {
  await db.deleteFrom('team_membership').where('user_id', '=', userId).execute();
}

/** Removes a user from a team of an organization; returns whether they were a member. */
export async function deleteMembership(
  db: ScopedDb,
  orgId: string,
  teamId: string,
  userId: string,
): Promise<boolean> {
  const row = await db
    .deleteFrom('team_membership')
    .where('org_id', '=', orgId)
    .where('team_id', '=', teamId)
    .where('user_id', '=', userId)
    .returning('user_id')
    .executeTakeFirst();
  return row !== undefined;
}

const MEMBERSHIP = ['team_membership.team_id', 'team_membership.user_id', 'team_membership.role'] as const;

const BY_EMAIL = sql.ref('user.email');

const MEMBERS_SORTED_BY = { manager_name: USER_NAME, name: USER_NAME, handle: BY_EMAIL, email: BY_EMAIL };

export function memberEmailContains(keyword: string) {
  const email = sql<string>`(select email from "user" where "user".id = team_membership.user_id)`;
  return contains(email, keyword);
}

function membersOf(db: ScopedDb, teamId: string, { 'filter[keyword]': keyword }: MembershipListQuery) {
  return db
    .selectFrom('team_membership')
    .innerJoin('user', 'user.id', 'team_membership.user_id')
    .where('team_membership.team_id', '=', teamId)
    .$if(keyword !== undefined, (members) => members.where((eb) => userContains(eb, keyword ?? '')));
}
