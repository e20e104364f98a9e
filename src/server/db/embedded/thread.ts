import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Bytes, Engine, EngineOptions } from './engine.ts';
import type { Request } from './worker.ts';

/** The engine in a thread of its own: its queries hold up nobody, and it can be ended in the middle of one. */
export class EngineThread implements Engine {
  /** Resolves with the reason when the thread is gone. */
  readonly ended: Promise<Error>;
  readonly #worker: Worker;
  #answer = Promise.withResolvers<Bytes>();

  constructor(options: EngineOptions) {
    this.#worker = new Worker(join(import.meta.dirname, 'worker.ts'), {
      workerData: options,
      execArgv: [],
      // With less, deep recursion (a deeply nested document is enough) ends the engine before PostgreSQL refuses it.
      resourceLimits: { stackSizeMb: 32 },
    });
    this.#worker.on('message', (answer: unknown) => {
      // Under `node --watch`, Node's own messages about loaded files come this way too.
      if (isBytes(answer)) this.#answer.resolve(answer);
    });
    this.ended = new Promise((resolve) => {
      this.#worker.on('error', resolve);
      this.#worker.on('exit', (code) => resolve(new Error(`The embedded database ended with code ${code}.`)));
    });
    void this.ended.then((reason) => this.#answer.reject(reason));
  }

  /** Resolves once the engine has started, throws why it did not. */
  async started(): Promise<void> {
    await this.#answer.promise;
  }

  execute(message: Bytes): Promise<Bytes> {
    return this.#ask({ kind: 'execute', message }, [message.buffer]);
  }

  dump(): Promise<Bytes> {
    return this.#ask({ kind: 'dump' });
  }

  /** Leaves the thread, which {@link terminate} ends. */
  async close(): Promise<void> {
    await this.#ask({ kind: 'close' });
  }

  /** Ends the thread at once, whatever it does. */
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
