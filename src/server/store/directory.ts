import { sql } from 'kysely';
import type { PrincipalType, Relation } from '../../contract/restriction-policies/constants.ts';
import type { SharedTypes } from '../../rules/connections.ts';
import type { Db, Scope } from '../db/scope.ts';
import { markVerified } from './persons.ts';

/** The columns that tie a row to its organization. */
interface OrgColumns {
  account_id: string;
  org_id: string;
}

/** Runs `work` in one transaction. Only one at a time, of all servers, applies a directory. */
export function directoryTransaction<Result>(db: Db, work: (db: Db) => Promise<Result>): Promise<Result> {
  return db.transaction().execute(async (transaction) => {
    // Whoever applied one before may take its time: passwords are slow to hash.
    await sql`set local statement_timeout = 0`.execute(transaction);
    await sql`select pg_advisory_xact_lock(hashtext('directory'))`.execute(transaction);
    return work(transaction);
  });
}

export async function listAccountNames(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('account').select('name').execute();
  return rows.map((row) => row.name);
}

/** The organizations of an account that is named. */
export async function listOrgsOfAccount(db: Db, account: string): Promise<(Scope & { name: string })[]> {
  return db
    .selectFrom('org')
    .innerJoin('account', 'account.id', 'org.account_id')
    .select(['account.id as accountId', 'org.id as orgId', 'org.name'])
    .where('account.name', '=', account)
    .orderBy('org.name')
    .execute();
}

/** What a directory has given before, by subject. */
export async function listGrants(db: Db): Promise<Set<string>> {
  const rows = await db.selectFrom('directory_grant').select('subject').execute();
  return new Set(rows.map((row) => row.subject));
}

export async function insertGrants(db: Db, subjects: readonly string[]): Promise<void> {
  await sql`insert into directory_grant (subject) select unnest(${[...subjects]}::text[])`.execute(db);
}

interface AccountValues {
  name: string;
  max_destinations: number | null;
  retention: { metrics_days: number; logs_days: number; ci_days: number };
}

export async function upsertAccount(
  db: Db,
  { name, max_destinations, retention }: AccountValues,
): Promise<string> {
  const values = {
    max_destinations,
    metrics_retention_days: retention.metrics_days,
    logs_retention_days: retention.logs_days,
    ci_retention_days: retention.ci_days,
  };
  const { id } = await db
    .insertInto('account')
    .values({ name, ...values })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

interface OrgValues {
  id?: string | undefined;
  name: string;
  description: string;
  site: string;
  hipaa: boolean;
  cross_org_visibility: boolean;
}

/** Creates an organization, or updates all but its site, which what it is connected to depends on. */
export async function upsertOrg(db: Db, accountId: string, org: OrgValues) {
  const existing = await db
    .selectFrom('org')
    .select(['id', 'site'])
    .where('account_id', '=', accountId)
    .where((eb) => (org.id ? eb('id', '=', org.id) : eb('name', '=', org.name)))
    .executeTakeFirst();
  const { site, ...values } = org;
  if (!existing) {
    return db
      .insertInto('org')
      .values({ ...values, site, account_id: accountId })
      .returning(['id', 'site'])
      .executeTakeFirstOrThrow();
  }
  await db
    .updateTable('org')
    .set({ ...values, modified_at: sql`now()` })
    .where('id', '=', existing.id)
    .where(
      (eb) =>
        sql<boolean>`(${eb.ref('name')}, description, hipaa, cross_org_visibility)
        is distinct from (${org.name}, ${org.description}, ${org.hipaa}::boolean, ${org.cross_org_visibility}::boolean)`,
    )
    .execute();
  return existing;
}

/** The roles, teams and users that an organization has, to tell what a directory adds. */
export async function loadMembers(db: Db, orgId: string) {
  return {
    roles: await db.selectFrom('role').select(['id', 'name']).where('org_id', '=', orgId).execute(),
    teams: await db.selectFrom('team').select(['id', 'handle', 'name']).where('org_id', '=', orgId).execute(),
    users: await db
      .selectFrom('user')
      .select(['id', 'email', 'name', 'person_id'])
      .where('org_id', '=', orgId)
      .execute(),
  };
}

export async function insertRole(db: Db, role: OrgColumns & { id?: string | undefined; name: string }) {
  return db.insertInto('role').values(role).returning(['id', 'name']).executeTakeFirstOrThrow();
}

export async function renameRole(db: Db, id: string, name: string): Promise<void> {
  await db
    .updateTable('role')
    .set({ name, modified_at: sql`now()` })
    .where('id', '=', id)
    .execute();
}

export async function insertTeam(
  db: Db,
  team: OrgColumns & { id?: string | undefined; handle: string; name: string },
) {
  return db.insertInto('team').values(team).returning(['id', 'handle', 'name']).executeTakeFirstOrThrow();
}

export async function renameTeam(
  db: Db,
  id: string,
  team: { handle?: string; name?: string },
): Promise<void> {
  await db
    .updateTable('team')
    .set({ ...team, modified_at: sql`now()` })
    .where('id', '=', id)
    .execute();
}

/**
 * Creates an active user of an organization, and the person if the email is new. The directory vouches for the email: an
 * unverified person becomes verified and loses the password, sessions and application keys that were set up before.
 */
export async function insertUser(
  db: Db,
  user: OrgColumns & { id?: string | undefined; email: string; name?: string | undefined },
) {
  const person = await db
    .insertInto('person')
    .values({ email: user.email, email_verified: true, name: user.name ?? user.email })
    // Keep email_verified on conflict: markVerified must see that the person was unverified.
    .onConflict((conflict) => conflict.column('email').doUpdateSet({ email: user.email }))
    .returning('id')
    .executeTakeFirstOrThrow();
  await markVerified(db, person.id);
  return db
    .insertInto('user')
    .values({ ...user, person_id: person.id, pending: false })
    .returning(['id', 'email', 'name', 'person_id'])
    .executeTakeFirstOrThrow();
}

/** Gives a user a name, and so the person. */
export async function renameUser(db: Db, user: { id: string; person_id: string }, name: string) {
  await db
    .updateTable('user')
    .set({ name, modified_at: sql`now()` })
    .where('id', '=', user.id)
    .execute();
  await db
    .updateTable('person')
    .set({ name, updated_at: sql`now()` })
    .where('id', '=', user.person_id)
    .execute();
}

export async function insertRolePermission(
  db: Db,
  grant: OrgColumns & { role_id: string; permission: string },
) {
  await db
    .insertInto('role_permission')
    .values(grant)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function insertUserRole(db: Db, grant: OrgColumns & { user_id: string; role_id: string }) {
  await db
    .insertInto('user_role')
    .values(grant)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function insertTeamMembership(
  db: Db,
  member: OrgColumns & { team_id: string; user_id: string },
) {
  await db
    .insertInto('team_membership')
    .values(member)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

interface NamedConnection extends SharedTypes {
  source: string;
  sink: string;
  /** The e-mail of a user of the source. */
  creator: string;
  created_at: Date;
}

/** Creates connections between organizations that are named, in an account that nobody uses yet. */
export async function insertNamedConnections(db: Db, connections: readonly NamedConnection[]): Promise<void> {
  for (const { source, sink, creator, ...columns } of connections) {
    await db
      .insertInto('org_connection')
      .columns([
        'account_id',
        'site',
        'source_org_id',
        'sink_org_id',
        'created_by',
        'connection_types',
        'extension_types',
        'created_at',
      ])
      .expression((eb) =>
        eb
          .selectFrom('org as source')
          .innerJoin('org as sink', 'sink.account_id', 'source.account_id')
          .innerJoin('user', 'user.org_id', 'source.id')
          .select([
            'source.account_id',
            'source.site',
            'source.id',
            'sink.id as sink_id',
            'user.id as user_id',
          ])
          .select([
            sql<string[]>`${columns.connection_types}::text[]`.as('connection_types'),
            sql<string[]>`${columns.extension_types}::text[]`.as('extension_types'),
            sql<string>`${columns.created_at}::timestamptz`.as('created_at'),
          ])
          .where('source.name', '=', source)
          .where('sink.name', '=', sink)
          .where('user.email', '=', creator),
      )
      .execute();
  }
}

interface NamedPolicy {
  /** The organization whose policy it is: one of the connection's sides. */
  org: string;
  source: string;
  sink: string;
  bindings: readonly { relation: Relation; type: PrincipalType; name: string }[];
}

/** Restricts connections between organizations that are named, in an account that nobody uses yet. */
export async function insertNamedPolicies(db: Db, policies: readonly NamedPolicy[]): Promise<void> {
  for (const { org, source, sink, bindings } of policies) {
    await sql`
      with policy as (
        insert into restriction_policy (account_id, org_id, resource_type, resource_id)
        select org.account_id, org.id, 'cross-org-connection', c.id
        from org_connection c
          join org as source on source.id = c.source_org_id and source.name = ${source}
          join org as sink on sink.id = c.sink_org_id and sink.name = ${sink}
          join org on org.id in (source.id, sink.id) and org.name = ${org}
        returning *
      ), principal as (
        select 'org' as type, id as org_id, id, name from org
        union all select 'role', org_id, id, name from role
        union all select 'team', org_id, id, name from team
        union all select 'user', org_id, id, name from "user"
      )
      insert into restriction_policy_binding
        (account_id, org_id, resource_type, resource_id, relation, principal_type, principal_id)
      select policy.account_id, policy.org_id, policy.resource_type, policy.resource_id, named.relation, named.type, principal.id
      from policy
        cross join json_to_recordset(${JSON.stringify(bindings)}) as named (relation text, type text, name text)
        join principal on principal.org_id = policy.org_id and principal.type = named.type and principal.name = named.name`.execute(
      db,
    );
  }
}
