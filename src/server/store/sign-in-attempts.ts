import { sql } from 'kysely';
import type { Db } from '../db/scope.ts';

/**
 * Counts one more attempt of a subject, before it is made, so that parallel guesses count.
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

/** Refunds one attempt of a subject that turned out not to be a failure. */
export async function refundAttempt(db: Db, subject: string): Promise<void> {
  await db
    .updateTable('sign_in_attempt')
    .set((eb) => ({ failures: eb('failures', '-', 1) }))
    .where('subject', '=', subject)
    .where('failures', '>', 0)
    .execute();
}

/** Deletes a subject's attempts, and those of all subjects with a window that has passed. */
export async function forgetAttempts(db: Db, subject: string): Promise<void> {
  await db
    .deleteFrom('sign_in_attempt')
    .where((eb) => eb.or([eb('subject', '=', subject), sql<boolean>`not (${isCurrent})`]))
    .execute();
}
