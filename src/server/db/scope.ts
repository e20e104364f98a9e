import { type Kysely, sql } from 'kysely';
import type { Tables } from './tables.ts';

/** The whole database: for finding out who is asking, for the directory file, for migrations. */
export type Db = Kysely<Tables>;

declare const inScope: unique symbol;

/** The database as one organization may see it. Only {@link scoped} makes one; stores of a request take nothing else. */
export type ScopedDb = Db & { readonly [inScope]: true };

/** Whose request it is. */
export interface Scope {
  accountId: string;
  orgId: string;
}

/**
 * Runs `work` in one transaction in which the database itself hides what lies outside the scope: other accounts' rows,
 * and connections of which the organization is no side. Whatever `work` throws undoes its writes.
 */
export function scoped<Result>(
  db: Db,
  scope: Scope,
  work: (db: ScopedDb) => Promise<Result>,
): Promise<Result> {
  return inTransaction(db, 'begin', scope, work);
}

/** When reading is to stop, and how a server is told so. */
export interface Cancellation {
  signal: AbortSignal;
  /** Cancels what a connection of this process id runs; undefined where nothing can be cancelled. */
  cancelBackend: ((processId: number) => Promise<void>) | undefined;
}

/**
 * Like {@link scoped}, for reading alone: all of `work` sees the database as it was at one moment.
 *
 * @param cancellation ends it early: it fails with the signal's reason
 */
export function snapshot<Result>(
  db: Db,
  scope: Scope,
  work: (db: ScopedDb) => Promise<Result>,
  cancellation?: Cancellation,
): Promise<Result> {
  return inTransaction(db, 'begin isolation level repeatable read read only', scope, work, cancellation);
}

function inTransaction<Result>(
  db: Db,
  begin: string,
  scope: Scope,
  work: (db: ScopedDb) => Promise<Result>,
  cancellation?: Cancellation,
): Promise<Result> {
  return db.connection().execute(async (connection) => {
    cancellation?.signal.throwIfAborted();
    try {
      // Begin and set travel as one message, because each round trip costs throughput.
      await sql
        .raw(
          `${begin}; select set_config('role', 'cross_org_member', true), ` +
            `set_config('app.account', ${uuidLiteral(scope.accountId)}, true), ` +
            `set_config('app.org', ${uuidLiteral(scope.orgId)}, true)`,
        )
        .execute(connection);
      // oxlint-disable-next-line no-unsafe-type-assertion -- the brand says just what the line above made true
      const scopedDb = connection as ScopedDb;
      const result = await (cancellation ? cancellable(scopedDb, work, cancellation) : work(scopedDb));
      // A bare commit of a failed transaction would roll back and report success; the select makes it an error.
      await sql.raw('select 1; commit').execute(connection);
      return result;
    } catch (error) {
      await rollBack(connection);
      throw error;
    }
  });
}

/**
 * Runs `work` until the signal says to stop. The connection is held until the server has heard so, because what it runs
 * next must not be cancelled in its place.
 */
async function cancellable<Result>(
  db: ScopedDb,
  work: (db: ScopedDb) => Promise<Result>,
  { signal, cancelBackend }: Cancellation,
): Promise<Result> {
  if (cancelBackend === undefined) return work(db);
  const { rows } = await sql<{ id: number }>`select pg_backend_pid() as id`.execute(db);
  let heard: Promise<void> | undefined;
  const cancel = () => {
    heard = rows[0] && cancelBackend(rows[0].id).catch(() => {}); // then the server's own limit ends it
  };
  signal.addEventListener('abort', cancel);
  try {
    signal.throwIfAborted();
    return await work(db);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', cancel);
    await heard;
  }
}

async function rollBack(connection: Db): Promise<void> {
  try {
    await sql.raw('rollback').execute(connection);
  } catch {
    // The connection is gone, and its transaction with it: the error that led here is the one to tell.
  }
}

/** A multi-statement message takes no parameters, so the value is checked before it is written into it. */
function uuidLiteral(value: string): string {
  if (!/^[0-9a-f-]{36}$/i.test(value)) throw new Error('A scope is made of UUIDs');
  return `'${value}'`;
}
