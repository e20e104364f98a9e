import { sql } from 'kysely';
import type { Db } from '../db/scope.ts';

const WINDOW = sql`interval '15 minutes'`;

/**
 * Counts one more attempt for each subject, before it is made, so that guesses in parallel count as well.
 *
 * @returns each subject's attempts in its current window, this one included
 */
export async function countAttempt(db: Db, subjects: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ subject: string; failures: number }>`
    insert into sign_in_attempt as attempt (subject, failures, window_started_at)
    select subject, 1, now() from unnest(${[...subjects].toSorted()}::text[]) as subject
    on conflict (subject) do update set
      failures = case when attempt.window_started_at > now() - ${WINDOW} then attempt.failures + 1 else 1 end,
      window_started_at = case when attempt.window_started_at > now() - ${WINDOW}
        then attempt.window_started_at else now() end
    returning subject, failures`.execute(db);
  return new Map(rows.map((row) => [row.subject, row.failures]));
}

/** Takes one attempt of a subject back, because it turned out to be no failure. */
export async function uncountAttempt(db: Db, subject: string): Promise<void> {
  await db
    .updateTable('sign_in_attempt')
    .set((eb) => ({ failures: eb('failures', '-', 1) }))
    .where('subject', '=', subject)
    .where('failures', '>', 0)
    .execute();
}

/** Forgets a subject's attempts, and with them all whose window has passed. */
export async function forgetAttempts(db: Db, subject: string): Promise<void> {
  await db
    .deleteFrom('sign_in_attempt')
    .where((eb) => eb.or([eb('subject', '=', subject), sql<boolean>`window_started_at < now() - ${WINDOW}`]))
    .execute();
}
