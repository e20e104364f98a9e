import { classNames } from './class-names.ts';
import type { ChartCursor, ValueAt } from './chart-series.ts';
import { SeriesMark } from './series-mark.tsx';
import styles from './time-chart.module.css';

/** Maximum number of series in the tooltip. */
const MAX_VALUES = 10;

/** Distance from the cursor, in CSS pixels. */
const OFFSET = 12;
const WIDTH = '16rem';

interface ChartTooltipProps {
  cursor: ChartCursor;
  title: string;
  /** The highest first. */
  values: readonly ValueAt[];
  emphasized: string | undefined;
  formatValue: (value: number) => string;
  describeMore: (count: number) => string;
}

/** Values of all series at the cursor. Hidden from screen readers, for which the chart has a live region. */
export function ChartTooltip({
  cursor,
  title,
  values,
  emphasized,
  formatValue,
  describeMore,
}: ChartTooltipProps) {
  const shown = values.slice(0, MAX_VALUES);
  return (
    <div className={styles.tooltipTrack} aria-hidden="true">
      <div
        className={styles.tooltip}
        style={{ transform: `translateX(clamp(0px, ${cursor.left + OFFSET}px, 100cqi - ${WIDTH}))` }}
      >
        <p className={styles.tooltipTitle}>{title}</p>
        {shown.map(({ id, label, look, value }, place) => (
          // Places, not series: their order changes with each move, and moving elements takes longer than changing texts.
          // oxlint-disable-next-line react/no-array-index-key -- see above
          <p key={place} className={classNames(styles.tooltipValue, id === emphasized && styles.emphasized)}>
            <SeriesMark look={look} />
            <span className={styles.tooltipLabel}>{label}</span>
            <span className={styles.tooltipNumber}>{formatValue(value)}</span>
          </p>
        ))}
        {values.length > shown.length && (
          <p className={styles.tooltipMore}>{describeMore(values.length - shown.length)}</p>
        )}
      </div>
    </div>
  );
}
