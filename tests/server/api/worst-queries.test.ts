import { expect, it } from 'vitest';
import { run } from '../../hostile/worst-queries.ts';

it('The worst queries of one account do not make the requests of another fail', async () => {
  const { victim, attackers } = await run({ durationMs: 6_000 });
  expect(victim.failures).toEqual([]);
  expect(victim.calls).toBeGreaterThan(0);
  // The attackers' queries are cut off, and then refused.
  expect(Object.keys(attackers).filter((status) => status !== '429' && status !== '503')).toEqual([]);
});
