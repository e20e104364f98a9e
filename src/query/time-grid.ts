/** Maximum number of instants in a grid, for any requested interval. */
const MAX_POINTS = 1500;

/** Maximum number of series per query. */
export const MAX_SERIES = 500;

/** Instants at which a query has values. Times are in epoch ms, durations in ms. */
export interface TimeGrid {
  /** First instant: start of the interval that contains the start of the requested range. */
  from: number;
  step: number;
  /** Multiples of `step` from `from` inclusive to the end of the range exclusive. */
  times: readonly number[];
}

/**
 * Returns the grid for a time range with exclusive `to`. Uses the requested interval, or a longer one if it would give more
 * than {@link MAX_POINTS} instants. Without a requested interval, uses the shortest usual one with few enough points to
 * draw, but at least a minute, because most metrics are not measured more often.
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
      ? Math.max(MINUTE, stepFor(from, to, DEFAULT_POINTS))
      : requestedOrLonger(from, to, interval);
  const first = startOf(from, step);
  const times = Array.from({ length: pointsOf(from, to, step) }, (_, index) => first + index * step);
  return { from: first, step, times };
}

const DEFAULT_POINTS = 300;

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

function requestedOrLonger(from: number, to: number, interval: number): number {
  return pointsOf(from, to, interval) <= MAX_POINTS ? interval : stepFor(from, to, MAX_POINTS);
}

/** Returns the shortest usual step that gives at most `points` points. Steps beyond the list are doubled. */
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

/** Returns the start of the interval that contains a time. Uses the remainder, because a quotient would be rounded. */
function startOf(time: number, step: number): number {
  const into = time % step;
  return time - (into < 0 ? into + step : into);
}
