import type { MembershipResource, TeamResource } from '../../contract/teams/schema.ts';
import type { TeamRow } from '../store/teams.ts';
import type { Membership } from '../store/team-memberships.ts';

/** Returns a team in wire format. */
export function presentTeam(row: TeamRow): TeamResource {
  return {
    type: 'team',
    id: row.id,
    attributes: {
      name: row.name,
      handle: row.handle,
      description: row.description,
      summary: null,
      avatar: null,
      banner: null,
      is_managed: false,
      link_count: 0,
      user_count: row.user_count,
      visible_modules: [],
      hidden_modules: [],
      created_at: row.created_at,
      modified_at: row.modified_at,
    },
    relationships: {
      team_links: { data: [], links: { related: null } },
      user_team_permissions: { data: null, links: { related: null } },
    },
  };
}

/** Returns a membership. Its id consists of the team's id and the user's id. */
export function presentMembership({ team_id, user_id, role }: Membership): MembershipResource {
  return {
    type: 'team_memberships',
    id: `TeamMembership-${team_id}-${user_id}`,
    attributes: { role, provisioned_by: null, provisioned_by_id: null },
    relationships: {
      team: { data: { type: 'team', id: team_id } },
      user: { data: { type: 'users', id: user_id } },
    },
  };
}
