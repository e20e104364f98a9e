import type { PartitionedTable } from './retention.ts';

const DAY = 24 * 60 * 60_000;
/** The epoch was a Thursday. */
const FIRST_MONDAY = 4 * DAY;

/** Returns the UTC month (points) or week (events) of the partition for a time. `to` is exclusive; all times are epoch ms. */
export function periodOf(table: PartitionedTable, time: number): { from: number; to: number } {
  if (table === 'event') {
    const from = Math.floor((time - FIRST_MONDAY) / (7 * DAY)) * 7 * DAY + FIRST_MONDAY;
    return { from, to: from + 7 * DAY };
  }
  const day = new Date(time);
  const monthStart = (later: number) => Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + later);
  return { from: monthStart(0), to: monthStart(1) };
}
