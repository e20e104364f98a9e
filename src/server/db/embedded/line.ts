import { setImmediate as nextTick } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { QueryCutOff, ReadInterrupted } from '../pool.ts';

interface LineOptions {
  /** Pool of the only connection. */
  pool: Pool;
  /** Called when a read of telemetry begins, which may have to be ended. */
  onRead: () => void;
  /** Ends the connection, and its query with the reason. A new connection takes its place. */
  endConnection: (reason: Error) => void;
  /** Maximum time for which a read of telemetry holds the connection, in milliseconds. */
  readTimeoutMs: number;
  /** Maximum time for which other work waits for a read of telemetry, in milliseconds. */
  patienceMs: number;
}

/** Time after which a read of telemetry no longer lets all other work go first, in milliseconds. */
const MAX_YIELD_MS = 1_000;

/** Line for the only connection of the embedded database. */
export interface Line {
  /** Waits for the connection. Ends a read of telemetry that holds it too long. */
  connect: () => Promise<PoolClient>;
  /** Waits for the connection to read telemetry: after all other work, one read at a time. */
  connectToRead: () => Promise<PoolClient>;
  /** Waits until no read of telemetry waits or runs. */
  readsDone: () => Promise<void>;
}

/**
 * Creates the line. Queries of telemetry are as slow as their authors make them, and cannot be cancelled except with the whole
 * engine. So other work goes first, and ends them if it has to wait.
 */
export function createLine({ pool, onRead, endConnection, readTimeoutMs, patienceMs }: LineOptions): Line {
  let isReading = false;
  let lastRead: Promise<void> = Promise.resolve();

  const isQuiet = () => pool.waitingCount === 0 && pool.totalCount === pool.idleCount;

  /** Waits until no other work has needed the connection for two turns of the event loop, as between two steps of a request. */
  async function untilQuiet(): Promise<void> {
    for (const end = performance.now() + MAX_YIELD_MS; performance.now() < end;) {
      // Not longer: a connection that cannot be opened is never released, and connecting tells why.
      if (!isQuiet()) await untilReleased(pool, end - performance.now());
      await nextTick();
      await nextTick();
      if (isQuiet()) return;
    }
  }

  function interruptRead(): void {
    if (isReading) endConnection(new ReadInterrupted('A read of telemetry gave way to other work.'));
  }

  async function connect(): Promise<PoolClient> {
    const patience = setTimeout(interruptRead, patienceMs);
    try {
      return await pool.connect();
    } finally {
      clearTimeout(patience);
    }
  }

  function beginRead(done: () => void): () => void {
    isReading = true;
    onRead();
    const timeout = setTimeout(() => {
      endConnection(
        new QueryCutOff(
          `A read of telemetry was stopped because it ran longer than ${readTimeoutMs / 1000} s.`,
        ),
      );
    }, readTimeoutMs);
    // Other work may have begun to wait before this read began.
    const patience = pool.waitingCount > 0 ? setTimeout(interruptRead, patienceMs) : undefined;
    return () => {
      clearTimeout(timeout);
      clearTimeout(patience);
      isReading = false;
      done();
    };
  }

  async function connectToRead(): Promise<PoolClient> {
    const previous = lastRead;
    const done = Promise.withResolvers<void>();
    lastRead = done.promise;
    try {
      await previous;
      await untilQuiet();
      const client = await pool.connect();
      return onRelease(client, beginRead(done.resolve));
    } catch (error) {
      done.resolve();
      throw error;
    }
  }

  async function readsDone(): Promise<void> {
    for (let last; last !== lastRead;) {
      last = lastRead;
      await last;
    }
  }

  return { connect, connectToRead, readsDone };
}

/** Waits until the connection is released or replaced, for a limited time. */
function untilReleased(pool: Pool, limitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timeout);
      pool.off('release', done);
      pool.off('remove', done);
      resolve();
    };
    const timeout = setTimeout(done, limitMs);
    pool.on('release', done);
    pool.on('remove', done);
  });
}

/** Calls `listener` when the client is released next. */
function onRelease(client: PoolClient, listener: () => void): PoolClient {
  const release = client.release.bind(client);
  client.release = (error) => {
    client.release = release;
    listener();
    release(error);
  };
  return client;
}
