import type { Logger } from 'pino';

/** Work that goes on in the background. */
export interface BackgroundWork {
  /** Lets what is under way come to its next stop; nothing happens after it. May be called again. */
  stop(): Promise<void>;
}

interface Rhythm {
  log: Pick<Logger, 'error'>;
  /** What is said when it fails. */
  failure: string;
  firstAfterMs: number;
  everyMs: number;
}

/**
 * Does something over and over, the next time so long after the last. A failure is logged, and it is tried again when
 * its time comes. Keeps no process alive.
 *
 * @param work stops when its signal says so
 */
export function repeat(
  work: (signal: AbortSignal) => Promise<void>,
  { log, failure, firstAfterMs, everyMs }: Rhythm,
): BackgroundWork {
  const stopping = new AbortController();
  const { signal } = stopping;
  let underWay = Promise.resolve();
  const run = (): void => void (underWay = runOnce());
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
      return underWay;
    },
  };
}
