import { sql } from 'kysely';
import type { Db } from '../db/scope.ts';

/** A session to store. */
export interface SessionValues {
  tokenHash: string;
  userAgent: string | null;
  ip: string;
  lifetimeSeconds: number;
}

/** Creates a session of a person and returns its id. */
export async function insertSession(db: Db, personId: string, session: SessionValues): Promise<string> {
  const { id } = await db
    .insertInto('session')
    .values({
      person_id: personId,
      token_hash: session.tokenHash,
      user_agent: session.userAgent,
      ip: session.ip,
      expires_at: sql<string>`now() + make_interval(secs => ${session.lifetimeSeconds})`,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Finds the person of a session that has not expired, and whether the session's last use is due to be recorded. */
export function findSession(db: Db, tokenHash: string) {
  return db
    .selectFrom('session')
    .innerJoin('person', 'person.id', 'session.person_id')
    .select(['person.id', 'person.email', 'person.name'])
    .select(['session.id as sessionId', isUseDue.as('isUseDue')])
    .where('session.token_hash', '=', tokenHash)
    .where('session.expires_at', '>', sql<string>`now()`)
    .executeTakeFirst();
}

/** Updates `last_used_at`, at most once a minute so that reads stay cheap. */
export async function recordSessionUse(db: Db, id: string): Promise<void> {
  await db
    .updateTable('session')
    .set({ last_used_at: sql<string>`now()` })
    .where('id', '=', id)
    .where(isUseDue)
    .execute();
}

const isUseDue = sql<boolean>`session.last_used_at < now() - interval '1 minute'`;

/** Deletes a session; returns its id, or undefined if it did not exist. */
export async function deleteSession(db: Db, tokenHash: string): Promise<string | undefined> {
  const row = await db
    .deleteFrom('session')
    .where('token_hash', '=', tokenHash)
    .returning('id')
    .executeTakeFirst();
  return row?.id;
}

/** Deletes all sessions of a person. */
export async function deleteSessionsOfPerson(db: Db, personId: string): Promise<void> {
  await db.deleteFrom('session').where('person_id', '=', personId).execute();
}

/** Deletes expired sessions. Skips those that another transaction is deleting, so that two sign-ins cannot deadlock. */
export async function deleteExpiredSessions(db: Db): Promise<void> {
  await db
    .deleteFrom('session')
    .where('id', 'in', (sessions) =>
      sessions
        .selectFrom('session')
        .select('id')
        .where('expires_at', '<', sql<string>`now()`)
        .forUpdate()
        .skipLocked(),
    )
    .execute();
}
