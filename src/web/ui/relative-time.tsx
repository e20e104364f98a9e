import { useSyncExternalStore } from 'react';
import { formatDistance, formatMoment } from './format.ts';
import styles from './relative-time.module.css';

/**
 * "3 days ago". The exact local time takes its place under the pointer and while the keyboard is in the same row; a
 * screen reader hears both, and a touch screen shows both.
 */
export function RelativeTime({ dateTime }: { dateTime: string }) {
  const now = useSyncExternalStore(everyMinute, currentMinute);
  const date = new Date(dateTime);
  return (
    <time dateTime={dateTime} className={styles.time}>
      <span className={styles.relative}>{formatDistance(date, new Date(Math.max(now, date.getTime())))}</span>
      <span className="visually-hidden">, </span>
      <span className={styles.exact}>{formatMoment(date)}</span>
    </time>
  );
}

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One timer for all times on the page. */
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

/** The same for a whole minute, because React asks for it at every rendering. */
function currentMinute() {
  return Math.floor(Date.now() / MINUTE) * MINUTE;
}
