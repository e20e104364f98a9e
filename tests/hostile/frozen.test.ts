import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openServer } from '../../src/server/db/server.ts';
import { adminKeys, connectionTo, ORG } from '../support/account.ts';
import { startApp } from '../support/app.ts';
import { hasServer } from '../support/databases.ts';
import { createFreezableDatabase } from '../support/freezable-database.ts';
import { HOSTILE_FACTOR } from '../support/hostile.ts';
import { TIME_FACTOR } from '../support/time-factor.ts';

const LIST = '/api/v2/org_connections';
/** Short, so that the test is. A statement may take it, and then 2 s more until the connection is closed. */
const statementTimeoutMs = 500 * TIME_FACTOR;

describe.skipIf(!hasServer())('the product on a PostgreSQL server that freezes', () => {
  it(
    'answers 503 after a time, is not ready meanwhile, and goes on when the server does',
    { timeout: 60_000 * TIME_FACTOR * HOSTILE_FACTOR },
    async () => {
      const { databaseUrl, freeze, thaw } = await createFreezableDatabase();
      const database = await openServer({ databaseUrl, statementTimeoutMs });
      onTestFinished(() => database.close());
      const app = await startApp(database, { checkReady: () => database.checkReady() });
      const list = () => app.request(LIST, { headers: adminKeys('production') });
      const statusOf = async (path: string) => (await app.request(path)).status;
      const id = await app.connect('production', 'staging');

      // In the long form, each round is frozen for longer.
      for (let round = 0; round < Math.min(HOSTILE_FACTOR, 5); round += 1) {
        freeze();
        const change = app.call('PATCH', `${LIST}/${id}`, adminKeys('production'), {
          data: { type: 'org_connection', id, attributes: { connection_types: ['logs'] } },
        });
        const requests = Array.from({ length: 20 }, list);
        expect(await statusOf('/healthz')).toBe(200);
        expect(await statusOf('/readyz')).toBe(503);
        for (const response of await Promise.all(requests)) {
          expect(response.status).toBe(503);
          expect(Number(response.headers.get('Retry-After'))).toBeGreaterThan(0);
        }
        expect((await change).status).toBe(503);

        await sleep(500 * round);
        thaw();
        await expect.poll(() => statusOf('/readyz')).toBe(200);
        const answers = await Promise.all(Array.from({ length: 20 }, list));
        expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
        const other = await app.call('POST', LIST, adminKeys('security'), connectionTo(ORG.production));
        expect(other.status).toBe(200);
        const { id: created } = (other.body as { data: { id: string } }).data;
        expect((await app.call('DELETE', `${LIST}/${created}`, adminKeys('security'))).status).toBe(200);
      }
    },
  );
});
