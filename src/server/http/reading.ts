import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { QueryCutOff } from '../db/pool.ts';
import { type ScopedDb, snapshot } from '../db/scope.ts';
import type { AppEnv, Dependencies } from './env.ts';

/**
 * Makes a function that reads telemetry in a snapshot, until that takes too long or whoever asked has gone. Then the
 * database is told to stop, where it can. No more than so many read at once, and of one organization no more than half
 * of them: everything else that needs the database is to find a connection free.
 */
export function createReading({ db, cancelBackend, queryTimeoutMs, concurrentQueries }: Dependencies) {
  const all = createGate(concurrentQueries);
  const gates = new Map<string, Gate>();

  return async function reading<Result>(
    c: Context<AppEnv>,
    work: (db: ScopedDb, signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const { actor } = c.var;
    const gone = c.req.raw.signal;
    const late = AbortSignal.timeout(queryTimeoutMs);
    const signal = AbortSignal.any([gone, late]);
    const own = gates.get(actor.orgId) ?? createGate(Math.ceil(concurrentQueries / 2));
    gates.set(actor.orgId, own);
    try {
      return await own.pass(signal, () =>
        all.pass(signal, () => snapshot(db, actor, (db) => work(db, signal), { signal, cancelBackend })),
      );
    } catch (error) {
      if (error !== signal.reason) throw error;
      if (late.aborted) throw new QueryCutOff('A request for telemetry took too long.', { cause: error });
      // Only the log tells it.
      throw new HTTPException(408, { message: 'Nobody waits for the answer', cause: error });
    } finally {
      if (own.isEmpty()) gates.delete(actor.orgId);
    }
  };
}

export type Reading = ReturnType<typeof createReading>;

interface Gate {
  /** Does the work when its turn comes; fails with the signal's reason if that comes first. */
  pass<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result>;
  /** Whether nobody works or waits. */
  isEmpty(): boolean;
}

/** Lets so many work at once; the others wait in line. */
function createGate(places: number): Gate {
  const waiting = new Set<() => void>();
  let working = 0;

  async function enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (working < places) {
      working += 1;
      return;
    }
    const isAdmitted = await new Promise<boolean>((resolve) => {
      const leave = () => {
        waiting.delete(admit);
        resolve(false);
      };
      const admit = () => {
        signal.removeEventListener('abort', leave);
        resolve(true);
      };
      waiting.add(admit);
      signal.addEventListener('abort', leave, { once: true });
    });
    if (!isAdmitted) signal.throwIfAborted();
  }

  return {
    async pass(signal, work) {
      await enter(signal);
      try {
        return await work();
      } finally {
        const [next] = waiting;
        if (next === undefined) working -= 1;
        else {
          waiting.delete(next);
          next();
        }
      }
    },
    isEmpty: () => working === 0 && waiting.size === 0,
  };
}
