import { parentPort } from 'node:worker_threads';
import { type Bytes, type Engine, type EngineOptions, loadEngine, startEngine } from './engine.ts';

/** Requests to the thread, one at a time, `start` first. It replies with bytes; an error ends it. */
export type Request =
  | { kind: 'start'; options: EngineOptions }
  | { kind: 'execute'; message: Bytes }
  | { kind: 'dump' }
  | { kind: 'close' };

const port = parentPort;
if (port === null)
  throw new Error('This module is the embedded database’s thread, and must run in a worker thread');

await loadEngine();
let started: Engine | undefined;
port.on('message', (request: Request) => {
  void answerTo(request).then((answer) => port.postMessage(answer, [answer.buffer]));
});

async function answerTo(request: Request): Promise<Bytes> {
  if (request.kind === 'start') {
    started = await startEngine(request.options);
    return new Uint8Array();
  }
  if (started === undefined) throw new Error('The embedded database has not started');
  switch (request.kind) {
    case 'execute':
      return started.execute(request.message);
    case 'dump':
      return started.dump();
    case 'close':
      await started.close();
  }
  return new Uint8Array();
}
