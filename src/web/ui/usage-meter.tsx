import styles from './usage-meter.module.css';

/** A bar that shows how much of a limit is used. Decoration: the text beside it has the numbers. */
export function UsageMeter({ used, max }: { used: number; max: number }) {
  return (
    <span className={styles.meter} data-full={used >= max || undefined} aria-hidden="true">
      <span className={styles.used} style={{ width: `${Math.min(100, (used / Math.max(max, 1)) * 100)}%` }} />
    </span>
  );
}
