import { QueryError } from './errors.ts';
import type { Result, Series, Values } from './result.ts';
import { sizeOf, STEP_SIZE, type Work } from './work.ts';

/** Results over time on one list of instants, for the response. */
export interface Timeseries {
  /** Instants with a point in at least one series, ascending (epoch ms). */
  times: number[];
  rows: TimeseriesRow[];
}

interface TimeseriesRow {
  /** Index of the series' result. */
  resultIndex: number;
  /** Key and value for each of the result's keys: `service:web`. */
  group: string[];
  /** Value for each instant. Null: no point. */
  values: (number | null)[];
}

/**
 * Merges results with different time grids onto one list of instants. Omits series without points.
 *
 * @throws QueryError if the series have more than `maximum` points together, present or not
 */
export function* compact(results: readonly Result[], maximum = Infinity): Work<Timeseries> {
  const used = new Set<number>();
  const kept: { resultIndex: number; result: Result; series: Series }[] = [];
  for (const [resultIndex, result] of results.entries()) {
    const isUsed = result.times.map(() => false);
    for (const series of result.series) {
      yield sizeOf(series.values);
      if (markPoints(series.values, isUsed)) kept.push({ resultIndex, result, series });
    }
    for (const [index, time] of result.times.entries()) if (isUsed[index]) used.add(time);
  }
  if (kept.length * used.size > maximum) {
    throw new QueryError(
      `The answer has ${kept.length} series with ${used.size} points, and at most ${maximum} points in total are possible: group by less, or ask for longer intervals`,
    );
  }
  const times = [...used].toSorted((one, other) => one - other);
  const places = new Map<Result, readonly number[]>();
  const rows: TimeseriesRow[] = [];
  for (const { resultIndex, result, series } of kept) {
    yield sizeOf(times);
    const placed = places.get(result) ?? placesIn(result.times, times);
    places.set(result, placed);
    rows.push({
      resultIndex,
      group: result.keys.map((key, index) => `${key}:${series.group[index]}`),
      values: placed.map((index) => series.values[index] ?? null),
    });
  }
  return { times, rows };
}

/** Marks the instants at which a series has a point. Returns whether it has any. */
function markPoints(values: Values, isUsed: boolean[]): boolean {
  let hasPoints = false;
  for (const [index, value] of values.entries()) {
    if (value === null || index >= isUsed.length) continue;
    isUsed[index] = true;
    hasPoints = true;
  }
  return hasPoints;
}

/** Returns, for each instant, its index in another list; -1 if it is not there. */
function placesIn(own: readonly number[], times: readonly number[]): readonly number[] {
  const indexes = new Map(own.map((time, index) => [time, index]));
  return times.map((time) => indexes.get(time) ?? -1);
}

/** Scalars as a table, with a row for each group of any result. */
export interface Table {
  /** Keys of all results, in order of first occurrence. */
  keys: string[];
  rows: TableRow[];
}

interface TableRow {
  /** For each key, a list with its value; an empty list if the row's result does not have the key. */
  group: string[][];
  /** Value for each result. Null: the result does not have the group, or its value is undefined. */
  values: (number | null)[];
}

/** Merges scalars into a table, one column per result, with groups in order of first occurrence. */
export function* tabulate(results: readonly Result[]): Work<Table> {
  const keys = [...new Set(results.flatMap((result) => result.keys))];
  const rows = new Map<string, TableRow>();
  for (const [column, result] of results.entries()) {
    for (const series of result.series) {
      yield STEP_SIZE;
      const group = keys.map((key) => valuesOf(key, result, series));
      const text = JSON.stringify(group);
      const row = rows.get(text) ?? { group, values: results.map(() => null) };
      row.values[column] = series.values[0] ?? null;
      rows.set(text, row);
    }
  }
  return { keys, rows: [...rows.values()] };
}

function valuesOf(key: string, { keys }: Result, { group }: Series): string[] {
  return group.filter((_, index) => keys[index] === key);
}
