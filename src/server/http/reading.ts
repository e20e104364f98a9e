import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { QueryCutOff } from '../db/pool.ts';
import { type ScopedDb, snapshot } from '../db/scope.ts';
import type { AppEnv, Dependencies } from './env.ts';

/**
 * Reads telemetry in a snapshot, until that takes too long or whoever asked has gone. Then the database is told to stop,
 * where it can.
 */
export async function reading<Result>(
  c: Context<AppEnv>,
  { db, cancelBackend, queryTimeoutMs }: Dependencies,
  work: (db: ScopedDb, signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const gone = c.req.raw.signal;
  const late = AbortSignal.timeout(queryTimeoutMs);
  const signal = AbortSignal.any([gone, late]);
  try {
    return await snapshot(db, c.var.actor, (db) => work(db, signal), { signal, cancelBackend });
  } catch (error) {
    // Only the log tells it.
    if (gone.aborted) throw new HTTPException(408, { message: 'Nobody waits for the answer' });
    if (late.aborted) throw new QueryCutOff('A request for telemetry took too long.', { cause: error });
    throw error;
  }
}
