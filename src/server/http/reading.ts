import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { QueryCutOff } from '../db/pool.ts';
import { type ScopedDb, snapshot } from '../db/scope.ts';
import type { AppEnv, Dependencies } from './env.ts';

/** Nobody reads it: whoever asked has gone. Only the log tells it, by the number that others use for it. */
const CLIENT_GONE = 499 as ContentfulStatusCode;

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
    if (gone.aborted) throw new HTTPException(CLIENT_GONE, { message: 'Nobody waits for the answer' });
    if (late.aborted) throw new QueryCutOff('A request for telemetry took too long.', { cause: error });
    throw error;
  }
}
