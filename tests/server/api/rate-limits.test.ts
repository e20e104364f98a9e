import { beforeEach, describe, expect, it } from 'vitest';
import { PATHS } from '../../../src/contract/paths.ts';
import { RateLimiter, shareRates } from '../../../src/server/http/rate-limits.ts';
import { adminKeys, EMAIL, ORG, productionKeys } from '../../support/account.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { describeOnBothDatabases } from '../../support/databases.ts';
import { setUpApp } from '../../support/setup-app.ts';
import { signInAs } from '../../support/session.ts';

const LIST = PATHS.orgConnections;
const NOW = Date.parse('2026-03-04T05:06:07.500Z');
const LIMITS = { api: 6, queries: 2, intake: 4 };

const times = async (count: number, request: () => Promise<number>) => {
  const statuses: number[] = [];
  for (let index = 0; index < count; index += 1) statuses.push(await request());
  return statuses;
};

const standing = ({ headers }: Response) =>
  ['Name', 'Limit', 'Period', 'Remaining', 'Reset'].map((name) => headers.get(`X-RateLimit-${name}`));

describeOnBothDatabases('requests', (open) => {
  const unlimited = setUpApp({}, open);
  let now = NOW;
  let app: TestApp;
  const startServer = (limits = LIMITS) => {
    const rateLimiter = new RateLimiter(limits, () => now);
    return { rateLimiter, app: createTestApp(unlimited.database, { rateLimiter }) };
  };
  beforeEach(async () => {
    now = NOW;
    await unlimited.database.db.deleteFrom('rate_limit').execute();
    ({ app } = startServer());
  });

  const send = async () => {
    const { 'DD-API-KEY': apiKey = '' } = adminKeys('production');
    return (await app.call('POST', PATHS.logs, { 'DD-API-KEY': apiKey }, [])).status;
  };
  const statusOf = async (keys: Record<string, string>, path: string = LIST) =>
    (await app.call('GET', path, keys)).status;

  it('of one key get 429 past half of the limit, those of other keys do not', async () => {
    expect(await times(4, () => statusOf(productionKeys('reader')))).toEqual([200, 200, 200, 429]);
    expect(await statusOf(adminKeys('production'))).toBe(200);
  });

  it('of one organization get 429 past the limit, those of other organizations do not', async () => {
    await times(3, () => statusOf(productionKeys('reader')));
    await times(3, () => statusOf(adminKeys('production')));
    expect(await statusOf(productionKeys('member'))).toBe(429);
    expect(await statusOf(adminKeys('staging'))).toBe(200);
  });

  it('that are refused for one key do not count for the organization', async () => {
    await times(9, () => statusOf(productionKeys('reader')));
    expect(await times(3, () => statusOf(adminKeys('production')))).toEqual([200, 200, 200]);
  });

  it('say where the caller stands', async () => {
    const answers = [];
    for (let index = 0; index < 4; index += 1) {
      answers.push(await app.request(LIST, { headers: productionKeys('reader') }));
    }
    expect(answers.map(standing)).toEqual(
      ['2', '1', '0', '0'].map((remaining) => ['api', '3', '60', remaining, '53']),
    );
    expect(answers[3]?.headers.get('Retry-After')).toBe('53');
    expect(await answers[3]?.json()).toEqual({
      errors: ['More than 3 requests in 60 seconds; try again in 53 seconds'],
    });
  });

  it('are admitted again in the next minute', async () => {
    await times(4, () => statusOf(productionKeys('reader')));
    now += 60_000;
    expect(await statusOf(productionKeys('reader'))).toBe(200);
  });

  it('of a person count for each of their organizations', async () => {
    const headers = await signInAs(app, EMAIL.admin);
    const as = (org: string) => ({ ...headers, 'X-Organization-Id': org });
    expect(await times(4, () => statusOf(as(ORG.production)))).toEqual([200, 200, 200, 429]);
    expect(await statusOf(as(ORG.staging))).toBe(200);
  });

  it('for telemetry have a limit of their own, and so do those to intake', async () => {
    const metrics = `${PATHS.metrics}?from=1`;
    expect(await times(2, () => statusOf(adminKeys('production'), metrics))).toEqual([200, 429]);
    expect(await times(3, send)).toEqual([202, 202, 429]);
    expect(await statusOf(adminKeys('production'))).toBe(200);
  });

  it('are not limited by 0', async () => {
    ({ app } = startServer({ api: 0, queries: 0, intake: 0 }));
    const answer = await app.request(LIST, { headers: adminKeys('production') });
    expect(answer.headers.get('X-RateLimit-Limit')).toBeNull();
  });

  describe('to two servers', () => {
    it('count together once they are shared', async () => {
      const [one, other] = [startServer(), startServer()];
      ({ app } = one);
      await times(2, () => statusOf(productionKeys('reader')));
      await shareRates(unlimited.database.db, one.rateLimiter);
      ({ app } = other);
      await statusOf(productionKeys('reader'));
      await shareRates(unlimited.database.db, other.rateLimiter);
      expect(await statusOf(productionKeys('reader'))).toBe(429);
      expect(await statusOf(adminKeys('production'))).toBe(200);
    });

    it('keep what was counted while they were shared', () => {
      const { rateLimiter } = startServer();
      const context = { header: () => undefined } as never;
      const caller = { orgId: 'org', callerId: 'key' };
      rateLimiter.limit(context, 'api', caller);
      const { period, requests } = rateLimiter.takeUnshared();
      expect(requests).toEqual(
        new Map([
          ['api caller key', 1],
          ['api org org', 1],
        ]),
      );
      rateLimiter.limit(context, 'api', caller);
      rateLimiter.setShared(period, new Map([['api caller key', 2]]));
      expect(() => rateLimiter.limit(context, 'api', caller)).toThrow('More than 3 requests');
    });

    it('are shared later if the database failed', async () => {
      const { db } = unlimited.database;
      const { rateLimiter } = startServer();
      const context = { header: () => undefined } as never;
      const caller = { orgId: 'org', callerId: 'key' };
      rateLimiter.limit(context, 'api', caller);
      const failing = db.withPlugin({
        transformQuery: () => {
          throw new Error('no database');
        },
        transformResult: async ({ result }) => result,
      });
      await expect(shareRates(failing, rateLimiter)).rejects.toThrow('no database');
      rateLimiter.limit(context, 'api', caller);
      await shareRates(db, rateLimiter);
      rateLimiter.limit(context, 'api', caller);
      expect(() => rateLimiter.limit(context, 'api', caller)).toThrow('More than 3 requests');
    });

    it('forget earlier periods', async () => {
      const { db } = unlimited.database;
      const { rateLimiter } = startServer();
      ({ app } = startServer());
      rateLimiter.limit({ header: () => undefined } as never, 'api', { orgId: 'org', callerId: 'key' });
      await shareRates(db, rateLimiter);
      now += 10 * 60_000;
      rateLimiter.limit({ header: () => undefined } as never, 'api', { orgId: 'org', callerId: 'key' });
      await shareRates(db, rateLimiter);
      const rows = await db
        .selectFrom('rate_limit')
        .select(['subject', 'requests'])
        .orderBy('subject')
        .execute();
      expect(rows).toEqual([
        { subject: 'api caller key', requests: 1 },
        { subject: 'api org org', requests: 1 },
      ]);
    });
  });
});
