-- Row-level security hides other accounts' rows from every request, even if a query forgets a condition (see scope.ts).
-- Requests can write only what is granted below. Policies are permissive and name their role, because the login role is a
-- member of cross_org_member and needs a policy of its own.
do $$
declare
  visible record;
begin
  for visible in
    select * from (values
      ('account', 'id = current_account()'),
      ('org', 'account_id = current_account()'),
      ('"user"', 'account_id = current_account()'),
      ('role', 'account_id = current_account()'),
      ('role_permission', 'account_id = current_account()'),
      ('user_role', 'account_id = current_account()'),
      ('team', 'account_id = current_account()'),
      ('team_membership', 'account_id = current_account()'),
      ('org_connection', 'account_id = current_account() and current_org() in (source_org_id, sink_org_id)')
    ) as t (name, rows)
  loop
    execute format('alter table %s enable row level security', visible.name);
    execute format('alter table %s force row level security', visible.name);
    execute format('create policy system on %s to current_user using (true) with check (true)', visible.name);
    execute format('create policy readable on %s for select to cross_org_member using (%s)', visible.name, visible.rows);
    execute format('grant select on %s to cross_org_member', visible.name);
  end loop;
end
$$;

-- The source creates and changes a connection; either side may delete it.
create policy created_by_source on org_connection for insert to cross_org_member
  with check (account_id = current_account() and source_org_id = current_org());
create policy changed_by_source on org_connection for update to cross_org_member
  using (account_id = current_account() and source_org_id = current_org());
create policy deleted_by_either_side on org_connection for delete to cross_org_member
  using (account_id = current_account() and current_org() in (source_org_id, sink_org_id));
grant insert, delete on org_connection to cross_org_member;
grant update (connection_types, extension_types) on org_connection to cross_org_member;

-- Concurrent creates take a lock on the source's row, which requires an update privilege on some column.
create policy locked_by_itself on org for update to cross_org_member
  using (account_id = current_account() and id = current_org());
grant update (modified_at) on org to cross_org_member;
