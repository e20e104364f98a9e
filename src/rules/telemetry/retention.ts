import type { ConnectionType } from '../../contract/org-connections/constants.ts';
import type { ReportLoss } from './losses.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Retention of an account's telemetry, in days. */
export interface Retention {
  metrics: number;
  logs: number;
  ci: number;
}

const RETENTION_KEYS: Record<ConnectionType, keyof Retention> = {
  metrics: 'metrics',
  logs: 'logs',
  ci_pipelines: 'ci',
  ci_tests: 'ci',
  audit: 'logs',
};

/** Returns the retention of a data source, in days. */
function retentionDays(source: ConnectionType, retention: Retention): number {
  return retention[RETENTION_KEYS[source]];
}

/** Returns the start of a data source's retention period (epoch ms). */
export function oldestKept(source: ConnectionType, retention: Retention, now: number): number {
  return now - retentionDays(source, retention) * DAY;
}

/** Times that ingest accepts, from `from` to `to` inclusive (epoch ms). */
export interface Window {
  /** Retention, for error messages. */
  days: number;
  from: number;
  to: number;
  now: number;
}

/** Returns the times that ingest accepts: from the start of the retention to 10 minutes ahead, for clock skew. */
export function intakeWindow(source: ConnectionType, retention: Retention, now: number): Window {
  return {
    days: retentionDays(source, retention),
    from: oldestKept(source, retention, now),
    to: now + 10 * MINUTE,
    now,
  };
}

/** Returns whether a time (epoch ms) is within the window, and reports if not. `field` is its name in the report. */
export function isWithin({ days, from, to }: Window, time: number, field: string, lose: ReportLoss): boolean {
  if (time < from) lose('too_old', field, `must be within the retention of ${days} days`);
  else if (time > to) lose('too_new', field, 'must not be more than 10 minutes ahead');
  return time >= from && time <= to;
}

/** Organizations of an account and the retention of their telemetry. */
export interface AccountRetention {
  orgIds: readonly string[];
  retention: Retention;
}

/** Table with partitions by time. */
export type PartitionedTable = 'metric_point' | 'event';

/** Partition of a table, for times from `from` inclusive to `to` exclusive (epoch ms). */
export interface Partition {
  table: PartitionedTable;
  name: string;
  from: number;
  to: number;
}

/** Returns the partitions that are older than every account's retention. */
export function expiredPartitions(
  partitions: readonly Partition[],
  retentions: readonly Retention[],
  now: number,
): Partition[] {
  if (retentions.length === 0) return [];
  const oldest = {
    metric_point: Math.min(...retentions.map((one) => oldestKept('metrics', one, now))),
    event: Math.min(
      ...retentions.map((one) => oldestKept('logs', one, now)),
      ...retentions.map((one) => oldestKept('ci_pipelines', one, now)),
    ),
  };
  return partitions.filter(({ table, to }) => to <= oldest[table]);
}
