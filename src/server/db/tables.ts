import type { ColumnType, Generated } from 'kysely';

/**
 * The database as Kysely sees it. A test compares this file with the migrated database, column by column, so each
 * table is written out: one column a line, in the order of its migration.
 */
export interface Tables {
  account: AccountTable;
  org: OrgTable;
  person: PersonTable;
  credential: CredentialTable;
  session: SessionTable;
  sign_in_attempt: SignInAttemptTable;
  role: RoleTable;
  role_permission: RolePermissionTable;
  team: TeamTable;
  user: UserTable;
  user_role: UserRoleTable;
  team_membership: TeamMembershipTable;
  api_key: ApiKeyTable;
  application_key: ApplicationKeyTable;
  directory_grant: DirectoryGrantTable;
  org_connection: OrgConnectionTable;
  invitation: InvitationTable;
  restriction_policy: RestrictionPolicyTable;
  restriction_policy_binding: RestrictionPolicyBindingTable;
  metric_series: MetricSeriesTable;
  metric_point: MetricPointTable;
  event: EventTable;
  restriction_query: RestrictionQueryTable;
  restriction_query_role: RestrictionQueryRoleTable;
  dataset: DatasetTable;
  dataset_principal: DatasetPrincipalTable;
  rate_limit: RateLimitTable;
}

/** A time in wire format (`2025-08-26T20:19:35.554634+00:00`). Writes also take a Date. */
type Timestamp = ColumnType<string, string | Date, string | Date>;
type DefaultTimestamp = ColumnType<string, string | Date | undefined, string | Date>;
/** A JSON document, written as text. */
type Json = ColumnType<unknown, string, string>;
/** A generated column. */
type Computed<Value> = ColumnType<Value, never, never>;

interface AccountTable {
  id: Generated<string>;
  name: string;
  max_destinations: number | null;
  created_at: DefaultTimestamp;
  metrics_retention_days: Generated<number>;
  logs_retention_days: Generated<number>;
  ci_retention_days: Generated<number>;
}

interface OrgTable {
  id: Generated<string>;
  account_id: string;
  public_id: Generated<string>;
  name: string;
  description: Generated<string>;
  site: string;
  hipaa: Generated<boolean>;
  cross_org_visibility: Generated<boolean>;
  created_at: DefaultTimestamp;
  modified_at: DefaultTimestamp;
}

interface PersonTable {
  id: Generated<string>;
  email: string;
  email_verified: Generated<boolean>;
  name: string;
  created_at: DefaultTimestamp;
  updated_at: DefaultTimestamp;
}

interface CredentialTable {
  person_id: string;
  password_hash: string;
  created_at: DefaultTimestamp;
  updated_at: DefaultTimestamp;
}

interface SessionTable {
  id: Generated<string>;
  person_id: string;
  token_hash: string;
  user_agent: string | null;
  ip: string | null;
  created_at: DefaultTimestamp;
  last_used_at: DefaultTimestamp;
  expires_at: Timestamp;
}

interface SignInAttemptTable {
  subject: string;
  failures: number;
  window_started_at: Timestamp;
}

interface RoleTable {
  id: Generated<string>;
  account_id: string;
  org_id: string;
  name: string;
  created_at: DefaultTimestamp;
  modified_at: DefaultTimestamp;
}

interface RolePermissionTable {
  role_id: string;
  account_id: string;
  org_id: string;
  permission: string;
}

interface TeamTable {
  id: Generated<string>;
  account_id: string;
  org_id: string;
  handle: string;
  name: string;
  created_at: DefaultTimestamp;
  modified_at: DefaultTimestamp;
  description: Generated<string>;
}

interface UserTable {
  id: Generated<string>;
  account_id: string;
  org_id: string;
  person_id: string;
  email: string;
  name: string | null;
  title: string | null;
  disabled: Generated<boolean>;
  created_at: DefaultTimestamp;
  modified_at: DefaultTimestamp;
  last_login_at: Timestamp | null;
  pending: Generated<boolean>;
  active: Computed<boolean>;
}

interface UserRoleTable {
  user_id: string;
  role_id: string;
  account_id: string;
  org_id: string;
}

interface TeamMembershipTable {
  team_id: string;
  user_id: string;
  account_id: string;
  org_id: string;
  role: string | null;
}

interface ApiKeyTable {
  id: Generated<string>;
  account_id: string;
  org_id: string;
  name: string;
  hash: string;
  last4: string;
  created_at: DefaultTimestamp;
  created_by: string | null;
  modified_by: string | null;
  modified_at: DefaultTimestamp;
  last_used_at: Timestamp | null;
}

interface ApplicationKeyTable {
  id: Generated<string>;
  account_id: string;
  org_id: string;
  user_id: string;
  name: string;
  hash: string;
  last4: string;
  scopes: string[];
  created_at: DefaultTimestamp;
  last_used_at: Timestamp | null;
}

interface DirectoryGrantTable {
  subject: string;
  granted_at: DefaultTimestamp;
}

interface OrgConnectionTable {
  id: Generated<string>;
  account_id: string;
  site: string;
  source_org_id: string;
  sink_org_id: string;
  connection_types: string[];
  extension_types: Generated<string[]>;
  created_by: string;
  created_at: DefaultTimestamp;
}

interface InvitationTable {
  user_id: string;
  account_id: string;
  org_id: string;
  hash: string;
  expires_at: Timestamp;
  created_at: DefaultTimestamp;
}

interface RestrictionPolicyTable {
  account_id: string;
  org_id: string;
  resource_type: string;
  resource_id: string;
  connection_id: Computed<string | null>;
}

interface RestrictionPolicyBindingTable {
  account_id: string;
  org_id: string;
  resource_type: string;
  resource_id: string;
  relation: string;
  principal_type: string;
  principal_id: string;
  role_id: Computed<string | null>;
  team_id: Computed<string | null>;
  user_id: Computed<string | null>;
}

interface MetricSeriesTable {
  account_id: string;
  org_id: string;
  id: string;
  metric: string;
  type: string;
  interval_seconds: number;
  tags: string[];
  last_point_at: Timestamp;
}

interface MetricPointTable {
  org_id: string;
  series_id: string;
  time: Timestamp;
  value: number;
}

interface EventTable {
  org_id: string;
  source: string;
  time: Timestamp;
  id: string;
  message: string;
  tags: string[];
  attributes: Json;
}

interface RestrictionQueryTable {
  id: Generated<string>;
  account_id: string;
  org_id: string;
  restriction_query: string;
  created_at: DefaultTimestamp;
  modified_at: DefaultTimestamp;
  modified_by: string;
}

interface RestrictionQueryRoleTable {
  account_id: string;
  org_id: string;
  restriction_query_id: string;
  role_id: string;
}

interface DatasetTable {
  id: Generated<string>;
  account_id: string;
  org_id: string;
  name: string;
  product_filters: Json;
  created_by: string;
  created_at: DefaultTimestamp;
}

interface DatasetPrincipalTable {
  account_id: string;
  org_id: string;
  dataset_id: string;
  principal_type: string;
  principal_id: string;
  role_id: Computed<string | null>;
  team_id: Computed<string | null>;
}

interface RateLimitTable {
  subject: string;
  period_started_at: Timestamp;
  requests: number;
}
