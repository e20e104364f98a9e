import type { SeriesLook } from './chart-series.ts';
import { classNames } from './class-names.ts';
import styles from './series-mark.module.css';

/** Sample of a series' line, with its color and whether it is dashed. */
export function SeriesMark({ look: { color, dash } }: { look: SeriesLook }) {
  return (
    <span
      className={classNames(styles.mark, dash.length > 0 && styles.dashed)}
      style={{ borderTopColor: `var(--series-${color})` }}
      aria-hidden="true"
    />
  );
}
