import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import pLimit, { type LimitFunction } from 'p-limit';
import { QueryError } from '../../query/errors.ts';
import { DomainError } from '../../rules/errors.ts';
import { QueryCutOff, ReadInterrupted } from '../db/pool.ts';
import { type ScopedDb, snapshot } from '../db/scope.ts';
import type { AppEnv, Dependencies } from './env.ts';
import { clientDisconnected, DISCONNECTED } from './errors.ts';
import type { QueryOutcome } from './metrics.ts';
import { createPenalties } from './query-penalties.ts';

/** Time for which a read may run in attempts that give way to other work, in milliseconds. Then it is cut off. */
const TOLERATED_MS = 1_000;

/** Time in the line for which a check of the credentials holds, in milliseconds. */
const CREDENTIALS_HOLD_MS = 1_000;

/**
 * Creates the function in which requests read telemetry: in a snapshot, with a timeout, cancelled when the client
 * disconnects. At most `concurrentQueries` run at once, and half of them for one organization, so that other requests
 * find a free database connection. Others wait for their turn, for a limited time of its own.
 */
export function createTelemetryReads(dependencies: Dependencies) {
  const readInTurn = createReads(dependencies);
  const { metrics } = dependencies;

  /**
   * @param read reads within the snapshot
   * @param compute computes the answer from the result of `read`. It holds no database connection.
   */
  return async function readTelemetry<Read, Answer>(
    c: Context<AppEnv>,
    read: (db: ScopedDb, signal: AbortSignal) => Promise<Read>,
    compute: (read: Read, signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> {
    const { orgId } = c.var.actor;
    try {
      const answer = await readInTurn(c, read, compute);
      metrics?.queryEnded('completed', orgId);
      return answer;
    } catch (error) {
      metrics?.queryEnded(outcomeOf(error), orgId);
      throw error;
    }
  };
}

export type TelemetryReads = ReturnType<typeof createTelemetryReads>;

function outcomeOf(error: unknown): QueryOutcome {
  if (error instanceof QueryCutOff) return 'cut_off';
  if (error instanceof HTTPException && error.status === DISCONNECTED) return 'disconnected';
  if (error instanceof DomainError && error.reason === 'unavailable') return 'waited_too_long';
  return error instanceof DomainError || error instanceof QueryError ? 'refused' : 'failed';
}

/** Creates the function behind {@link createTelemetryReads}, which counts how its calls end. */
function createReads({
  telemetryDb,
  cancelBackend,
  queryTimeoutMs,
  queryWaitMs,
  concurrentQueries,
  penalizesCutOffs,
  now,
  metrics,
}: Dependencies) {
  const all = pLimit(concurrentQueries);
  // Never removed: a limit is small, and organizations are few.
  const byOrg = new Map<string, LimitFunction>();
  const penalties = penalizesCutOffs ? createPenalties(now) : undefined;
  const turns = new Set<Turn>();
  metrics?.watchQueries(() => {
    const running = [...turns].filter((turn) => turn.isRunning).length;
    return { running, waiting: turns.size - running };
  });

  return async function readInTurn<Read, Answer>(
    c: Context<AppEnv>,
    read: (db: ScopedDb, signal: AbortSignal) => Promise<Read>,
    compute: (read: Read, signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> {
    const { actor } = c.var;
    penalties?.check(actor);
    const arrived = performance.now();
    const turn = new Turn(c.req.raw.signal, { queryTimeoutMs, queryWaitMs });
    turns.add(turn);
    const own = byOrg.get(actor.orgId) ?? pLimit(Math.ceil(concurrentQueries / 2));
    byOrg.set(actor.orgId, own);
    const attempt = () =>
      snapshot(
        telemetryDb,
        c.var.actor,
        (db) => {
          turn.begin();
          return read(db, turn.signal);
        },
        { signal: turn.signal, cancelBackend },
      );
    const task = inTurn(own, all, async () => {
      turn.signal.throwIfAborted();
      // The credentials may have ended while the request waited.
      if (performance.now() - arrived > CREDENTIALS_HOLD_MS) await c.var.identifyAgain();
      penalties?.check(actor);
      try {
        return await compute(await inAttempts(attempt, turn), turn.signal);
      } catch (error) {
        // Also if the client has disconnected, so that it cannot escape the penalty.
        const isCutOff = turn.errorFor(error) instanceof QueryCutOff;
        if (isCutOff && (turn.ranMs() >= TOLERATED_MS || turn.signal.aborted)) penalties?.note(actor);
        throw error;
      }
    });
    try {
      return await untilAborted(task, turn.signal);
    } catch (error) {
      throw turn.errorFor(error);
    } finally {
      turn.end();
      turns.delete(turn);
    }
  };
}

/** Repeats a read that had to give way to other work. The other work goes first again. */
async function inAttempts<Read>(attempt: () => Promise<Read>, turn: Turn): Promise<Read> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      turn.pause();
      const isTolerated = turn.ranMs() < TOLERATED_MS && !turn.signal.aborted;
      if (!(error instanceof ReadInterrupted && isTolerated)) throw error;
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
  #hasEnded = false;
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
    // A read may fail after its request has ended.
    if (!this.#hasEnded) this.#timer = setTimeout(() => this.#limit.abort(), this.#waitMs);
  }

  end(): void {
    this.#hasEnded = true;
    clearTimeout(this.#timer);
  }

  get isRunning(): boolean {
    return this.#runsSince !== undefined;
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
