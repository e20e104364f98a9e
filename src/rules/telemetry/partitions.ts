import type { PartitionedTable } from './retention.ts';

const DAY = 24 * 60 * 60_000;
/** The epoch was a Thursday. */
const FIRST_MONDAY = 4 * DAY;

/** The month (of points) or the week (of events) in UTC in whose partition a time lies. All are in milliseconds since the epoch. */
export function periodOf(table: PartitionedTable, time: number): { from: number; to: number } {
  if (table === 'event') {
    const from = Math.floor((time - FIRST_MONDAY) / (7 * DAY)) * 7 * DAY + FIRST_MONDAY;
    return { from, to: from + 7 * DAY };
  }
  const day = new Date(time);
  const monthStart = (later: number) => Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + later);
  return { from: monthStart(0), to: monthStart(1) };
}
