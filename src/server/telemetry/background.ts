import type { Logger } from 'pino';

/** Recurring background work. */
export interface BackgroundWork {
  /** Cancels the work and resolves when it has stopped. Idempotent. */
  stop(): Promise<void>;
}

interface Schedule {
  log: Pick<Logger, 'error'>;
  /** Log message for a failed run. */
  failure: string;
  firstAfterMs: number;
  everyMs: number;
}

/**
 * Repeats work at an interval, counted from the end of the last run. Logs a failure and runs again at the next interval. Does
 * not keep the process alive.
 *
 * @param work stops when its signal aborts
 */
export function repeat(
  work: (signal: AbortSignal) => Promise<void>,
  { log, failure, firstAfterMs, everyMs }: Schedule,
): BackgroundWork {
  const stopping = new AbortController();
  const { signal } = stopping;
  let running = Promise.resolve();
  const run = (): void => void (running = runOnce());
  let timer = setTimeout(run, firstAfterMs).unref();

  async function runOnce(): Promise<void> {
    try {
      await work(signal);
    } catch (error) {
      if (!signal.aborted) log.error({ err: error }, failure);
    }
    if (!signal.aborted) timer = setTimeout(run, everyMs).unref();
  }

  return {
    stop() {
      stopping.abort();
      clearTimeout(timer);
      return running;
    },
  };
}
