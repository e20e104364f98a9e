import type { SeriesLook } from './chart-series.ts';
import styles from './series-mark.module.css';

/** Sample of a series' line, with its color and dash. */
export function SeriesMark({ look: { color, dash } }: { look: SeriesLook }) {
  return (
    <svg className={styles.mark} viewBox="0 0 20 8" width="20" height="8" aria-hidden="true">
      <line
        x1="0"
        y1="4"
        x2="20"
        y2="4"
        strokeWidth="3"
        strokeDasharray={dash.join(' ') || undefined}
        stroke={`var(--series-${color})`}
      />
    </svg>
  );
}
