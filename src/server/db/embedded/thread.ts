import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Bytes, Engine, EngineOptions } from './engine.ts';
import type { Request } from './worker.ts';

/** The engine in its own thread: queries do not block the server, and a running query can be ended. */
export class EngineThread implements Engine {
  /** Resolves with the reason when the thread has ended. */
  readonly ended: Promise<Error>;
  readonly #worker: Worker;
  #answer = Promise.withResolvers<Bytes>();

  /** Loads the engine's code, which {@link start} waits for. */
  constructor() {
    this.#worker = new Worker(join(import.meta.dirname, 'worker.ts'), {
      execArgv: [],
      // With a smaller stack, a deeply nested document ends the engine before PostgreSQL refuses it.
      resourceLimits: { stackSizeMb: 32 },
    });
    this.#worker.on('message', (answer: unknown) => {
      // Under `node --watch`, Node sends messages about loaded files, too.
      if (isBytes(answer)) this.#answer.resolve(answer);
    });
    this.ended = new Promise((resolve) => {
      this.#worker.on('error', resolve);
      this.#worker.on('exit', (code) => resolve(new Error(`The embedded database ended with code ${code}.`)));
    });
    void this.ended.then((reason) => this.#answer.reject(reason));
    // A spare thread's failure has no caller.
    this.#answer.promise.catch(() => undefined);
  }

  /** Starts the engine. Throws if it does not start. */
  async start(options: EngineOptions): Promise<void> {
    await this.#ask({ kind: 'start', options });
  }

  execute(message: Bytes): Promise<Bytes> {
    return this.#ask({ kind: 'execute', message }, [message.buffer]);
  }

  dump(): Promise<Bytes> {
    return this.#ask({ kind: 'dump' });
  }

  /** Closes the engine. {@link terminate} ends the thread. */
  async close(): Promise<void> {
    await this.#ask({ kind: 'close' });
  }

  /** Ends the thread at once. */
  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #ask(request: Request, transfer: ArrayBuffer[] = []): Promise<Bytes> {
    this.#answer = Promise.withResolvers();
    this.#worker.postMessage(request, transfer);
    return this.#answer.promise;
  }
}

/** Threads of one database, of which one at a time runs its engine. */
export interface Threads {
  /** Returns the next thread: the prepared one, if there is one. */
  take(): EngineThread;
  /** Loads the engine's code into a spare thread, if there is none: a restart then takes half the time. */
  prepare(): void;
  /** Ends the spare thread. */
  end(): Promise<void>;
}

export function createThreads(): Threads {
  let spare: EngineThread | undefined;

  function take(): EngineThread {
    const next = spare ?? new EngineThread();
    spare = undefined;
    return next;
  }

  function prepare(): void {
    if (spare !== undefined) return;
    const thread = new EngineThread();
    spare = thread;
    void forgetWhenEnded(thread);
  }

  async function forgetWhenEnded(thread: EngineThread): Promise<void> {
    await thread.ended;
    if (spare === thread) spare = undefined;
  }

  return { take, prepare, end: async () => spare?.terminate() };
}

function isBytes(message: unknown): message is Bytes {
  return message instanceof Uint8Array;
}
