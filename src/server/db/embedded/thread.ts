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

  constructor(options: EngineOptions) {
    this.#worker = new Worker(join(import.meta.dirname, 'worker.ts'), {
      workerData: options,
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
  }

  /** Waits until the engine has started. Throws if it does not start. */
  async started(): Promise<void> {
    await this.#answer.promise;
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

function isBytes(message: unknown): message is Bytes {
  return message instanceof Uint8Array;
}
