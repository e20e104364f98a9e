import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import pLimit, { type LimitFunction } from 'p-limit';
import { DomainError } from '../../rules/errors.ts';
import { QueryCutOff } from '../db/pool.ts';
import { type ScopedDb, snapshot } from '../db/scope.ts';
import type { AppEnv, Dependencies } from './env.ts';

/** Seconds after which a request is worth another try if its turn did not come. */
const RETRY_AFTER_SECONDS = 5;

/**
 * Creates the function in which requests read telemetry: in a snapshot, with a timeout, cancelled when the client
 * disconnects. At most `concurrentQueries` run at once, and half of them for one organization, so that other requests
 * find a free database connection. Others wait for their turn, for a limited time of its own.
 */
export function createTelemetryReads({
  db,
  cancelBackend,
  queryTimeoutMs,
  queryWaitMs,
  concurrentQueries,
}: Dependencies) {
  const all = pLimit(concurrentQueries);
  // Never removed: a limit is small, and organizations are few.
  const byOrg = new Map<string, LimitFunction>();

  /**
   * @param read reads within the snapshot
   * @param compute computes the answer from what was read. It holds no database connection.
   */
  return async function readTelemetry<Read, Answer>(
    c: Context<AppEnv>,
    read: (db: ScopedDb, signal: AbortSignal) => Promise<Read>,
    compute: (read: Read, signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> {
    const { actor } = c.var;
    const client = c.req.raw.signal;
    const waiting = AbortSignal.timeout(queryWaitMs);
    const own = byOrg.get(actor.orgId) ?? pLimit(Math.ceil(concurrentQueries / 2));
    byOrg.set(actor.orgId, own);

    const begun = Promise.withResolvers<AbortSignal>();
    const task = inTurn(own, all, async () => {
      AbortSignal.any([client, waiting]).throwIfAborted();
      // The timeout begins with the turn: waiting has its own.
      const timeout = AbortSignal.timeout(queryTimeoutMs);
      begun.resolve(timeout);
      const signal = AbortSignal.any([client, timeout]);
      const value = await snapshot(db, actor, (db) => read(db, signal), { signal, cancelBackend });
      return compute(value, signal);
    });
    task.catch(begun.reject);
    const timeout = await untilAborted(begun.promise, client, waiting).catch((error: unknown) => {
      if (waiting.aborted && error === waiting.reason) {
        throw new DomainError('unavailable', 'query_waited_too_long').retryAfter(RETRY_AFTER_SECONDS);
      }
      throw orDisconnected(error, client);
    });
    return untilAborted(task, client, timeout).catch((error: unknown) => {
      if (timeout.aborted && error === timeout.reason) {
        throw new QueryCutOff('A request for telemetry took too long.', { cause: error });
      }
      throw orDisconnected(error, client);
    });
  };
}

export type TelemetryReads = ReturnType<typeof createTelemetryReads>;

/** Runs a task when both limits admit it. */
function inTurn<Result>(
  own: LimitFunction,
  all: LimitFunction,
  task: () => Promise<Result>,
): Promise<Result> {
  return own(() => all(task));
}

/** Returns the error for a client that has disconnected, which is for the log only, or the error itself. */
function orDisconnected(error: unknown, client: AbortSignal): unknown {
  if (!client.aborted || error !== client.reason) return error;
  return new HTTPException(408, { message: 'The client has disconnected', cause: error });
}

/**
 * Settles like the task, but rejects immediately when one of the signals aborts. The task keeps its slot until it has released
 * its database connection.
 */
async function untilAborted<Result>(task: Promise<Result>, ...signals: AbortSignal[]): Promise<Result> {
  const signal = AbortSignal.any(signals);
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
