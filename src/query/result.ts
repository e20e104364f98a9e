/** Result of a query or formula: series over a time grid. Scalars are series with a single instant. */
export interface Result {
  /** Keys of the group by, as written in the query: `service`, `@http.status_code`. */
  keys: readonly string[];
  /** Starts of all intervals (epoch ms), ascending, including those without points. */
  times: readonly number[];
  /** Length of an interval, in milliseconds. */
  step: number;
  series: readonly Series[];
  /**
   * Value of a missing point or group when the other operand of an operator has it: 0 for counts and rates (as in Datadog),
   * null for measurements.
   */
  missing: number | null;
}

export interface Series {
  /** Values of the result's keys, in their order: `web`. */
  group: readonly string[];
  /** Value for each instant. Null: no point. */
  values: Values;
}

export type Values = readonly (number | null)[];

/** Returns a finite number, or null for NaN and infinities, which JSON cannot encode. */
export function finite(value: number | null): number | null {
  return Number.isFinite(value) ? value : null;
}
