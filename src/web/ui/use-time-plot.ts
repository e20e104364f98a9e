import { type RefObject, useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatAxisTime, formatCompact } from '../i18n/format.ts';
import { type ChartCursor, type ChartSeries, stacked } from './chart-series.ts';

export type ChartDisplay = 'line' | 'area' | 'bars';

interface TimePlotOptions {
  display: ChartDisplay;
  from: number;
  to: number;
  times: readonly number[];
  series: readonly ChartSeries[];
  emphasized?: string | undefined;
  syncKey: string;
  onCursor: (cursor: ChartCursor | undefined) => void;
  onSelectRange: (from: number, to: number) => void;
}

/**
 * Draws a chart with uPlot into an element, as large as the element. Returns the plot. It draws one set of series for life:
 * use {@link plotKey} as the key of the component.
 */
export function useTimePlot(host: RefObject<HTMLDivElement | null>, options: TimePlotOptions) {
  const plot = useRef<uPlot>(undefined);
  const latest = useRef(options);
  const { display, series, times, from, to, emphasized } = options;

  useEffect(() => {
    latest.current = options;
  });

  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const created = new uPlot(plotOptions(element, latest), undefined, element);
    plot.current = created;
    const observer = new ResizeObserver(() => created.setSize(sizeOf(element)));
    observer.observe(element);
    return () => {
      observer.disconnect();
      created.destroy();
      plot.current = undefined;
    };
  }, [host]);

  useEffect(() => {
    plot.current?.setData(dataOf(display, times, series));
  }, [display, times, series]);

  useEffect(() => {
    plot.current?.setScale('x', { min: from, max: to });
  }, [from, to]);

  useEffect(() => {
    const index = drawOrder(display, series).findIndex(({ id }) => id === emphasized);
    plot.current?.setSeries(index < 0 ? null : index + 1, { focus: true });
  }, [display, series, emphasized]);

  return plot;
}

/** Returns what a plot cannot change: another value needs another plot. */
export function plotKey(display: ChartDisplay, series: readonly ChartSeries[], colorScheme: string): string {
  const looks = series.map(({ id, look }) => `${id} ${look.color} ${look.dash.join(',')}`);
  return [display, colorScheme, ...looks].join('\n');
}

/** Returns the series in the order in which they are drawn: of a stack, the highest total first, below the others. */
function drawOrder(display: ChartDisplay, series: readonly ChartSeries[]): readonly ChartSeries[] {
  return display === 'line' ? series : series.toReversed();
}

function dataOf(
  display: ChartDisplay,
  times: readonly number[],
  series: readonly ChartSeries[],
): uPlot.AlignedData {
  const values = display === 'line' ? series.map((one) => one.values) : stacked(series).toReversed();
  return [[...times], ...values.map((one) => [...one])];
}

function sizeOf({ clientWidth, clientHeight }: Element): { width: number; height: number } {
  return { width: clientWidth, height: clientHeight };
}

function plotOptions(element: HTMLElement, latest: RefObject<TimePlotOptions>): uPlot.Options {
  const { display, series, syncKey } = latest.current;
  const colors = getComputedStyle(element);
  const color = (name: string) => colors.getPropertyValue(name).trim();
  const axis = {
    stroke: color('--text-muted'),
    grid: { stroke: color('--line'), width: 1 },
    ticks: { show: false },
  };
  return {
    ...sizeOf(element),
    ms: 1,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    focus: { alpha: 0.25 },
    cursor: {
      drag: { x: true, y: false, setScale: false },
      sync: { key: syncKey },
      focus: { prox: -1 },
      points: { size: 6 },
    },
    scales: {
      x: { time: true, range: () => [latest.current.from, latest.current.to] },
      // A chart of counts begins at 0; without any value, the axis would have no range.
      y: { range: (_, min, max) => yRange(min, max) },
    },
    axes: [
      { ...axis, values: (_, splits, __, ___, step) => splits.map((time) => formatAxisTime(time, step)) },
      { ...axis, size: 64, values: (_, splits) => splits.map((value) => formatCompact(value)) },
    ],
    series: [{}, ...drawOrder(display, series).map((one) => seriesOptions(one, display, color))],
    hooks: {
      setCursor: [({ cursor: { idx, left } }) => latest.current.onCursor(cursorAt(idx, left))],
      setSelect: [(plot) => selectRange(plot, latest.current.onSelectRange)],
    },
  };
}

function seriesOptions(
  { label, look }: ChartSeries,
  display: ChartDisplay,
  color: (name: string) => string,
): uPlot.Series {
  const stroke = color(`--series-${look.color}`);
  if (display === 'line') return { label, stroke, width: 2, dash: [...look.dash], points: { show: false } };
  const paths = display === 'bars' ? uPlot.paths.bars?.({ size: [0.8, 48] }) : undefined;
  return { label, stroke, fill: stroke, width: 1, points: { show: false }, ...(paths && { paths }) };
}

function yRange(min: number | null, max: number | null): uPlot.Range.MinMax {
  if (min === null || max === null || (min === 0 && max === 0)) return [0, 1];
  const pad = (Math.max(max, 0) - Math.min(min, 0)) * 0.05;
  return [min < 0 ? min - pad : 0, max > 0 ? max + pad : 0];
}

function cursorAt(index: number | null | undefined, left: number | undefined): ChartCursor | undefined {
  return typeof index === 'number' && left !== undefined && left >= 0 ? { index, left } : undefined;
}

/** Width from which a drag is a selection, in CSS pixels. */
const MIN_DRAG = 5;

function selectRange(plot: uPlot, onSelectRange: (from: number, to: number) => void) {
  const { left, width } = plot.select;
  if (width < MIN_DRAG) return;
  onSelectRange(Math.round(plot.posToVal(left, 'x')), Math.round(plot.posToVal(left + width, 'x')));
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}
