-- Telemetry: metrics and events of organizations, and the rules that restrict access to them.

alter table account
  add column metrics_retention_days integer not null default 456 check (metrics_retention_days > 0), -- 15 months
  add column logs_retention_days integer not null default 15 check (logs_retention_days > 0),
  add column ci_retention_days integer not null default 30 check (ci_retention_days > 0);

-- A metric with one set of tags. Its id is a digest of its identity, so that points can be stored without a lookup.
create table metric_series (
  account_id uuid not null,
  org_id uuid not null,
  id uuid not null,
  metric text not null,
  type text not null check (type in ('count', 'rate', 'gauge')),
  interval_seconds integer not null, -- over which a count counts and a rate is one; 0 where none was named
  tags text[] not null, -- sorted
  last_point_at timestamptz not null, -- within the hour
  primary key (org_id, id),
  foreign key (account_id, org_id) references org (account_id, id)
);
create index on metric_series (org_id, metric);

-- No foreign keys, because each would cost a lookup per point. Partitioned by month.
create table metric_point (
  org_id uuid not null,
  series_id uuid not null,
  time timestamptz not null,
  value double precision not null,
  primary key (org_id, series_id, time)
) partition by range (time);

-- Logs, CI pipelines and tests. Attributes are flat; the name of a nested attribute is its path with dots. Partitioned by week.
create table event (
  org_id uuid not null,
  source text not null check (source in ('logs', 'ci_pipelines', 'ci_tests')),
  time timestamptz not null,
  id uuid not null,
  message text not null,
  tags text[] not null,
  attributes jsonb not null,
  primary key (org_id, source, time, id)
) partition by range (time);

-- Creates a partition if it is missing. Attaching it after creation does not block readers or writers of the table.
-- Concurrent calls wait, but fail after a short time instead of blocking others.
create function make_partition(parent text, starts timestamptz, ends timestamptz) returns void language plpgsql
set lock_timeout = '2s' as $$
declare
  name text := parent || '_' || to_char(starts at time zone 'UTC', 'YYYY_MM_DD');
begin
  execute format('lock table %I in share update exclusive mode', parent);
  if to_regclass(quote_ident(name)) is not null then
    return;
  end if;
  execute format('create table %I (like %I including all)', name, parent);
  execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, name, starts, ends);
end
$$;

-- Log search that restricts which logs the users of a role can see.
create table restriction_query (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null,
  org_id uuid not null,
  restriction_query text not null,
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now(),
  modified_by uuid not null,
  unique (org_id, id),
  foreign key (account_id, org_id) references org (account_id, id),
  foreign key (org_id, modified_by) references "user" (org_id, id)
);

create table restriction_query_role (
  account_id uuid not null,
  org_id uuid not null,
  restriction_query_id uuid not null,
  role_id uuid not null,
  primary key (org_id, restriction_query_id, role_id),
  foreign key (org_id, restriction_query_id) references restriction_query (org_id, id) on delete cascade,
  constraint restriction_query_role_role foreign key (org_id, role_id) references role (org_id, id) on delete cascade
);
create index on restriction_query_role (role_id);

-- Data that only some principals can see. A dataset stays in force after all its principals are deleted.
create table dataset (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null,
  org_id uuid not null,
  name text not null,
  product_filters jsonb not null, -- [{"product": "logs", "filters": ["@team:x"]}]
  created_by uuid not null,
  created_at timestamptz not null default now(),
  unique (org_id, id),
  constraint dataset_name unique (org_id, name),
  foreign key (account_id, org_id) references org (account_id, id),
  foreign key (org_id, created_by) references "user" (org_id, id)
);

create table dataset_principal (
  account_id uuid not null,
  org_id uuid not null,
  dataset_id uuid not null,
  principal_type text not null check (principal_type in ('role', 'team')),
  principal_id uuid not null,
  role_id uuid generated always as (case when principal_type = 'role' then principal_id end) stored,
  team_id uuid generated always as (case when principal_type = 'team' then principal_id end) stored,
  primary key (org_id, dataset_id, principal_type, principal_id),
  foreign key (org_id, dataset_id) references dataset (org_id, id) on delete cascade,
  constraint dataset_principal_role foreign key (org_id, role_id) references role (org_id, id) on delete cascade,
  constraint dataset_principal_team foreign key (org_id, team_id) references team (org_id, id) on delete cascade
);
create index on dataset_principal (role_id);
create index on dataset_principal (team_id);

-- Organization whose telemetry a request reads: its own, or the source that the transaction has set (see
-- telemetry/authorize-read.ts). Returns null unless a connection allows that source.
create function telemetry_org() returns uuid language sql stable parallel safe as $$
  select case
    when named is null or named = current_org() then current_org()
    when exists (select from org_connection where source_org_id = named and sink_org_id = current_org()) then named
  end
  from (select nullif(current_setting('app.telemetry_org', true), '')::uuid) as setting (named)
$$;

-- Rows that an organization can read and write. The grants below list the tables and columns.
do $$
declare
  name text;
begin
  foreach name in array array['metric_series', 'metric_point', 'event',
    'restriction_query', 'restriction_query_role', 'dataset', 'dataset_principal']
  loop
    execute format('alter table %s enable row level security', name);
    execute format('alter table %s force row level security', name);
    execute format('create policy system on %s to current_user using (true) with check (true)', name);
    -- A subquery is evaluated once instead of for each row.
    execute format('create policy readable on %s for select to cross_org_member using (org_id = (select telemetry_org()))', name);
    execute format('create policy inserted_into_own on %s for insert to cross_org_member with check (org_id = current_org())', name);
    execute format('create policy changed_in_own on %s for update to cross_org_member
      using (org_id = current_org()) with check (org_id = current_org())', name);
    execute format('create policy deleted_from_own on %s for delete to cross_org_member using (org_id = current_org())', name);
  end loop;
end
$$;

grant select, insert on metric_series, metric_point, event to cross_org_member;
grant update (last_point_at) on metric_series to cross_org_member;
grant update (value) on metric_point to cross_org_member;
grant update (message, tags, attributes) on event to cross_org_member;
grant select, insert, delete on restriction_query, restriction_query_role, dataset, dataset_principal to cross_org_member;
grant update (restriction_query, modified_at, modified_by) on restriction_query to cross_org_member;
grant update (name, product_filters) on dataset to cross_org_member;
