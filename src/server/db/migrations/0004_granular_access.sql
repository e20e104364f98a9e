-- Granular access: restriction policies, and requests that change the directory of their own organization.

-- An invited user is pending until they accept. Only active users have access.
alter table "user" add column pending boolean not null default false;
alter table "user" add column active boolean not null generated always as (not disabled and not pending) stored;

-- The directory file allowed two teams with the same name. Append the handle, which is unique, to the later one.
update team set name = name || ' (' || handle || ')'
where exists (
  select from team as other
  where other.org_id = team.org_id and other.name = team.name and (other.created_at, other.id) < (team.created_at, team.id)
);
alter table team
  add column description text not null default '',
  add constraint team_name unique (org_id, name);

alter table team_membership
  add column role text check (role in ('admin')); -- null: a plain member

alter table api_key
  add column created_by uuid, -- null: the directory file
  add column modified_by uuid,
  add column modified_at timestamptz not null default now(),
  add column last_used_at timestamptz,
  add foreign key (account_id, created_by) references "user" (account_id, id),
  add foreign key (account_id, modified_by) references "user" (account_id, id);

alter table application_key
  add column last_used_at timestamptz;

-- A user has at most one open invitation; a new one replaces it.
create table invitation (
  user_id uuid primary key,
  account_id uuid not null,
  org_id uuid not null,
  hash text not null unique, -- sha-256 of the random secret in the link
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  foreign key (org_id, user_id) references "user" (org_id, id) on delete cascade
);

-- Policy of one organization for one resource. Each side of a connection has its own. A policy without bindings is in force
-- and admits no user.
create table restriction_policy (
  account_id uuid not null,
  org_id uuid not null,
  resource_type text not null,
  resource_id text not null,
  -- Set for connections, so that deleting a connection deletes its policies.
  connection_id uuid generated always as (
    case when resource_type = 'cross-org-connection' then resource_id::uuid end
  ) stored references org_connection on delete cascade,
  primary key (org_id, resource_type, resource_id),
  foreign key (account_id, org_id) references org (account_id, id)
);
create index on restriction_policy (connection_id);

-- Principals in a relation to the resource. Deleting a principal removes it from the policy, which stays in force.
create table restriction_policy_binding (
  account_id uuid not null,
  org_id uuid not null,
  resource_type text not null,
  resource_id text not null,
  relation text not null check (relation in ('viewer', 'editor')),
  principal_type text not null check (principal_type in ('org', 'role', 'team', 'user')),
  principal_id uuid not null,
  role_id uuid generated always as (case when principal_type = 'role' then principal_id end) stored,
  team_id uuid generated always as (case when principal_type = 'team' then principal_id end) stored,
  user_id uuid generated always as (case when principal_type = 'user' then principal_id end) stored,
  primary key (org_id, resource_type, resource_id, relation, principal_type, principal_id),
  foreign key (org_id, resource_type, resource_id) references restriction_policy on delete cascade,
  constraint restriction_policy_binding_org check (principal_type <> 'org' or principal_id = org_id),
  constraint restriction_policy_binding_role foreign key (org_id, role_id) references role (org_id, id) on delete cascade,
  constraint restriction_policy_binding_team foreign key (org_id, team_id) references team (org_id, id) on delete cascade,
  constraint restriction_policy_binding_user foreign key (org_id, user_id) references "user" (org_id, id) on delete cascade
);
create index on restriction_policy_binding (role_id);
create index on restriction_policy_binding (team_id);
create index on restriction_policy_binding (user_id);

-- Rows that only their own organization can read. Requests can never read hashes.
do $$
declare
  name text;
begin
  foreach name in array array['api_key', 'application_key', 'invitation', 'restriction_policy', 'restriction_policy_binding']
  loop
    execute format('alter table %s enable row level security', name);
    execute format('alter table %s force row level security', name);
    execute format('create policy system on %s to current_user using (true) with check (true)', name);
  end loop;
end
$$;

-- Rows that an organization can write. The grants below list the tables and columns.
do $$
declare
  name text;
begin
  foreach name in array array['"user"', 'role', 'role_permission', 'user_role', 'team', 'team_membership',
    'api_key', 'application_key', 'invitation', 'restriction_policy_binding']
  loop
    execute format('create policy own on %s to cross_org_member
      using (account_id = current_account() and org_id = current_org())
      with check (account_id = current_account() and org_id = current_org())', name);
  end loop;
end
$$;
create policy own on restriction_policy to cross_org_member
  using (account_id = current_account() and org_id = current_org())
  with check (
    account_id = current_account() and org_id = current_org()
    and (connection_id is null or exists (select from org_connection where id = connection_id))
  );

grant insert, delete on role, role_permission, user_role, team, team_membership to cross_org_member;
grant update (modified_at) on role, team to cross_org_member;
grant insert (account_id, org_id, person_id, email, title, pending) on "user" to cross_org_member;
grant update (title, disabled, pending, modified_at) on "user" to cross_org_member;
grant select (id, account_id, org_id, name, last4, created_at, created_by, modified_by, modified_at, last_used_at),
  insert (account_id, org_id, name, hash, last4, created_by, modified_by),
  update (name, modified_by, modified_at),
  delete on api_key to cross_org_member;
grant select (id, account_id, org_id, user_id, name, last4, scopes, created_at, last_used_at),
  insert (account_id, org_id, user_id, name, hash, last4, scopes),
  update (name, scopes),
  delete on application_key to cross_org_member;
grant select (user_id, account_id, org_id, expires_at),
  insert (user_id, account_id, org_id, hash, expires_at),
  delete on invitation to cross_org_member;
grant select, insert, delete on restriction_policy, restriction_policy_binding to cross_org_member;

-- Persons belong to no organization: a request can refer to a person by email but not read them.
create function invited_person(wanted_email text) returns uuid language sql security definer set search_path from current as $$
  insert into person (email, name, email_verified) values (wanted_email, wanted_email, false)
  on conflict (email) do update set email = excluded.email
  returning id
$$;

create function end_sessions_of_nobody() returns trigger language plpgsql security definer set search_path from current as $$
begin
  -- Lock the person, so that when two of their users are disabled concurrently, the second sees the first.
  perform from person where id = new.person_id for update;
  delete from session
  where person_id = new.person_id and not exists (select from "user" where person_id = new.person_id and active);
  return null;
end
$$;
create trigger sessions_end_with_last_user after update of disabled on "user"
  for each row when (new.disabled and not old.disabled) execute function end_sessions_of_nobody();
