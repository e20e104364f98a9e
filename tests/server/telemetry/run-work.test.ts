import { setImmediate } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import type { Work } from '../../../src/query/work.ts';
import { runWork } from '../../../src/server/telemetry/run-work.ts';

/** Returns a computation of steps that block for two milliseconds each. */
function* busy(steps: number, onStep: () => void = () => {}): Work<string> {
  for (let step = 0; step < steps; step += 1) {
    yield 1;
    onStep();
    for (const end = performance.now() + 2; performance.now() < end;);
  }
  return 'done';
}

it('A computation lets other work run between its steps', async () => {
  const others = new AbortController();
  let turns = 0;
  const counting = (async () => {
    while (!others.signal.aborted) {
      await setImmediate();
      turns += 1;
    }
  })();
  expect(await runWork(busy(100))).toBe('done');
  others.abort();
  await counting;
  expect(turns).toBeGreaterThan(10);
});

it('Computations take turns, one for each turn of the event loop', async () => {
  const order: string[] = [];
  await Promise.all(
    ['a', 'b', 'c'].map((name) =>
      runWork(
        busy(30, () => {
          if (order.at(-1) !== name) order.push(name);
        }),
      ),
    ),
  );
  expect(order.slice(0, 6)).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
});

it('A computation ends when its signal aborts', async () => {
  const controller = new AbortController();
  const onStep = vi.fn(() => {
    if (onStep.mock.calls.length === 10) controller.abort(new Error('gone'));
  });
  await expect(runWork(busy(1000, onStep), { signal: controller.signal })).rejects.toThrow('gone');
  expect(onStep.mock.calls.length).toBeLessThan(100);
});

it('A step that exceeds the budget is not run', async () => {
  const onStep = vi.fn();
  const spend = vi.fn(() => {
    if (spend.mock.calls.length === 3) throw new Error('too much');
  });
  await expect(runWork(busy(10, onStep), { spend })).rejects.toThrow('too much');
  expect(onStep).toHaveBeenCalledTimes(2);
});
