import { useSyncExternalStore } from 'react';
import { formatDateTime, formatRelativeTime } from '../i18n/format.ts';
import { messages } from './messages.ts';
import styles from './relative-time.module.css';

/**
 * "3 days ago". On hover, and while focus is in the same row, the exact local time takes its place. Screen readers read
 * both, and touch screens show both.
 */
export function RelativeTime({ dateTime }: { dateTime: string }) {
  const now = useSyncExternalStore(everyMinute, currentMinute);
  const date = new Date(dateTime);
  const relative = formatRelativeTime(date, new Date(Math.max(now, date.getTime())));
  return (
    <time dateTime={dateTime} className={styles.time}>
      <span className={styles.relative}>{relative ?? messages.justNow}</span>
      <span className="visually-hidden">, </span>
      <span className={styles.exact}>{formatDateTime(date)}</span>
    </time>
  );
}

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** Calls the listener every minute. All times on the page share one timer. */
function everyMinute(listener: () => void) {
  listeners.add(listener);
  timer ??= setInterval(() => listeners.forEach((notify) => notify()), MINUTE);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

const MINUTE = 60_000;

/** Current time, rounded down: React needs the same value until the next notification. */
function currentMinute() {
  return Math.floor(Date.now() / MINUTE) * MINUTE;
}
