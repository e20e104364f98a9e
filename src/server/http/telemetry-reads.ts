import type { Context } from 'hono';
import pLimit, { type LimitFunction } from 'p-limit';
import { QueryCutOff } from '../db/pool.ts';
import { type ScopedDb, snapshot } from '../db/scope.ts';
import type { AppEnv, Dependencies } from './env.ts';
import { clientDisconnected } from './errors.ts';

/**
 * Creates the function in which requests read telemetry: in a snapshot, with a timeout, cancelled when the client
 * disconnects. At most `concurrentQueries` run at once, and half of them for one organization, so that other requests
 * find a free database connection.
 */
export function createTelemetryReads({ db, cancelBackend, queryTimeoutMs, concurrentQueries }: Dependencies) {
  const all = pLimit(concurrentQueries);
  // Never removed: a limit is small, and organizations are few.
  const byOrg = new Map<string, LimitFunction>();

  return async function readTelemetry<Result>(
    c: Context<AppEnv>,
    work: (db: ScopedDb, signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const { actor } = c.var;
    const timeout = AbortSignal.timeout(queryTimeoutMs);
    const signal = AbortSignal.any([c.req.raw.signal, timeout]);
    const own = byOrg.get(actor.orgId) ?? pLimit(Math.ceil(concurrentQueries / 2));
    byOrg.set(actor.orgId, own);
    const read = async () => {
      signal.throwIfAborted();
      return snapshot(db, actor, (db) => work(db, signal), { signal, cancelBackend });
    };
    try {
      return await untilAborted(
        own(() => all(read)),
        signal,
      );
    } catch (error) {
      if (error !== signal.reason) throw error;
      if (timeout.aborted) throw new QueryCutOff('A request for telemetry took too long.', { cause: error });
      throw clientDisconnected(error);
    }
  };
}

export type TelemetryReads = ReturnType<typeof createTelemetryReads>;

/**
 * Settles like the task, but rejects immediately when the signal aborts. The task keeps its slot until it has released its
 * database connection.
 */
async function untilAborted<Result>(task: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([task, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
