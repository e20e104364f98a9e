import type { Work } from '../../src/query/work.ts';

/** Runs a computation at once. */
export function finish<Value>(work: Work<Value>): Value {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
