import { Duplex } from 'node:stream';
import { clearImmediate, clearTimeout, setImmediate, setTimeout } from 'node:timers';
import { callbackify } from 'node:util';
import type { Bytes, Engine, EngineOptions } from './engine.ts';
import { EngineThread, type Threads } from './thread.ts';
import { QueryCutOff, toConnectError } from '../pool.ts';

export interface ConnectionOptions extends EngineOptions {
  /** On the main thread, queries cannot be stopped: for tests without threads. */
  thread: 'worker' | 'main';
  threads: Threads;
  queryTimeoutMs: number;
  idleInTransactionTimeoutMs: number;
  /** Settles when the previous engine has released the files. */
  filesFree: Promise<unknown>;
  /** Error of a start a moment ago. The engine is not started again. */
  recentFailure: Error | undefined;
}

const readyForQuery = Buffer.from([0x5a, 0, 0, 0, 5]);
const statusOutsideTransaction = 'I'.charCodeAt(0);
const terminate = 'X'.charCodeAt(0);

/**
 * Socket to the embedded engine, for `pg`. The engine lives as long as the connection: if the engine ends, the connection is
 * lost; a query that runs too long ends the engine.
 */
export class EmbeddedConnection extends Duplex {
  /** Whether the engine has started. */
  hasStarted = false;
  /** Timeout of a query, from the next query on. */
  queryTimeoutMs: number;
  /** Resolves when the engine has released the files. */
  readonly gone: Promise<void>;
  readonly #options: ConnectionOptions;
  #engine: Engine | undefined;
  #cancelLimit = (): void => {};

  constructor(options: ConnectionOptions) {
    super();
    this.#options = options;
    this.queryTimeoutMs = options.queryTimeoutMs;
    this.gone = new Promise((resolve) => this.once('close', resolve));
  }

  /** Called by `pg` first. Ignores the host and the port. */
  connect(): void {
    this.#start().then(
      () => this.emit('connect'),
      (error: unknown) => this.destroy(asError(error)),
    );
  }

  /** Returns the database's files as a tar. The caller must hold the connection. */
  dump(): Promise<Bytes> {
    if (this.#engine === undefined) throw new Error('The database is not open');
    return this.#engine.dump();
  }

  // Members of a socket that `pg` calls.
  setNoDelay(): void {}
  setKeepAlive(): void {}
  ref(): void {}
  unref(): void {}

  override _read(): void {}

  override _write(message: Uint8Array, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    callbackify(() => this.#exchange([message]))(done);
  }

  /** Receives one batch that ends with Sync, because `pg` corks messages that belong together. */
  override _writev(writes: { chunk: Uint8Array }[], done: (error?: Error) => void): void {
    callbackify(() => this.#exchange(writes.map(({ chunk }) => chunk)))(done);
  }

  override _final(done: (error?: Error) => void): void {
    this.push(null);
    callbackify(async () => this.#engine?.close())(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#cancelLimit();
    callbackify(() => this.#end())((failure) => {
      const reason = error ?? failure;
      done(reason && toConnectError(reason));
    });
  }

  async #start(): Promise<void> {
    if (this.#options.recentFailure) throw this.#options.recentFailure;
    await this.#options.filesFree;
    if (this.destroyed) return;
    if (this.#options.thread === 'main') {
      const { startEngine } = await import('./engine.ts');
      this.#engine = await startEngine(this.#options);
      this.hasStarted = true;
    } else {
      const { dataDir, loadDataDir, mayCreate, syncedAt } = this.#options;
      const engine = this.#options.threads.take();
      this.#engine = engine;
      void engine.ended.then((reason) => this.destroy(reason));
      await engine.start({ dataDir, loadDataDir, mayCreate, syncedAt });
      this.hasStarted = true;
    }
  }

  async #exchange(parts: Uint8Array[]): Promise<void> {
    if (this.#engine === undefined) throw new Error('The database is not open');
    if (parts[0]?.[0] === terminate) return;
    this.#limit(this.queryTimeoutMs, 'The query was stopped because it ran longer than');
    // A copy: a small buffer shares its memory with others, and all of that memory would be sent to the thread.
    const answer = Buffer.from((await this.#engine.execute(new Uint8Array(Buffer.concat(parts)))).buffer);
    this.#cancelLimit();
    if (this.destroyed) return;
    if (isInTransaction(answer)) {
      const reason = 'The transaction was stopped because no query came for';
      this.#limit(this.#options.idleInTransactionTimeoutMs, reason);
    }
    this.push(answer);
  }

  /** Ends the connection after a time, unless the limit is cancelled. */
  #limit(milliseconds: number, reason: string): void {
    this.#cancelLimit();
    const end = () => this.destroy(new QueryCutOff(`${reason} ${milliseconds / 1000} s.`));
    let immediate: NodeJS.Immediate | undefined;
    const timeout = setTimeout(() => {
      // A result may have arrived while this thread was busy; handle it first.
      immediate = setImmediate(end);
    }, milliseconds);
    this.#cancelLimit = () => {
      clearTimeout(timeout);
      clearImmediate(immediate);
    };
  }

  async #end(): Promise<void> {
    if (this.#engine instanceof EngineThread) await this.#engine.terminate();
    else if (this.errored !== null) await this.#engine?.close().catch(() => {});
  }
}

function isInTransaction(answer: Buffer): boolean {
  const tail = answer.length - 6;
  if (tail < 0 || !answer.subarray(tail, -1).equals(readyForQuery)) return false;
  return answer[tail + 5] !== statusOutsideTransaction;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('The embedded database failed', { cause: error });
}
