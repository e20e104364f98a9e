/** What a query or a formula gives: series over a grid of instants; a scalar is one over a single instant. */
export interface Result {
  /** By what the series are grouped, as written in the query: `service`, `@http.status_code`. */
  keys: readonly string[];
  /** The instants in milliseconds since the epoch, ascending, each the start of an interval. Also those without points. */
  times: readonly number[];
  /** How long an interval is, in milliseconds. */
  step: number;
  series: readonly Series[];
  /**
   * What stands for a point, or a group, that is missing here while the other side of an operator has it: 0 for what
   * counts (as in Datadog, where counts and rates align as 0), null for what measures.
   */
  missing: number | null;
}

export interface Series {
  /** The values of the result's keys, in their order: `web`. */
  group: readonly string[];
  /** A value for each instant; null: no point. */
  values: Values;
}

export type Values = readonly (number | null)[];

/** The number, unless it is none that JSON has: nothing comes of dividing by zero. */
export function finite(value: number | null): number | null {
  return Number.isFinite(value) ? value : null;
}
