import { type Kysely, sql } from 'kysely';
import type { Tables } from './tables.ts';

/** The whole database: for authentication, for changes by the system, for migrations. */
export type Db = Kysely<Tables>;

declare const inScope: unique symbol;

/** The database limited to what one organization may see. Only {@link scoped} and {@link snapshot} create it. */
export type ScopedDb = Db & { readonly [inScope]: true };

/** Organization that a transaction is limited to. */
export interface Scope {
  accountId: string;
  orgId: string;
}

/**
 * Runs `work` in one transaction in which row-level security hides rows outside the scope: those of other accounts, and
 * connections of other organizations. Rolls back if `work` throws.
 */
export function scoped<Result>(
  db: Db,
  scope: Scope,
  work: (db: ScopedDb) => Promise<Result>,
): Promise<Result> {
  return inTransaction(db, 'begin', scope, work);
}

/** Signal that cancels a read, and the function that cancels its query. */
export interface Cancellation {
  signal: AbortSignal;
  /** Cancels the query of the connection with this process id; undefined if the database cannot. */
  cancelBackend: ((processId: number) => Promise<void>) | undefined;
}

/**
 * Like {@link scoped}, but read-only, and all of `work` sees the database at one moment.
 *
 * @param cancellation cancels the read, which then throws the signal's reason. Without `cancelBackend`, the read goes on.
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
      // Begin and set are one message, because each round trip costs throughput.
      await sql
        .raw(
          `${begin}; select set_config('role', 'cross_org_member', true), ` +
            `set_config('app.account', ${uuidLiteral(scope.accountId)}, true), ` +
            `set_config('app.org', ${uuidLiteral(scope.orgId)}, true)`,
        )
        .execute(connection);
      // oxlint-disable-next-line no-unsafe-type-assertion -- the statement above has limited the connection
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
 * Runs `work` until the signal aborts. Holds the connection until the cancellation has been sent, so that it cannot hit the
 * connection's next query.
 */
async function cancellable<Result>(
  db: ScopedDb,
  work: (db: ScopedDb) => Promise<Result>,
  { signal, cancelBackend }: Cancellation,
): Promise<Result> {
  if (cancelBackend === undefined) return work(db);
  const { rows } = await sql<{ id: number }>`select pg_backend_pid() as id`.execute(db);
  let cancelled: Promise<void> | undefined;
  const cancel = () => {
    cancelled = rows[0] && cancelBackend(rows[0].id).catch(() => {}); // then the server's timeout ends it
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
    await cancelled;
  }
}

async function rollBack(connection: Db): Promise<void> {
  try {
    await sql.raw('rollback').execute(connection);
  } catch {
    // The connection is lost, and its transaction with it. The caller throws the first error.
  }
}

/** Returns a UUID as an SQL literal. Checks it, because a message of several statements takes no parameters. */
function uuidLiteral(value: string): string {
  if (!/^[0-9a-f-]{36}$/i.test(value)) throw new Error('A scope is made of UUIDs');
  return `'${value}'`;
}
