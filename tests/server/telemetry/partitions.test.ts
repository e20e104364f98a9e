import { sql } from 'kysely';
import { beforeEach, expect, it } from 'vitest';
import type { Database } from '../../../src/server/db/database.ts';
import { scoped } from '../../../src/server/db/scope.ts';
import { makePartitions } from '../../../src/server/store/partitions.ts';
import { listPartitions } from '../../../src/server/store/retention.ts';
import { ingestEvents, ingestPoints } from '../../../src/server/telemetry/ingest.ts';
import { makePartitionsAhead } from '../../../src/server/telemetry/partitions.ts';
import { adminKeys, ORG } from '../../support/account.ts';
import { startApp } from '../../support/app.ts';
import { describeOnBothDatabases } from '../../support/databases.ts';

const NOW = Date.parse('2026-12-30T05:06:07Z');
const DAY = 24 * 60 * 60_000;
const TABLES = ['event', 'metric_point'] as const;

describeOnBothDatabases('Partitions of telemetry', (open, kind) => {
  let database: Database;
  beforeEach(async () => {
    database = await open();
  });

  const names = async () => (await listPartitions(database.db)).map(({ name }) => name);

  it('exist before the next week and month begin', async () => {
    const ahead = [
      'event_2026_12_28',
      'event_2027_01_04',
      'metric_point_2026_12_01',
      'metric_point_2027_01_01',
    ];
    await makePartitionsAhead(database.db, NOW);
    expect(await names()).toEqual(ahead);
    await makePartitionsAhead(database.db, NOW);
    expect(await names()).toEqual(ahead);
  });

  it('exist once per week or month, even if created concurrently', async () => {
    const times = Array.from({ length: 60 }, (_, day) => NOW - day * DAY);
    await Promise.all(
      [times, times.toReversed(), times].flatMap((some) =>
        TABLES.map((table) => makePartitions(database.db, table, some)),
      ),
    );
    expect(await names()).toHaveLength(10 + 2);
  });

  it('have the keys and checks of their table, and can be read only through it', async () => {
    const { db } = database;
    await startApp(database);
    const { account_id: accountId } = await db
      .selectFrom('org')
      .select('account_id')
      .where('id', '=', ORG.production)
      .executeTakeFirstOrThrow();
    const scope = { accountId, orgId: ORG.production };
    const series = { metric: 'load', type: 'gauge', intervalSeconds: 0, tags: [] } as const;
    await ingestPoints(db, scope, [{ ...series, points: [{ time: NOW, value: 1 }] }]);
    const id = '01234567-89ab-4cde-8f01-23456789abcd';
    const event = { id, source: 'logs', time: NOW, message: '', tags: [], attributes: {} } as const;
    await ingestEvents(db, scope, [event]);

    const { rows } = await sql<{ table: string; constraints: string[] }>`
      select conrelid::regclass::text as table, array_agg(pg_get_constraintdef(oid) order by contype) as constraints
      from pg_constraint where contype in ('p', 'c')
        and conrelid in ('event_2026_12_28'::regclass, 'event'::regclass,
          'metric_point_2026_12_01'::regclass, 'metric_point'::regclass)
      group by conrelid order by 1`.execute(db);
    const constraints = Object.fromEntries(rows.map((row) => [row.table, row.constraints]));
    expect(constraints['event_2026_12_28']).toEqual(constraints['event']);
    expect(constraints['event']).toHaveLength(2);
    expect(constraints['metric_point_2026_12_01']).toEqual(constraints['metric_point']);

    const seenBy = (orgId: string) =>
      scoped(db, { accountId, orgId }, async (scopedDb) => [
        await scopedDb.selectFrom('event').select('id').execute(),
        await scopedDb.selectFrom('metric_point').select('value').execute(),
      ]);
    expect(await seenBy(ORG.production)).toEqual([[{ id }], [{ value: 1 }]]);
    expect(await seenBy(ORG.staging)).toEqual([[], []]);
    for (const partition of await names()) {
      const reading = scoped(db, scope, (scopedDb) =>
        sql`select from ${sql.id(partition)}`.execute(scopedDb),
      );
      await expect(reading).rejects.toThrow(`permission denied for table ${partition}`);
    }
  });

  // The embedded database has one connection, so transactions cannot overlap.
  if (kind === 'server') {
    it('are created during reads and writes', async () => {
      const { db } = database;
      await makePartitions(db, 'event', [NOW]);
      await db.transaction().execute(async (other) => {
        await other.selectFrom('event').select('id').execute();
        await other.deleteFrom('event').execute();
        await makePartitions(db, 'event', [NOW + 7 * DAY]);
      });
      expect(await names()).toEqual(['event_2026_12_28', 'event_2027_01_04']);
    });

    it('wait only briefly for locks', async () => {
      const { db } = database;
      await db.transaction().execute(async (other) => {
        await sql`lock table event in access exclusive mode`.execute(other);
        await expect(makePartitions(db, 'event', [NOW])).rejects.toThrow(
          'Rows that the transaction needed were locked for too long',
        );
      });
    });

    it('cause a retryable error when they cannot be created', async () => {
      const { db } = database;
      const app = await startApp(database);
      const { 'DD-API-KEY': apiKey = '' } = adminKeys('production');
      const send = () => app.call('POST', '/api/v2/logs', { 'DD-API-KEY': apiKey }, { message: 'x' });
      await db.transaction().execute(async (other) => {
        await sql`lock table event in share update exclusive mode`.execute(other);
        expect(await send()).toEqual({
          status: 503,
          body: { errors: ['The database is busy; try again'] },
        });
      });
      expect(await send()).toMatchObject({ status: 202 });
    });
  }
});
