import { Hono } from 'hono';
import { expect, it } from 'vitest';
import type { AppEnv } from '../../../src/server/http/env.ts';
import { respondToError } from '../../../src/server/http/errors.ts';
import { createIntakeTurns } from '../../../src/server/http/intake-turns.ts';
import { log } from '../../support/log.ts';

/** An app whose intake requests end when `finish` is called. `?org=` names the organization. */
function createIntake(concurrentIntake: number) {
  const { admit, take } = createIntakeTurns({ concurrentIntake });
  const { promise, resolve: finish } = Promise.withResolvers<void>();
  const running: string[] = [];
  const app = new Hono<AppEnv>();
  app.onError(respondToError);
  app.use(async (c, next) => {
    c.set('log', log);
    c.set('scope', { accountId: '', orgId: c.req.query('org') ?? '' });
    await next();
  });
  app.post('/', admit, take, async (c) => {
    running.push(c.var.scope.orgId);
    await promise;
    return c.body(null, 202);
  });
  const send = async (org: string) => (await app.request(`/?org=${org}`, { method: 'POST' })).status;
  return { send, running, finish };
}

it('stores few intake requests at a time, and at most half of them of one organization', async () => {
  const { send, running, finish } = createIntake(4);
  const answers = [
    ...Array.from({ length: 5 }, () => send('a')),
    ...Array.from({ length: 5 }, () => send('b')),
  ];
  await expect.poll(() => running).toEqual(['a', 'a', 'b', 'b']);
  finish();
  expect(await Promise.all(answers)).toEqual(answers.map(() => 202));
  expect(running).toHaveLength(10);
});

it('refuses intake requests while too many are in progress, of one organization first', async () => {
  const { send, finish } = createIntake(1);
  const answers = Array.from({ length: 30 }, () => send('a'));
  expect(await send('a')).toBe(503);
  answers.push(
    ...['b', 'c', 'd'].flatMap((org) => Array.from({ length: org === 'd' ? 10 : 30 }, () => send(org))),
  );
  expect(await send('e')).toBe(503);
  finish();
  expect(await Promise.all(answers)).toEqual(answers.map(() => 202));
  expect(await send('a')).toBe(202);
});
