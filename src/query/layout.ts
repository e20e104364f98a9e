import type { Result, Series } from './result.ts';

/** Results over time, as they are sent: on one list of instants. */
export interface Timeseries {
  /** The instants at which some series has a point, ascending. */
  times: number[];
  rows: TimeseriesRow[];
}

interface TimeseriesRow {
  /** Which of the results the series is of, counted from 0. */
  resultIndex: number;
  /** `service:web` for each of the result's keys. */
  group: string[];
  /** One for each of the times. */
  values: (number | null)[];
}

/** Puts results, each over its own grid, on one list of instants. Series without any point are left out. */
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

/** Scalars as a table: a line for each group that any of the results has. */
export interface Table {
  /** The keys of all results, in the order in which they first occur. */
  keys: string[];
  rows: TableRow[];
}

interface TableRow {
  /** For each key a list of the one value, or an empty one if the group is of a result without that key. */
  group: string[][];
  /** One for each result; null: it has no such group, or nothing came of it. */
  values: (number | null)[];
}

/** Puts scalars side by side, each in a column; groups stand in the order in which they first occur. */
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
