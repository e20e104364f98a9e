import { sql } from 'kysely';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Database } from '../../../src/server/db/database.ts';
import { applyDirectory } from '../../../src/server/directory/apply.ts';
import { repeat } from '../../../src/server/telemetry/background.ts';
import { ingestEvents, ingestPoints } from '../../../src/server/telemetry/ingest.ts';
import { expire } from '../../../src/server/telemetry/retention.ts';
import { ORG, TEST_DIRECTORY } from '../../support/account.ts';
import { describeOnBothDatabases } from '../../support/databases.ts';
import { log } from '../../support/log.ts';
import { SOON } from '../../support/time-factor.ts';

const NOW = Date.parse('2026-03-04T05:06:07Z');
const DAY = 24 * 60 * 60_000;
const AGES = [0, 5, 9, 12, 20, 40, 100];

const pointsAt = (times: number[]) => times.map((time) => ({ time, value: 1 }));

describeOnBothDatabases('Telemetry past its retention', (open, kind) => {
  let database: Database;
  beforeEach(async () => {
    database = await open();
    await applyDirectory(
      { db: database.db, log },
      {
        accounts: TEST_DIRECTORY.accounts.map((account) => ({
          ...account,
          retention:
            account.name === 'Acme'
              ? { metrics_days: 10, logs_days: 6, ci_days: 15 }
              : { metrics_days: 50, logs_days: 10, ci_days: 21 },
          orgs: account.orgs.map((org) => ({ ...org, users: [], api_keys: [], application_keys: [] })),
        })),
      },
    );
    for (const org of ['production', 'globex'] as const) await fill(org);
  });

  async function fill(org: 'production' | 'globex', ages: readonly number[] = AGES) {
    const { db } = database;
    const { account_id: accountId } = await db
      .selectFrom('org')
      .select('account_id')
      .where('id', '=', ORG[org])
      .executeTakeFirstOrThrow();
    const scope = { accountId, orgId: ORG[org] };
    const times = ages.map((age) => NOW - age * DAY);
    const series = { type: 'gauge', intervalSeconds: 0, tags: [] } as const;
    await ingestPoints(db, scope, [
      { ...series, metric: 'lives', points: pointsAt(times) },
      { ...series, metric: 'ended', points: pointsAt(times.slice(3)) },
    ]);
    const sources = ['logs', 'ci_pipelines', 'ci_tests'] as const;
    await ingestEvents(
      db,
      scope,
      sources.flatMap((source, s) =>
        times.map((time, t) => ({
          id: `00000000-0000-4000-8000-0000000000${s}${t}`,
          source,
          time,
          message: '',
          tags: [],
          attributes: {},
        })),
      ),
    );
  }

  /** Returns the ages in days of an organization's remaining data. */
  async function left(org: 'production' | 'globex') {
    const { db } = database;
    const points = await db
      .selectFrom('metric_point')
      .innerJoin('metric_series', (join) =>
        join
          .onRef('metric_series.org_id', '=', 'metric_point.org_id')
          .onRef('metric_series.id', '=', 'metric_point.series_id'),
      )
      .select(['metric as kind', 'time'])
      .where('metric_point.org_id', '=', ORG[org])
      .orderBy('time', 'desc')
      .execute();
    const events = await db
      .selectFrom('event')
      .select(['source as kind', 'time'])
      .where('org_id', '=', ORG[org])
      .orderBy('time', 'desc')
      .execute();
    const ages: Record<string, number[]> = {};
    for (const { kind: what, time } of [...points, ...events]) {
      (ages[what] ??= []).push(Math.round((NOW - Date.parse(time)) / DAY));
    }
    return ages;
  }

  async function partitions() {
    const { rows } = await sql<{ name: string }>`
      select inhrelid::regclass::text as name from pg_inherits
      where inhparent in ('metric_point'::regclass, 'event'::regclass) order by 1`.execute(database.db);
    return rows.map(({ name }) => name);
  }

  it.each([1, 2, 5000])('is deleted by the retention of each account, in batches of %i', async (batch) => {
    const { db } = database;
    await expire(db, NOW, { batch });
    expect(await left('production')).toEqual({
      lives: [0, 5, 9],
      logs: [0, 5],
      ci_pipelines: [0, 5, 9, 12],
      ci_tests: [0, 5, 9, 12],
    });
    expect(await left('globex')).toEqual({
      lives: [0, 5, 9, 12, 20, 40],
      ended: [12, 20, 40],
      logs: [0, 5, 9],
      ci_pipelines: [0, 5, 9, 12, 20],
      ci_tests: [0, 5, 9, 12, 20],
    });
    const metrics = await db
      .selectFrom('metric_series')
      .select(['org_id', 'metric'])
      .orderBy('metric')
      .execute();
    expect(metrics.map(({ org_id, metric }) => [metric, org_id === ORG.globex])).toEqual(
      expect.arrayContaining([
        ['ended', true],
        ['lives', false],
        ['lives', true],
      ]),
    );
    expect(metrics).toHaveLength(3);
    const rows = await db.selectFrom('metric_point').select('value').execute();
    expect(rows).toHaveLength(3 + 6 + 3);
  });

  it('is dropped with its partition if no account retains it', async () => {
    await expire(database.db, NOW);
    expect(await partitions()).toEqual([
      'event_2026_02_09',
      'event_2026_02_16',
      'event_2026_02_23',
      'event_2026_03_02',
      'metric_point_2026_01_01',
      'metric_point_2026_02_01',
      'metric_point_2026_03_01',
    ]);
    expect(await expire(database.db, NOW)).toBe(0);
    await expire(database.db, NOW + 500 * DAY);
    expect(await partitions()).toEqual([]);
    expect(await database.db.selectFrom('metric_series').select('id').execute()).toEqual([]);
  });

  it('stays when the work is stopped', async () => {
    await expire(database.db, NOW, { signal: AbortSignal.abort() });
    // Only the first step was done: the oldest partition of events.
    expect(await left('globex')).toMatchObject({ lives: AGES, logs: AGES.slice(0, -1) });
  });

  // The embedded database has one connection, so transactions cannot overlap.
  if (kind === 'server') {
    it('is left to another process that is deleting', async () => {
      const { db } = database;
      await db.transaction().execute(async (other) => {
        await sql`select pg_advisory_xact_lock(hashtext('retention'))`.execute(other);
        expect(await expire(db, NOW)).toBe(0);
      });
      expect((await left('production')).logs).toHaveLength(AGES.length);
      expect(await expire(db, NOW)).toBeGreaterThan(0);
    });

    it('skips rows that are being written', async () => {
      const { db } = database;
      await expire(db, NOW);
      await fill('production', [16, 17, 18, 19]);
      const old = new Date(NOW - 19 * DAY).toISOString();
      await db.transaction().execute(async (other) => {
        await other.updateTable('event').set({ message: 'again' }).where('time', '=', old).execute();
        await other.updateTable('metric_point').set({ value: 2 }).where('time', '=', old).execute();
        await other
          .updateTable('metric_series')
          .set({ last_point_at: old })
          .where('metric', '=', 'ended')
          .execute();
        await expire(db, NOW);
      });
      const times = await db
        .selectFrom('event')
        .select('time')
        .where('org_id', '=', ORG.production)
        .execute();
      expect(Math.min(...times.map(({ time }) => Date.parse(time)))).toBe(Date.parse(old));
      await expire(db, NOW);
      expect(await left('production')).toEqual({
        lives: [0, 5, 9],
        logs: [0, 5],
        ci_pipelines: [0, 5, 9, 12],
        ci_tests: [0, 5, 9, 12],
      });
    });
  }

  // A server has other connections, so requests do not queue.
  if (kind === 'embedded') {
    it('lets other requests run between batches', async () => {
      const { db } = database;
      const order: string[] = [];
      const note = (what: string) => () => order.push(what);
      await Promise.all([
        expire(db, NOW, { batch: 1 }).then(note('expired')),
        sql`select 1`.execute(db).then(note('other')),
      ]);
      expect(order).toEqual(['other', 'expired']);
    });
  }
});

describe('background work', () => {
  const rhythm = { failure: 'It failed', firstAfterMs: 1, everyMs: 1 };

  it('logs a failure and continues until it is stopped', async () => {
    const error = vi.fn();
    let times = 0;
    const work = repeat(
      async () => {
        times += 1;
        if (times === 2) throw new Error('no luck');
      },
      { ...rhythm, log: { error } },
    );
    await vi.waitFor(() => expect(times).toBeGreaterThan(3), SOON);
    await work.stop();
    const soFar = times;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(times).toBe(soFar);
    expect(error).toHaveBeenCalledExactlyOnceWith({ err: expect.any(Error) }, 'It failed');
  });

  it('is finished when stop() resolves', async () => {
    let isOver = false;
    const started = Promise.withResolvers<void>();
    const work = repeat(
      async (signal) => {
        started.resolve();
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        await new Promise((resolve) => setTimeout(resolve, 10));
        isOver = true;
      },
      { ...rhythm, log: { error: () => {} } },
    );
    await started.promise;
    await work.stop();
    expect(isOver).toBe(true);
  });
});
