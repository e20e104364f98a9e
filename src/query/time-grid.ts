/** How many instants a grid has at most, whatever interval is asked for. */
export const MAX_POINTS = 1500;

/** How many series a query gives at most. */
export const MAX_SERIES = 500;

/** Instants at which a query has values; all times are in milliseconds since the epoch. */
export interface TimeGrid {
  /** The first instant: the start of the interval that holds the start of what was asked for. */
  from: number;
  step: number;
  /** The multiples of `step` from `from` on, before `to`. */
  times: readonly number[];
}

/**
 * The grid for a time range, of which `to` is exclusive. An interval that is asked for is kept, unless it gave more than
 * {@link MAX_POINTS}; without one it is the shortest usual one that gives few enough points to draw, but no shorter than
 * most things are measured: else most intervals had no point.
 */
export function gridFor({
  from,
  to,
  interval,
}: {
  from: number;
  to: number;
  interval?: number | undefined;
}): TimeGrid {
  const step =
    interval === undefined
      ? Math.max(MINUTE, stepFor(from, to, DRAWN_POINTS))
      : keptOrLonger(from, to, interval);
  const first = startOf(from, step);
  const times = Array.from({ length: pointsOf(from, to, step) }, (_, index) => first + index * step);
  return { from: first, step, times };
}

const DRAWN_POINTS = 300;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  ...[1, 2, 5, 10, 15, 20, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 20, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 4, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 30, 90, 365].map((count) => count * DAY),
];

function keptOrLonger(from: number, to: number, interval: number): number {
  return pointsOf(from, to, interval) <= MAX_POINTS ? interval : stepFor(from, to, MAX_POINTS);
}

/** The shortest of the usual steps that gives at most so many points; beyond the list they double. */
function stepFor(from: number, to: number, points: number): number {
  const usual = STEPS.find((step) => pointsOf(from, to, step) <= points);
  if (usual !== undefined) return usual;
  let step = 2 * 365 * DAY;
  while (pointsOf(from, to, step) > points) step *= 2;
  return step;
}

function pointsOf(from: number, to: number, step: number): number {
  return (startOf(to - 1, step) - startOf(from, step)) / step + 1;
}

/** The start of the interval that holds a time. A remainder is exact where a quotient would be rounded. */
function startOf(time: number, step: number): number {
  const into = time % step;
  return time - (into < 0 ? into + step : into);
}
