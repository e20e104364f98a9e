import type { Logger } from 'pino';
import { EVENT_SOURCES } from '../../contract/org-connections/constants.ts';
import {
  type AccountRetention,
  oldestKept,
  expiredPartitions,
  type Partition,
} from '../../rules/telemetry/retention.ts';
import type { Db } from '../db/scope.ts';
import { deleteEvents } from '../store/events.ts';
import { deletePoints, deleteSeries, listSeriesIds } from '../store/metric-points.ts';
import { dropPartition, expiring, listPartitions, listRetentions } from '../store/retention.ts';
import { type BackgroundWork, repeat } from './background.ts';

const MINUTE = 60_000;

/** Maximum number of rows per batch, so that others are not blocked for long. */
const BATCH = 5000;
const SERIES_AT_ONCE = 500;

/** Deletes telemetry that is past its account's retention, every hour until stopped. */
export function startRetention({ db, log, now }: { db: Db; log: Logger; now: () => number }): BackgroundWork {
  return repeat(
    async (signal) => {
      const started = performance.now();
      const deleted = await expire(db, now(), { signal });
      if (deleted > 0)
        log.info({ deleted, ms: Math.round(performance.now() - started) }, 'telemetry expired');
    },
    {
      log,
      failure: 'Expired telemetry could not be deleted',
      firstAfterMs: 5 * MINUTE,
      everyMs: 60 * MINUTE,
    },
  );
}

/**
 * Deletes telemetry that is past its account's retention: whole partitions that are past every retention, rows of the others,
 * and series without points. Stops early if another process does the same. Returns the number of deleted rows and partitions.
 *
 * @internal Exported for tests.
 */
export async function expire(
  db: Db,
  now: number,
  { signal, batch = BATCH }: { signal?: AbortSignal; batch?: number } = {},
): Promise<number> {
  const accounts = await listRetentions(db);
  const partitions = await listPartitions(db);
  const expired = expiredPartitions(
    partitions,
    accounts.map(({ retention }) => retention),
    now,
  );
  let total = 0;
  for await (const deleted of deleteInSteps(db, accounts, {
    expired,
    remaining: without(partitions, expired),
    now,
    batch,
  })) {
    if (deleted === undefined || signal?.aborted) break;
    total += deleted;
  }
  return total;
}

interface ExpiryTask {
  expired: readonly Partition[];
  remaining: readonly Partition[];
  now: number;
  batch: number;
}

/** Runs short transactions. Yields the number of deletions of each, or undefined if another process holds the lock. */
async function* deleteInSteps(
  db: Db,
  accounts: readonly AccountRetention[],
  { expired, remaining, now, batch }: ExpiryTask,
) {
  for (const partition of expired) {
    yield expiring(db, async (db) => {
      await dropPartition(db, partition);
      return 1;
    });
  }
  for (const { orgIds, retention } of accounts) {
    const before = oldestKept('metrics', retention, now);
    for (const orgId of orgIds) {
      for await (const seriesIds of pagesOfSeries(db, orgId)) {
        for (const partition of startedBefore(remaining, 'metric_point', before)) {
          const points = { orgId, seriesIds, before, limit: batch };
          yield* untilFewer(batch, () => expiring(db, (db) => deletePoints(db, partition, points)));
        }
      }
      yield* untilFewer(batch, () => expiring(db, (db) => deleteSeries(db, orgId, before, batch)));
      for (const source of EVENT_SOURCES)
        yield* eventSteps(orgId, source, oldestKept(source, retention, now));
    }
  }

  async function* eventSteps(orgId: string, source: (typeof EVENT_SOURCES)[number], before: number) {
    for (const partition of startedBefore(remaining, 'event', before)) {
      const events = { orgId, source, before, limit: batch };
      yield* untilFewer(batch, () => expiring(db, (db) => deleteEvents(db, partition, events)));
    }
  }
}

/** Repeats a step until it deletes less than a full batch. */
async function* untilFewer(batch: number, step: () => Promise<number | undefined>) {
  for (;;) {
    const deleted = await step();
    yield deleted;
    if (deleted === undefined || deleted < batch) return;
  }
}

async function* pagesOfSeries(db: Db, orgId: string) {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const page = await listSeriesIds(db, orgId, after, SERIES_AT_ONCE);
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    after = last;
  }
}

function startedBefore(
  partitions: readonly Partition[],
  table: Partition['table'],
  before: number,
): Partition[] {
  return partitions.filter((partition) => partition.table === table && partition.from < before);
}

function without(partitions: readonly Partition[], expired: readonly Partition[]): Partition[] {
  return partitions.filter((partition) => !expired.includes(partition));
}
