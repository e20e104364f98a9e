import { isConnectionType } from '../../contract/org-connections/constants.ts';
import { tryParse } from '../../query/errors.ts';
import { leavesOf } from '../../query/expression.ts';
import { parseFormula } from '../../query/formula.ts';
import {
  formulasOf,
  isOverTime,
  type JsonObject,
  kindOf,
  nameOf,
  queriesOf,
  textOf,
  withAggregator,
} from './definition.ts';
import { faultsOf } from './faults.ts';

/** Time range of a request, in epoch ms, and the interval of its points in ms. */
export interface RequestRange {
  from: number;
  to: number;
  interval?: number | undefined;
}

/** Request to the query API for some formulas of a widget. */
export interface WidgetRequest {
  type: 'timeseries' | 'scalar';
  /** Indexes of the widget's formulas, in the order of the answer. */
  formulas: readonly number[];
  body: { data: { type: string; attributes: JsonObject } };
}

/** Formula that a widget draws, and the names of the queries that it uses. */
export interface DrawnFormula {
  definition: JsonObject;
  queries: readonly string[];
}

/** Returns the formulas of a widget: its own, or each of its queries. Undefined where it or one of its queries has a mistake. */
export function drawnFormulas(definition: JsonObject): readonly (DrawnFormula | undefined)[] {
  const queries = queriesOf(definition);
  const correct = new Set(
    queries.flatMap((query, index) => (isCorrect(query) ? [nameOf(query, index)] : [])),
  );
  const own = formulasOf(definition);
  const formulas = own.length > 0 ? own : queries.map((query, index) => ({ formula: nameOf(query, index) }));
  return formulas.map((formula) => {
    const { parsed } = tryParse(parseFormula, textOf(formula.formula));
    if (parsed === undefined) return undefined;
    const used = new Set(leavesOf(parsed).map(({ leaf }) => leaf));
    return used.size > 0 && used.isSubsetOf(correct)
      ? { definition: formula, queries: [...used] }
      : undefined;
  });
}

function isCorrect(query: JsonObject): boolean {
  return isConnectionType(textOf(query.data_source)) && faultsOf(query).length === 0;
}

/**
 * Returns the request for formulas of a widget, with the queries that they use. Undefined if there is nothing to draw.
 *
 * @param only indexes of formulas, by default all
 */
export function requestFor(
  definition: JsonObject,
  range: RequestRange,
  only?: readonly number[],
): WidgetRequest | undefined {
  const drawn = [...drawnFormulas(definition).entries()].flatMap(([index, formula]) =>
    formula === undefined || only?.includes(index) === false ? [] : [{ index, formula }],
  );
  if (drawn.length === 0) return undefined;
  const used = new Set(drawn.flatMap(({ formula }) => formula.queries));
  const type = isOverTime(kindOf(definition)) ? 'timeseries' : 'scalar';
  const queries = queriesOf(definition)
    .map((query, index) => ({ ...query, name: nameOf(query, index) }))
    .filter(({ name }) => used.has(name))
    .map((query) => (type === 'scalar' ? withAggregator(query) : query));
  const formulas = drawn.map(({ formula }) => requestedFormula(formula.definition));
  const { interval, ...times } = range;
  return {
    type,
    formulas: drawn.map(({ index }) => index),
    body: {
      data: {
        type: `${type}_request`,
        attributes: {
          ...times,
          ...(type === 'timeseries' && interval !== undefined && { interval }),
          formulas,
          queries,
        },
      },
    },
  };
}

function requestedFormula({ formula, limit }: JsonObject): JsonObject {
  return limit === undefined ? { formula } : { formula, limit };
}
