import type { Context } from 'hono';
import pLimit, { type LimitFunction } from 'p-limit';
import { DomainError } from '../../rules/errors.ts';
import { QueryCutOff, ReadInterrupted } from '../db/pool.ts';
import { type ScopedDb, snapshot } from '../db/scope.ts';
import type { AppEnv, Dependencies } from './env.ts';
import { clientDisconnected } from './errors.ts';
import { createPenalties } from './query-penalties.ts';

/** Time for which a read may run in attempts that give way to other work, in milliseconds. Then it is cut off. */
const TOLERATED_MS = 1_000;

/**
 * Creates the function in which requests read telemetry: in a snapshot, with a timeout, cancelled when the client
 * disconnects. At most `concurrentQueries` run at once, and half of them for one organization, so that other requests
 * find a free database connection. Others wait for their turn, for a limited time of its own.
 */
export function createTelemetryReads({
  telemetryDb,
  cancelBackend,
  queryTimeoutMs,
  queryWaitMs,
  concurrentQueries,
  penalizesCutOffs,
  now,
}: Dependencies) {
  const all = pLimit(concurrentQueries);
  // Never removed: a limit is small, and organizations are few.
  const byOrg = new Map<string, LimitFunction>();
  const penalties = penalizesCutOffs ? createPenalties(now) : undefined;

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
    const turn = new Turn(c.req.raw.signal, { queryTimeoutMs, queryWaitMs });
    penalties?.check(actor);
    const own = byOrg.get(actor.orgId) ?? pLimit(Math.ceil(concurrentQueries / 2));
    byOrg.set(actor.orgId, own);
    const attempt = () =>
      snapshot(
        telemetryDb,
        actor,
        (db) => {
          turn.begin();
          return read(db, turn.signal);
        },
        { signal: turn.signal, cancelBackend },
      );
    const task = inTurn(own, all, async () => {
      turn.signal.throwIfAborted();
      penalties?.check(actor);
      try {
        return await compute(await inAttempts(attempt, turn), turn.signal);
      } catch (error) {
        // Here, so that a client cannot escape the penalty by disconnecting.
        if (turn.errorFor(error) instanceof QueryCutOff && turn.ranMs() >= TOLERATED_MS)
          penalties?.note(actor);
        throw error;
      }
    });
    try {
      return await untilAborted(task, turn.signal);
    } catch (error) {
      throw turn.errorFor(error);
    } finally {
      turn.end();
    }
  };
}

export type TelemetryReads = ReturnType<typeof createTelemetryReads>;

/** Repeats a read that had to give way to other work. The other work goes first again. */
async function inAttempts<Read>(attempt: () => Promise<Read>, turn: Turn): Promise<Read> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      turn.pause();
      if (!(error instanceof ReadInterrupted) || turn.ranMs() >= TOLERATED_MS) throw error;
    }
  }
}

/** Time limits of one request: first for its wait, then, from the beginning of its turn on, for its work. */
class Turn {
  /** Aborts when the client disconnects or a limit is reached. */
  readonly signal: AbortSignal;
  readonly #client: AbortSignal;
  readonly #limit = new AbortController();
  readonly #timeoutMs: number;
  readonly #waitMs: number;
  #timer: NodeJS.Timeout;
  #hasBegun = false;
  #ranMs = 0;
  #runsSince: number | undefined;

  constructor(client: AbortSignal, limits: { queryTimeoutMs: number; queryWaitMs: number }) {
    this.#client = client;
    this.signal = AbortSignal.any([client, this.#limit.signal]);
    this.#timeoutMs = limits.queryTimeoutMs;
    this.#waitMs = limits.queryWaitMs;
    this.#timer = setTimeout(() => this.#limit.abort(), limits.queryWaitMs);
  }

  /** Begins or continues the turn, or throws if its wait has ended. */
  begin(): void {
    this.signal.throwIfAborted();
    this.#hasBegun = true;
    this.#runsSince = performance.now();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#limit.abort(), this.#timeoutMs - this.#ranMs);
  }

  /** Pauses the turn: until it begins again, its limit is that of a wait. */
  pause(): void {
    this.#ranMs = this.ranMs();
    this.#runsSince = undefined;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#limit.abort(), this.#waitMs);
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  /** Returns the time that the turn has run, in milliseconds. */
  ranMs(): number {
    return this.#ranMs + (this.#runsSince === undefined ? 0 : performance.now() - this.#runsSince);
  }

  /** Returns the error for the caller: an abort becomes its meaning. */
  errorFor(error: unknown): unknown {
    if (error !== this.signal.reason || !this.signal.aborted) return error;
    if (this.#client.aborted && error === this.#client.reason) return clientDisconnected(error);
    if (this.#hasBegun) {
      return new QueryCutOff('A request for telemetry took too long.', { cause: error });
    }
    return new DomainError('unavailable', 'query_waited_too_long');
  }
}

/** Runs a task when both limits admit it. */
function inTurn<Result>(
  own: LimitFunction,
  all: LimitFunction,
  task: () => Promise<Result>,
): Promise<Result> {
  return own(() => all(task));
}

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
