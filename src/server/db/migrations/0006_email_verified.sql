-- Change defaults that verified an email or granted access. Every insert sets these columns; without a value, the default now
-- grants less. Existing rows keep their values.
alter table person alter column email_verified set default false;
alter table "user" alter column pending set default true; -- a pending user can do nothing
alter table org alter column cross_org_visibility set default false;
alter table account alter column max_destinations set default 5; -- null: no limit
alter table application_key alter column scopes drop default; -- empty: all permissions of the user
