import { afterEach, describe, expect, it } from 'vitest';
import { connectionTo } from '../support/account.ts';
import { dataDirectory, DIRECTORY, directoryFile, HEADERS, KEYS } from '../support/installation.ts';
import { SOON, TIME_FACTOR } from '../support/time-factor.ts';
import { HOSTILE_FACTOR } from '../support/hostile.ts';
import { endAll, startServer } from '../support/process.ts';

afterEach(endAll);

describe('the product, killed during writes', () => {
  it(
    'keeps the last write that it acknowledged',
    { timeout: 120_000 * TIME_FACTOR * HOSTILE_FACTOR },
    async () => {
      const DATA_DIR = await dataDirectory();
      const DIRECTORY_FILE = await directoryFile(DIRECTORY);
      const environment = { DATA_DIR, DIRECTORY_FILE, ...KEYS, LOG_LEVEL: 'info' };
      for (let round = 0; round < 2 * HOSTILE_FACTOR; round += 1) {
        const server = await startServer(environment);
        const api = `${server.url}/api/v2/org_connections`;
        const call = async (method: string, path = '', body?: object) => {
          const init = { method, headers: HEADERS, ...(body && { body: JSON.stringify(body) }) };
          const response = await fetch(api + path, init);
          return { status: response.status, body: (await response.json()) as { data: { id: string } } };
        };
        const existing = (await (await fetch(api, { headers: HEADERS })).json()) as {
          data: { id: string }[];
        };
        for (const { id } of existing.data) await call('DELETE', `/${id}`);
        const created = await call('POST', '', connectionTo('22222222-2222-4222-8222-222222222222'));
        expect(created.status).toBe(200);
        const { id } = created.body.data;

        let answered: string[] = ['metrics'];
        let asked: string[] = answered;
        let answers = 0;
        const writing = (async () => {
          for (let write = 0; ; write += 1) {
            asked = [['logs'], ['audit'], ['metrics', 'logs'], ['logs', 'audit']][write % 4] ?? [];
            const attributes = { connection_types: asked };
            const { status } = await call('PATCH', `/${id}`, {
              data: { type: 'org_connection', id, attributes },
            });
            expect(status).toBe(200);
            answered = asked;
            answers += 1;
          }
        })().catch((error: unknown) => expect(String(error)).toMatch(/fetch failed|terminated/));
        await expect.poll(() => answers, { ...SOON, interval: 3 }).toBeGreaterThan(10 + 7 * round);
        await server.end('SIGKILL');
        await writing;

        const again = await startServer(environment);
        const response = await fetch(`${again.url}/api/v2/org_connections/${id}`, { headers: HEADERS });
        const { data } = (await response.json()) as { data: { attributes: { connection_types: string[] } } };
        // The write that was under way may have been kept without its answer having arrived.
        expect([answered, asked]).toContainEqual(data.attributes.connection_types);
        expect(await again.end('SIGTERM')).toBe(0);
      }
    },
  );
});
