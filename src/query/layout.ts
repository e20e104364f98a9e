import type { Result, Series } from './result.ts';

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

/** Merges results with different time grids onto one list of instants. Omits series without points. */
export function compact(results: readonly Result[]): Timeseries {
  const used = new Set<number>();
  for (const { times, series } of results) {
    for (const { values } of series) {
      for (const [index, value] of values.entries()) {
        const time = times[index];
        if (value !== null && time !== undefined) used.add(time);
      }
    }
  }
  const times = [...used].toSorted((one, other) => one - other);
  const rows = results.flatMap((result, resultIndex) => {
    const indexes = new Map(result.times.map((time, index) => [time, index]));
    const places = times.map((time) => indexes.get(time) ?? -1);
    return result.series.filter(hasPoints).map(({ group, values }) => ({
      resultIndex,
      group: result.keys.map((key, index) => `${key}:${group[index]}`),
      values: places.map((index) => values[index] ?? null),
    }));
  });
  return { times, rows };
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
export function tabulate(results: readonly Result[]): Table {
  const keys = [...new Set(results.flatMap((result) => result.keys))];
  const rows = new Map<string, TableRow>();
  for (const [column, result] of results.entries()) {
    for (const series of result.series) {
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

function hasPoints({ values }: Series): boolean {
  return values.some((value) => value !== null);
}
