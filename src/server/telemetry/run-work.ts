import { setImmediate } from 'node:timers/promises';
import type { Work } from '../../query/work.ts';

/** Time that computations run before other requests have their turn, in milliseconds. */
const SLICE_MS = 10;

/** Next turn of a computation: one per turn of the event loop, so that many computations block it no longer than one. */
let turn: Promise<unknown> = Promise.resolve();

function nextTurn(): Promise<unknown> {
  turn = turn.then(() => setImmediate());
  return turn;
}

/**
 * Runs a computation in slices, between which other requests are served.
 *
 * @param spend is called with the size of each step before it; may throw to end the computation
 * @param signal ends the computation with its reason
 */
export async function runWork<Value>(
  work: Work<Value>,
  { spend, signal }: { spend?: (size: number) => void; signal?: AbortSignal | undefined } = {},
): Promise<Value> {
  await nextTurn();
  signal?.throwIfAborted();
  let end = performance.now() + SLICE_MS;
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    spend?.(step.value);
    if (performance.now() < end) continue;
    await nextTurn();
    signal?.throwIfAborted();
    end = performance.now() + SLICE_MS;
  }
}
