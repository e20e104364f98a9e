import styles from './usage-meter.module.css';

/** How much of a small allowance is used, drawn. Decoration: the words stand beside it. */
export function UsageMeter({ used, max }: { used: number; max: number }) {
  return (
    <span className={styles.meter} data-full={used >= max || undefined} aria-hidden="true">
      <span className={styles.used} style={{ width: `${Math.min(100, (used / Math.max(max, 1)) * 100)}%` }} />
    </span>
  );
}
