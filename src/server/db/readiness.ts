import { sql } from 'kysely';
import { DatabaseFull, DatabaseUnavailable } from './pool.ts';
import type { Db } from './scope.ts';

/** Readiness of a database: whether it can serve reads and changes now. */
export interface Readiness {
  /** Takes note of an error of any query. */
  note(error: DatabaseUnavailable): void;
  /** Throws {@link DatabaseUnavailable} if the database is not ready. */
  check(db: Db): Promise<void>;
}

/**
 * Creates the readiness check of a database. It answers in `timeoutMs`, even if the database does not answer or all connections
 * are in use. Checks at the same time share one query.
 */
export function createReadiness(timeoutMs: number): Readiness {
  let wasFull = false;
  let running: Promise<void> | undefined;

  async function run(db: Db): Promise<void> {
    await requireWritable(db);
    if (!wasFull) return;
    await requireSpace(db);
    wasFull = false;
  }

  return {
    note(error) {
      wasFull ||= error instanceof DatabaseFull;
    },
    async check(db) {
      running ??= run(db).finally(() => (running = undefined));
      const timeout = Promise.withResolvers<never>();
      const timer = setTimeout(() => {
        timeout.reject(new DatabaseUnavailable(`the database has not answered for ${timeoutMs / 1000} s`));
      }, timeoutMs);
      try {
        await Promise.race([running, timeout.promise]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/**
 * Throws `DatabaseReadOnly` if the database accepts no changes. The database itself raises the error, so that the connection is
 * replaced: after a failover, a new one may reach the new primary.
 */
export async function requireWritable(db: Db): Promise<void> {
  await sql`do $$ begin
    if current_setting('transaction_read_only')::boolean then
      raise exception 'it is a standby, or its settings refuse changes' using errcode = '25006';
    end if;
  end $$`.execute(db);
}

/** Writes to a temporary table, because reads succeed while the disk is full. */
async function requireSpace(db: Db): Promise<void> {
  try {
    await db.transaction().execute(async (tx) => {
      await sql`create temporary table space_check on commit drop as
        select repeat('x', 1000) as filler from generate_series(1, 1000)`.execute(tx);
    });
  } catch (error) {
    // Other errors, such as a missing permission for temporary tables, say nothing about the disk.
    if (error instanceof DatabaseUnavailable) throw error;
  }
}
