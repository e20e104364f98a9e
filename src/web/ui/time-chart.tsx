import { type KeyboardEvent, type RefObject, useId, useRef, useState } from 'react';
import type uPlot from 'uplot';
import { ChartTooltip } from './chart-tooltip.tsx';
import type { ChartCursor, ChartSeries, ValueAt } from './chart-series.ts';
import styles from './time-chart.module.css';
import { useColorScheme } from './use-color-scheme.ts';
import { type ChartDisplay, plotKey, useTimePlot } from './use-time-plot.ts';

// No native slider contains a chart.
/* oxlint-disable jsx-a11y/prefer-tag-over-role */

interface TimeChartProps {
  /** Accessible name. */
  label: string;
  /** How to use the chart with the keyboard. */
  hint: string;
  display: ChartDisplay;
  /** Range of the time axis, in epoch ms. */
  from: number;
  to: number;
  /** Times of the values, in epoch ms. */
  times: readonly number[];
  series: readonly ChartSeries[];
  /** Id of the series that stands out. */
  emphasized?: string | undefined;
  /** Charts with the same key share their cursor. */
  syncKey: string;
  formatValue: (value: number) => string;
  formatTime: (time: number) => string;
  /** Sentence for screen readers at the cursor. */
  describe: (time: string, values: readonly { label: string; value: string }[]) => string;
  /** Sentence for further series in the tooltip. */
  describeMore: (count: number) => string;
  /** Called with a range that the user has dragged, in epoch ms. */
  onSelectRange: (from: number, to: number) => void;
}

/** Values over time, as lines, stacked areas or stacked bars. The arrow keys move the cursor. */
export function TimeChart(props: TimeChartProps) {
  const colorScheme = useColorScheme();
  return <Chart key={plotKey(props.display, props.series, colorScheme)} {...props} />;
}

function Chart(props: TimeChartProps) {
  const { label, hint, times, series, formatTime, formatValue } = props;
  const hintId = useId();
  const [cursor, setCursor] = useState<ChartCursor>();
  const host = useRef<HTMLDivElement>(null);
  const plot = useTimePlot(host, { ...props, onCursor: setCursor });
  const { spoken, onKeyDown, onBlur } = useChartKeys(plot, cursor, props);

  return (
    <div className={styles.chart}>
      {/* A slider over time, so that screen readers pass the arrow keys on. The live region reads the values. */}
      <div
        ref={host}
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-describedby={hintId}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, times.length - 1)}
        aria-valuenow={cursor?.index ?? 0}
        aria-valuetext={cursor && formatTime(times[cursor.index] ?? 0)}
        className={styles.plot}
        onKeyDown={onKeyDown}
        onBlur={onBlur}
      />
      <p id={hintId} className="visually-hidden">
        {hint}
      </p>
      <output className="visually-hidden">{spoken}</output>
      {cursor && (
        <ChartTooltip
          cursor={cursor}
          title={formatTime(times[cursor.index] ?? 0)}
          values={valuesAt(series, cursor.index)}
          emphasized={props.emphasized}
          formatValue={formatValue}
          describeMore={props.describeMore}
        />
      )}
    </div>
  );
}

/** Moves the cursor with the arrow keys, Home and End, and returns what a screen reader reads at it. */
function useChartKeys(
  plot: RefObject<uPlot | undefined>,
  cursor: ChartCursor | undefined,
  { times, series, formatTime, formatValue, describe }: TimeChartProps,
) {
  const [spoken, setSpoken] = useState('');

  function moveTo(index: number) {
    const time = times[index];
    if (plot.current === undefined || time === undefined) return;
    placeCursor(plot.current, time);
    const values = valuesAt(series, index).slice(0, SPOKEN);
    setSpoken(
      describe(
        formatTime(time),
        values.map(({ label, value }) => ({ label, value: formatValue(value) })),
      ),
    );
  }

  function hide() {
    if (plot.current) hideCursor(plot.current);
    setSpoken('');
  }

  function onKeyDown(event: KeyboardEvent) {
    const last = times.length - 1;
    const step = event.shiftKey ? 10 : 1;
    const target = {
      ArrowLeft: Math.max(0, (cursor?.index ?? last + 1) - step),
      ArrowRight: Math.min(last, (cursor?.index ?? -1) + step),
      Home: 0,
      End: last,
    }[event.key];
    if (target !== undefined) {
      event.preventDefault();
      moveTo(target);
    } else if (event.key === 'Escape' && cursor !== undefined) {
      event.stopPropagation();
      hide();
    }
  }

  return { spoken, onKeyDown, onBlur: hide };
}

/** Number of series that are read out at the cursor. */
const SPOKEN = 5;

/** Returns the values of all series at an index, the highest first. */
function valuesAt(series: readonly ChartSeries[], index: number): readonly ValueAt[] {
  return series
    .flatMap(({ id, label, look, values }) => {
      const value = values[index];
      return value === null || value === undefined ? [] : [{ id, label, look, value }];
    })
    .toSorted((one, other) => other.value - one.value);
}

function placeCursor(plot: uPlot, time: number) {
  plot.setCursor({ left: plot.valToPos(time, 'x'), top: plot.over.clientHeight / 2 });
}

function hideCursor(plot: uPlot) {
  plot.setCursor({ left: -10, top: -10 });
}
