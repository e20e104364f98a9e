-- Requests of all servers in the current period. Unlogged: a crash of the database may forget them.
create unlogged table rate_limit (
  subject text not null, -- the limit, and the organization, key or person that it counts for
  period_started_at timestamptz not null,
  requests integer not null,
  primary key (subject, period_started_at)
);
