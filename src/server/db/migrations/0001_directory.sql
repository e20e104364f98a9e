-- Directory: accounts, organizations, persons, users, roles, teams and keys.

-- Every request runs as this role, which row-level security restricts. The login role, which has policies of its own
-- below, authenticates requests and applies the directory file.
do $$
begin
  create role cross_org_member nologin;
exception
  when duplicate_object or unique_violation then null; -- roles belong to the cluster: another database made it
end
$$;
-- Since PostgreSQL 16, the creator of a role is not a member that can set it, so grant it in any case.
do $$
begin
  grant cross_org_member to current_user;
exception
  when insufficient_privilege then null; -- the role of another user, who must have granted it, or the next statement fails
end
$$;
set local role cross_org_member;
reset role;

create function current_account() returns uuid language sql stable parallel safe
  return nullif(current_setting('app.account', true), '')::uuid;
create function current_org() returns uuid language sql stable parallel safe
  return nullif(current_setting('app.org', true), '')::uuid;

create table account (
  id uuid primary key default gen_random_uuid(),
  name text not null unique,
  max_destinations integer check (max_destinations >= 0), -- null: no limit
  created_at timestamptz not null default now()
);

create table org (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references account,
  public_id text not null unique default substr(replace(gen_random_uuid()::text, '-', ''), 1, 16),
  name text not null,
  description text not null default '',
  site text not null,
  hipaa boolean not null default false,
  cross_org_visibility boolean not null default true,
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now(),
  unique (account_id, name),
  unique (account_id, id),
  unique (account_id, site, id) -- what a connection refers to: both ends in one account and on one site
);

-- Sign-in: a person can be a user in several organizations, even of several accounts. These four tables and the two tables
-- of keys are read before a request is authenticated, so they are outside the account's row-level scope.
create table person (
  id uuid primary key default gen_random_uuid(),
  email text not null unique check (email = lower(email)),
  email_verified boolean not null default true,
  name text not null,
  image text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table credential (
  id uuid primary key default gen_random_uuid(),
  person_id uuid not null references person on delete cascade,
  provider_id text not null,
  provider_account_id text not null,
  password text, -- a salted hash
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider_id, provider_account_id)
);
create index on credential (person_id);

create table session (
  id uuid primary key default gen_random_uuid(),
  person_id uuid not null references person on delete cascade,
  token text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index on session (person_id);

-- Pending verifications of the session library.
create table verification (
  id uuid primary key default gen_random_uuid(),
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index on verification (identifier);

-- Failed sign-ins per email and per address, in a window that begins with the first failure.
create table sign_in_attempt (
  subject text primary key,
  failures integer not null,
  window_started_at timestamptz not null
);

create table role (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null,
  org_id uuid not null,
  name text not null,
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now(),
  unique (org_id, name),
  unique (org_id, id),
  foreign key (account_id, org_id) references org (account_id, id)
);

create table role_permission (
  role_id uuid not null,
  account_id uuid not null,
  org_id uuid not null,
  permission text not null,
  primary key (role_id, permission),
  foreign key (org_id, role_id) references role (org_id, id) on delete cascade
);

create table team (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null,
  org_id uuid not null,
  handle text not null,
  name text not null,
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now(),
  unique (org_id, handle),
  unique (org_id, id),
  foreign key (account_id, org_id) references org (account_id, id)
);

create table "user" (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null,
  org_id uuid not null,
  person_id uuid not null references person,
  email text not null,
  name text,
  title text,
  disabled boolean not null default false,
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now(),
  last_login_at timestamptz,
  unique (org_id, person_id),
  unique (org_id, id),
  unique (account_id, id),
  foreign key (account_id, org_id) references org (account_id, id)
);
create index on "user" (person_id);

create table user_role (
  user_id uuid not null,
  role_id uuid not null,
  account_id uuid not null,
  org_id uuid not null,
  primary key (user_id, role_id),
  foreign key (org_id, user_id) references "user" (org_id, id) on delete cascade,
  foreign key (org_id, role_id) references role (org_id, id) on delete cascade
);
create index on user_role (role_id);

create table team_membership (
  team_id uuid not null,
  user_id uuid not null,
  account_id uuid not null,
  org_id uuid not null,
  primary key (team_id, user_id),
  foreign key (org_id, team_id) references team (org_id, id) on delete cascade,
  foreign key (org_id, user_id) references "user" (org_id, id) on delete cascade
);
create index on team_membership (user_id);

create table api_key (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null,
  org_id uuid not null,
  name text not null,
  hash text not null unique, -- sha-256 of a random secret
  last4 text not null,
  created_at timestamptz not null default now(),
  foreign key (account_id, org_id) references org (account_id, id)
);

create table application_key (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null,
  org_id uuid not null,
  user_id uuid not null,
  name text not null,
  hash text not null unique,
  last4 text not null,
  scopes text[] not null default '{}', -- none: all of the user's permissions
  created_at timestamptz not null default now(),
  foreign key (org_id, user_id) references "user" (org_id, id) on delete cascade
);
create index on application_key (user_id);

-- Grants, memberships, passwords and keys that the directory file has already given. They are not given again at the next
-- start, because they may have been removed in the product since.
create table directory_grant (
  subject text primary key,
  granted_at timestamptz not null default now()
);
