import { parentPort, workerData } from 'node:worker_threads';
import { type Bytes, type EngineOptions, startEngine } from './engine.ts';

/** Requests to the thread, one at a time. It replies with bytes, also after its start; an error ends it. */
export type Request = { kind: 'execute'; message: Bytes } | { kind: 'dump' } | { kind: 'close' };

const port = parentPort;
if (port === null)
  throw new Error('This module is the embedded database’s thread, and must run in a worker thread');

const options: EngineOptions = workerData;
const engine = await startEngine(options);
port.on('message', (request: Request) => {
  void answerTo(request).then((answer) => port.postMessage(answer, [answer.buffer]));
});
port.postMessage(new Uint8Array(), []);

async function answerTo(request: Request): Promise<Bytes> {
  switch (request.kind) {
    case 'execute':
      return engine.execute(request.message);
    case 'dump':
      return engine.dump();
    case 'close':
      await engine.close();
  }
  return new Uint8Array();
}
