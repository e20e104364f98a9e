import { sql } from 'kysely';
import type { Db } from '../db/scope.ts';

/**
 * Counts one more attempt of a subject, before it is made, so that guesses in parallel count as well.
 *
 * @returns the subject's attempts in its current window, this one included
 */
export async function countAttempt(db: Db, subject: string): Promise<number> {
  const { failures } = await db
    .insertInto('sign_in_attempt')
    .values({ subject, failures: 1, window_started_at: sql<string>`now()` })
    .onConflict((conflict) =>
      conflict.column('subject').doUpdateSet({
        failures: sql`case when ${isCurrent} then sign_in_attempt.failures + 1 else 1 end`,
        window_started_at: sql`case when ${isCurrent} then sign_in_attempt.window_started_at else now() end`,
      }),
    )
    .returning('failures')
    .executeTakeFirstOrThrow();
  return failures;
}

const isCurrent = sql`sign_in_attempt.window_started_at > now() - interval '15 minutes'`;

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
    .where((eb) => eb.or([eb('subject', '=', subject), sql<boolean>`not (${isCurrent})`]))
    .execute();
}
