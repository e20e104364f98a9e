import { Duplex } from 'node:stream';
import { clearImmediate, clearTimeout, setImmediate, setTimeout } from 'node:timers';
import { callbackify } from 'node:util';
import type { Bytes, Engine, EngineOptions } from './engine.ts';
import { EngineThread } from './thread.ts';
import { QueryCutOff } from '../pool.ts';

interface ConnectionOptions extends EngineOptions {
  /** On the main thread nothing can be cut off: for tests where there are no threads. */
  thread: 'worker' | 'main';
  queryTimeoutMs: number;
  idleInTransactionTimeoutMs: number;
  /** Settles when the engine before this one has let go of the files. */
  filesFree: Promise<unknown>;
}

const readyForQuery = Buffer.from([0x5a, 0, 0, 0, 5]);
const statusOutsideTransaction = 'I'.charCodeAt(0);
const terminate = 'X'.charCodeAt(0);

/**
 * What `pg` takes for a socket to a PostgreSQL server. The engine at its other end lives exactly as long as the
 * connection: an engine that ends is a lost connection, and a query that takes too long ends the engine.
 */
export class EmbeddedConnection extends Duplex {
  /** How long a query may take from now on. */
  queryTimeoutMs: number;
  /** Resolves when the engine has let go of the files. */
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

  /** `pg` calls this first, with a host and a port that mean nothing here. */
  connect(): void {
    this.#start().then(
      () => this.emit('connect'),
      (error: unknown) => this.destroy(asError(error)),
    );
  }

  /** The files of the database as a tar. Only for whoever holds the connection. */
  dump(): Promise<Bytes> {
    if (this.#engine === undefined) throw new Error('The database is not open');
    return this.#engine.dump();
  }

  // What `pg` expects of a socket besides a stream.
  setNoDelay(): void {}
  setKeepAlive(): void {}
  ref(): void {}
  unref(): void {}

  override _read(): void {}

  override _write(message: Uint8Array, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    callbackify(() => this.#exchange([message]))(done);
  }

  /** `pg` corks what belongs together, so this is one batch that ends with Sync. */
  override _writev(writes: { chunk: Uint8Array }[], done: (error?: Error) => void): void {
    callbackify(() => this.#exchange(writes.map(({ chunk }) => chunk)))(done);
  }

  override _final(done: (error?: Error) => void): void {
    this.push(null);
    callbackify(async () => this.#engine?.close())(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#cancelLimit();
    callbackify(() => this.#end())((failure) => done(error ?? failure));
  }

  async #start(): Promise<void> {
    await this.#options.filesFree;
    if (this.destroyed) return;
    if (this.#options.thread === 'main') {
      const { startEngine } = await import('./engine.ts');
      this.#engine = await startEngine(this.#options);
    } else {
      const { dataDir, loadDataDir, mayCreate } = this.#options;
      const engine = new EngineThread({ dataDir, loadDataDir, mayCreate });
      this.#engine = engine;
      void engine.ended.then((reason) => this.destroy(reason));
      await engine.started();
    }
  }

  async #exchange(parts: Uint8Array[]): Promise<void> {
    if (this.#engine === undefined) throw new Error('The database is not open');
    if (parts[0]?.[0] === terminate) return;
    this.#limit(this.queryTimeoutMs, 'The query was stopped because it ran longer than');
    // A copy, because small buffers share their memory with others, all of which would travel with them.
    const answer = Buffer.from((await this.#engine.execute(new Uint8Array(Buffer.concat(parts)))).buffer);
    this.#cancelLimit();
    if (this.destroyed) return;
    if (isInTransaction(answer)) {
      const reason = 'The transaction was stopped because no query came for';
      this.#limit(this.#options.idleInTransactionTimeoutMs, reason);
    }
    this.push(answer);
  }

  /** Ends the connection after a while, unless the limit is cancelled. */
  #limit(milliseconds: number, reason: string): void {
    this.#cancelLimit();
    const end = () => this.destroy(new QueryCutOff(`${reason} ${milliseconds / 1000} s.`));
    let immediate: NodeJS.Immediate | undefined;
    const timeout = setTimeout(() => {
      // An answer may have come while this thread was busy itself; it is heard first.
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
