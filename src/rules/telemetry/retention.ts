import type { ConnectionType } from '../../contract/org-connections/constants.ts';
import { DomainError } from '../errors.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** How long an account keeps what, in days. */
export interface Retention {
  metrics: number;
  logs: number;
  ci: number;
}

const KEPT_AS: Record<ConnectionType, keyof Retention> = {
  metrics: 'metrics',
  logs: 'logs',
  ci_pipelines: 'ci',
  ci_tests: 'ci',
  audit: 'logs',
};

/** For how many days an account keeps what a data source has. */
export function retentionDays(source: ConnectionType, retention: Retention): number {
  return retention[KEPT_AS[source]];
}

/** From which moment on (in milliseconds since the epoch) an account has what a data source has. */
export function oldestKept(source: ConnectionType, retention: Retention, now: number): number {
  return now - retentionDays(source, retention) * DAY;
}

/** The times that may come in, in milliseconds since the epoch. */
export interface Window {
  days: number;
  from: number;
  to: number;
  now: number;
}

/** What comes in is not older than what is kept, and no more ahead than clocks are. */
export function intakeWindow(source: ConnectionType, retention: Retention, now: number): Window {
  return {
    days: retentionDays(source, retention),
    from: oldestKept(source, retention, now),
    to: now + 10 * MINUTE,
    now,
  };
}

/** Throws `invalid` unless a time lies within. `field` is what has it. */
export function requireWithin({ days, from, to }: Window, time: number, field: string): void {
  if (time >= from && time <= to) return;
  throw new DomainError(
    'invalid',
    time > to
      ? `${field}: must not be more than 10 minutes ahead`
      : `${field}: must be within the retention of ${days} days`,
  );
}

/** An account's organizations, and how long it keeps their telemetry. */
export interface AccountRetention {
  orgIds: readonly string[];
  retention: Retention;
}

/** A table whose rows lie in partitions by time. */
export type PartitionedTable = 'metric_point' | 'event';

/** A part of a table: its rows are of times from `from` until before `to`, in milliseconds since the epoch. */
export interface Partition {
  table: PartitionedTable;
  name: string;
  from: number;
  to: number;
}

/** The partitions in which no account has anything any more. */
export function outlived(
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
