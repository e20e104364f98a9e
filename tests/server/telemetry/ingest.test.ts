import { expect, it } from 'vitest';
import { ingestEvents, ingestPoints } from '../../../src/server/telemetry/ingest.ts';
import { ORG } from '../../support/account.ts';
import { startApp } from '../../support/app.ts';
import { describeOnBothDatabases } from '../../support/databases.ts';

const DAY = 24 * 60 * 60_000;

describeOnBothDatabases('Telemetry', (open) => {
  it('is stored for any month or week, once per time', async () => {
    const { database } = await startApp(await open());
    const { db } = database;
    const { account_id: accountId } = await db
      .selectFrom('org')
      .select('account_id')
      .where('id', '=', ORG.production)
      .executeTakeFirstOrThrow();
    const scope = { accountId, orgId: ORG.production };
    const now = Date.now();
    const times = [now, now - DAY, now - 40 * DAY, now - 400 * DAY];
    const series = { metric: 'load', type: 'gauge', intervalSeconds: 0, tags: ['env:prod'] } as const;
    await ingestPoints(db, scope, [{ ...series, points: times.map((time) => ({ time, value: 1 })) }]);
    await ingestPoints(db, scope, [{ ...series, points: [{ time: now, value: 2 }] }]);
    const points = await db.selectFrom('metric_point').select('value').orderBy('time', 'desc').execute();
    expect(points.map(({ value }) => value)).toEqual([2, 1, 1, 1]);
    expect(await db.selectFrom('metric_series').select(['metric', 'tags']).execute()).toEqual([
      { metric: 'load', tags: ['env:prod'] },
    ]);

    const event = {
      source: 'logs',
      time: now,
      message: 'Hello',
      tags: ['env:prod'],
      attributes: { n: 1 },
    } as const;
    const id = '01234567-89ab-4cde-8f01-23456789abcd';
    await ingestEvents(db, scope, [{ ...event, id }]);
    await ingestEvents(db, scope, [{ ...event, id, message: 'Hello again' }]);
    expect(await db.selectFrom('event').select(['message', 'tags', 'attributes']).execute()).toEqual([
      { message: 'Hello again', tags: ['env:prod'], attributes: { n: 1 } },
    ]);
  });
});
