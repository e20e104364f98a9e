import type { DatasetResource } from '../../contract/datasets.schema.ts';
import type { ApiKey, ApplicationKey } from '../../contract/keys.schema.ts';
import type { OrgConnection } from '../../contract/org-connections.schema.ts';
import type { OrgResource } from '../../contract/orgs.schema.ts';
import { PERMISSIONS } from '../../contract/permissions.ts';
import type {
  RestrictionQueryResource,
  RestrictionQueryRole,
} from '../../contract/restriction-queries.schema.ts';
import type { PermissionResource, RoleResource } from '../../contract/roles.schema.ts';
import type { MembershipResource, TeamResource } from '../../contract/teams.schema.ts';
import type { UserResource } from '../../contract/users.schema.ts';
import { type Actor, permittedActions, type Policy, reasonUnavailable } from '../../rules/access.ts';
import { sharedConnection, sideOf } from '../../rules/connections.ts';
import type { ConnectionRow } from '../store/connections.ts';
import type { DatasetRow } from '../store/datasets.ts';
import type { ApiKeyRow, ApplicationKeyRow } from '../store/keys.ts';
import type { OrgRow } from '../store/orgs.ts';
import type { RestrictionQueryRow } from '../store/restriction-queries.ts';
import type { RoleRow } from '../store/roles.ts';
import type { Membership, TeamRow } from '../store/teams.ts';
import type { UserRow } from '../store/users.ts';

/**
 * A connection as `actor` sees it.
 *
 * @param policy of the actor's organization, if one is in force
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
          return reason === undefined ? [] : [{ connection_type: type, reason }];
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

/** An organization; `destinations` only of the caller's own. */
export function presentOrg(row: OrgRow, destinations?: { used: number; max: number | null }): OrgResource {
  return {
    type: 'orgs',
    id: row.id,
    attributes: {
      public_id: row.public_id,
      name: row.name,
      description: row.description,
      sharing: 'none',
      url: '',
      disabled: false,
      created_at: row.created_at,
      modified_at: row.modified_at,
      extensions: {
        site: row.site,
        hipaa: row.hipaa,
        cross_org_visibility: row.cross_org_visibility,
        ...(destinations && { destinations_used: destinations.used, max_destinations: destinations.max }),
      },
    },
  };
}

/** A user of an organization of the caller's account. */
export function presentUser(row: UserRow): UserResource {
  return {
    type: 'users',
    id: row.id,
    attributes: {
      uuid: row.id,
      handle: row.email,
      email: row.email,
      name: row.name,
      title: row.title,
      icon: '',
      status: row.status,
      disabled: row.disabled,
      verified: !row.pending,
      service_account: false,
      mfa_enabled: false,
      allowed_login_methods: [],
      created_at: row.created_at,
      modified_at: row.modified_at,
      last_login_time: row.last_login_at,
    },
    relationships: {
      org: { data: { type: 'orgs', id: row.org_id } },
      other_orgs: { data: [] },
      other_users: { data: [] },
      roles: { data: row.role_ids.map((id) => ({ type: 'roles', id })) },
    },
  };
}

/** A role, with its permissions by id. */
export function presentRole(row: RoleRow): RoleResource {
  return {
    type: 'roles',
    id: row.id,
    attributes: {
      name: row.name,
      user_count: row.user_count,
      receives_permissions_from: [],
      created_at: row.created_at,
      modified_at: row.modified_at,
    },
    relationships: {
      permissions: {
        data: PERMISSIONS.filter(({ name }) => row.permissions.includes(name)).map(({ id }) => ({
          type: 'permissions',
          id,
        })),
      },
    },
  };
}

/** One of the permissions that there are. */
export function presentPermission({ id, ...attributes }: (typeof PERMISSIONS)[number]): PermissionResource {
  return {
    type: 'permissions',
    id,
    attributes: { ...attributes, name_aliases: [], created: '2025-01-01T00:00:00.000000+00:00' },
  };
}

/** A restriction query. */
export function presentRestrictionQuery({
  id,
  ...attributes
}: RestrictionQueryRow): RestrictionQueryResource {
  return { type: 'logs_restriction_queries', id, attributes };
}

/** A role as restriction queries tell of it: its name alone. */
export function presentRestrictedRole({ id, name }: { id: string; name: string }): RestrictionQueryRole {
  return { type: 'roles', id, attributes: { name } };
}

/** A dataset. */
export function presentDataset({ id, product_filters, ...attributes }: DatasetRow): DatasetResource {
  return {
    type: 'dataset',
    id,
    attributes: {
      ...attributes,
      product_filters: product_filters.map(({ product, filters }) => ({ product, filters: [...filters] })),
    },
  };
}

/** A team. */
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

/** A membership, whose id is made of the team's and the user's. */
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

/** An API key, without the secret. What is always the same is of the model, and cannot be set here. */
export function presentApiKey(row: ApiKeyRow): ApiKey {
  return {
    type: 'api_keys',
    id: row.id,
    attributes: {
      name: row.name,
      last4: row.last4,
      created_at: row.created_at,
      modified_at: row.modified_at,
      date_last_used: row.last_used_at,
      category: '',
      remote_config_read_enabled: false,
      private_action_runner_enroll_enabled: false,
    },
    relationships: {
      // The clients' models know no key that nobody created.
      ...(row.created_by !== null && { created_by: { data: { type: 'users', id: row.created_by } } }),
      modified_by: { data: row.modified_by === null ? null : { type: 'users', id: row.modified_by } },
    },
  };
}

/** An application key, without the secret. */
export function presentApplicationKey(row: ApplicationKeyRow): ApplicationKey {
  return {
    type: 'application_keys',
    id: row.id,
    attributes: {
      name: row.name,
      last4: row.last4,
      created_at: row.created_at,
      last_used_at: row.last_used_at,
      scopes: row.scopes.length > 0 ? row.scopes : null,
    },
    relationships: { owned_by: { data: { type: 'users', id: row.user_id } } },
  };
}
