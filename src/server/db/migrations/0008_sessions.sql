-- Sessions and passwords without better-auth: docs/decisions/0007-better-auth.md. Existing sessions end, because their tokens were
-- stored in plain text.
drop table session, verification;

create table session (
  id uuid primary key default gen_random_uuid(),
  person_id uuid not null references person on delete cascade,
  token_hash text not null unique, -- sha-256 of the random token in the cookie
  user_agent text,
  ip text,
  created_at timestamptz not null default now(),
  last_used_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index on session (person_id);
create index on session (expires_at);

-- A credential is a person's password. Dropping the provider's columns drops their unique constraint, too.
delete from credential where password is null;
drop index credential_person_id_idx;
alter table credential
  drop column id,
  drop column provider_id,
  drop column provider_account_id,
  drop column access_token,
  drop column refresh_token,
  drop column id_token,
  drop column access_token_expires_at,
  drop column refresh_token_expires_at,
  drop column scope,
  alter column password set not null,
  add primary key (person_id);
alter table credential rename column password to password_hash;

alter table person drop column image;
