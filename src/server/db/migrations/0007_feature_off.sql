-- If cross-org visibility is off in the source or the destination, requests of the destination cannot read the source's
-- telemetry. See 0005_telemetry.sql.
create or replace function telemetry_org() returns uuid language sql stable parallel safe as $$
  select case
    when named is null or named = current_org() then current_org()
    when exists (
      select from org_connection
      join org as source on source.id = source_org_id
      join org as sink on sink.id = sink_org_id
      where source_org_id = named and sink_org_id = current_org()
        and source.cross_org_visibility and sink.cross_org_visibility
    ) then named
  end
  from (select nullif(current_setting('app.telemetry_org', true), '')::uuid) as setting (named)
$$;
