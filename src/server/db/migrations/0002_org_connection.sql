-- A connection: the source shares data types with the sink. Both ends are in one account and on one site.
create table org_connection (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null,
  site text not null,
  source_org_id uuid not null,
  sink_org_id uuid not null,
  connection_types text[] not null,
  extension_types text[] not null default '{}',
  created_by uuid not null,
  created_at timestamptz not null default clock_timestamp(),
  constraint org_connection_pair unique (source_org_id, sink_org_id),
  constraint org_connection_not_itself check (source_org_id <> sink_org_id),
  constraint org_connection_shares_something check (cardinality(connection_types) + cardinality(extension_types) > 0),
  foreign key (account_id, site, source_org_id) references org (account_id, site, id),
  foreign key (account_id, site, sink_org_id) references org (account_id, site, id),
  foreign key (account_id, created_by) references "user" (account_id, id)
);
create index on org_connection (sink_org_id);
