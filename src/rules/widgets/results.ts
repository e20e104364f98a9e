import type { ScalarQueryResponse, TimeseriesQueryResponse } from '../../contract/queries/schema.ts';
import type { WidgetRequest } from './requests.ts';

/** Series of a timeseries widget over common times (epoch ms). */
export interface TimeseriesResult {
  times: readonly number[];
  series: readonly Series[];
}

export interface Series {
  /** Index of the formula. */
  formula: number;
  /** Tags of the group: `service:web`. Empty for a series without groups. */
  tags: readonly string[];
  /** Value for each time. Null: no point. */
  values: readonly (number | null)[];
}

/** Value of a formula for a group. */
export interface ScalarValue {
  formula: number;
  tags: readonly string[];
  value: number | null;
}

type TimeseriesAnswer = TimeseriesQueryResponse['data']['attributes'];
type ScalarAnswer = ScalarQueryResponse['data']['attributes'];

/** Answer to one of a widget's requests. */
export interface Answered<Answer> {
  request: Pick<WidgetRequest, 'formulas'>;
  answer: Answer;
}

/** Combines the answers to a widget's requests over the union of their times. */
export function timeseriesOf(answers: readonly Answered<TimeseriesAnswer>[]): TimeseriesResult {
  const times = [...new Set(answers.flatMap(({ answer }) => answer.times))].toSorted((a, b) => a - b);
  const series = answers.flatMap(({ request, answer }) => {
    const places = new Map(answer.times.map((time, index) => [time, index]));
    return answer.series.map(({ group_tags, query_index }, index): Series => ({
      formula: request.formulas[query_index] ?? query_index,
      tags: group_tags,
      values: times.map((time) => answer.values[index]?.[places.get(time) ?? -1] ?? null),
    }));
  });
  return { times, series: series.toSorted((one, other) => one.formula - other.formula) };
}

/** Returns the values of scalar answers. A group that one formula lacks has no value there. */
export function scalarsOf(answers: readonly Answered<ScalarAnswer>[]): readonly ScalarValue[] {
  return answers
    .flatMap(({ request, answer: { columns } }) => {
      const groups = columns.filter((column) => column.type === 'group');
      const numbers = columns.filter((column) => column.type === 'number');
      return numbers.flatMap(({ values }, column) =>
        values.map((value, row): ScalarValue => ({
          formula: request.formulas[column] ?? column,
          tags: groups.flatMap(({ name, values: keys }) => (keys[row] ?? []).map((key) => `${name}:${key}`)),
          value,
        })),
      );
    })
    .toSorted((one, other) => one.formula - other.formula);
}

/** Row of a table: the values of all formulas for one group. */
export interface TableRow {
  tags: readonly string[];
  values: readonly (number | null)[];
}

/** Joins the values of `formulas` formulas by group, in the order in which the groups occur. */
export function tableOf(values: readonly ScalarValue[], formulas: number): readonly TableRow[] {
  const rows = new Map<string, { tags: readonly string[]; values: (number | null)[] }>();
  for (const { formula, tags, value } of values) {
    const key = JSON.stringify(tags);
    const row = rows.get(key) ?? { tags, values: Array.from({ length: formulas }, () => null) };
    row.values[formula] = value;
    rows.set(key, row);
  }
  return [...rows.values()];
}
