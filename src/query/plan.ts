import type { EventsQuery, Query } from '../contract/queries/schema.ts';
import { QueryError } from './errors.ts';
import type { EventFilter } from './events-search.ts';
import { type Facet, parseFacet, printFacet } from './facet.ts';
import { type Expression, leavesOf } from './expression.ts';
import { parseFormula } from './formula.ts';
import { FUNCTIONS } from './functions.ts';
import { type MetricsQuery, parseMetricsQuery } from './metrics-query.ts';
import { parseText, shortened } from './errors.ts';
import { parseSearch } from './search-cost.ts';
import type { ScalarAggregator } from './summaries.ts';

/** Formula of a request, not parsed. */
export interface WantedFormula {
  formula: string;
  limit?: PlannedFormula['limit'];
}

/** Parsed and validated queries and formulas of a request. */
export interface Plan {
  formulas: readonly PlannedFormula[];
  queries: ReadonlyMap<string, PlannedQuery>;
}

interface PlannedFormula {
  /** Text of the formula in the request. */
  text: string;
  expression: Expression<string>;
  limit: { count: number; order: 'asc' | 'desc' } | undefined;
}

export type PlannedQuery = PlannedMetrics | PlannedEvents;

interface Planned {
  name: string;
  /** Source organization to query. Undefined: the caller's own. */
  sourceId: string | undefined;
}

export interface PlannedMetrics extends Planned {
  type: 'metrics';
  expression: MetricsQuery;
  /** Aggregation of series over time to scalars. Undefined: no aggregation. */
  aggregator: ScalarAggregator | undefined;
}

export interface PlannedEvents extends Planned {
  type: EventsQuery['data_source'];
  filter: EventFilter;
  compute: PlannedCompute;
  interval: number | undefined;
  groupings: readonly PlannedGrouping[];
}

export interface PlannedCompute {
  aggregation: EventsQuery['compute']['aggregation'];
  measure?: Facet;
}

export interface PlannedGrouping {
  /** Text of the facet in the request, which is the key of its groups in the result. */
  key: string;
  facet: Facet;
  limit: number;
  descending: boolean;
  /** Measure to rank groups by. Null: alphabetical order of their values. */
  by: PlannedCompute | null;
}

/**
 * Parses and validates the queries and formulas of a request. A query without a name is named by its position: `query1`.
 *
 * @param overTime whether the request asks for series; if it asks for scalars, functions over time are errors
 * @throws QueryError with the name of the query or formula, the position and the expected syntax
 */
export function planQueries(
  queries: readonly Query[],
  formulas: readonly WantedFormula[] | undefined,
  overTime: boolean,
): Plan {
  const planned = new Map<string, PlannedQuery>();
  queries.forEach((query, index) => {
    const name = query.name ?? `query${index + 1}`;
    if (planned.has(name)) throw new QueryError(`Two queries are called "${name}"`);
    planned.set(name, planQuery(name, query));
  });
  const wanted: readonly WantedFormula[] = formulas ?? [...planned.keys()].map((formula) => ({ formula }));
  const plan = {
    queries: planned,
    formulas: wanted.map(({ formula, limit }) => ({
      text: formula,
      expression: planFormula(formula, planned, overTime),
      limit,
    })),
  };
  const reads = countReads(plan);
  if (reads > MAX_READS) {
    throw new QueryError(
      `The queries read ${reads} metrics or sets of events, each as often as it is moved in time, and at most ${MAX_READS} are possible`,
    );
  }
  return plan;
}

/** Maximum number of database reads per request, because each read may return as many points as a query. */
const MAX_READS = 100;

function countReads({ queries, formulas }: Plan): number {
  const wanted = formulas.flatMap(({ expression }) => leavesOf(expression));
  return [...queries.values()].reduce((count, query) => {
    const shifts = new Set(wanted.flatMap(({ leaf, shift }) => (leaf === query.name ? [shift] : [])));
    return count + shifts.size * (query.type === 'metrics' ? leavesOf(query.expression).length : 1);
  }, 0);
}

function planQuery(name: string, query: Query): PlannedQuery {
  const planned = { name, sourceId: query.cross_org_uuids?.[0] };
  if (query.data_source === 'metrics') {
    const expression = parseText(`Query "${name}"`, query.query, parseMetricsQuery);
    if (leavesOf(expression).length === 0) {
      throw new QueryError(`Query "${name}" names no metric`);
    }
    return {
      ...planned,
      type: 'metrics',
      expression,
      aggregator: 'aggregator' in query ? query.aggregator : undefined,
    };
  }
  const { compute, group_by, search, data_source } = query;
  const readFacet = (what: string, text: string) => parseText(`Query "${name}", ${what}`, text, parseFacet);
  const facets = group_by.map(({ facet }) => printFacet(readFacet('group_by.facet', facet)));
  const twice = facets.find((facet, index) => facets.indexOf(facet) < index);
  if (twice !== undefined) throw new QueryError(`Query "${name}", group_by.facet: "${twice}" occurs twice`);
  const planCompute = (
    what: string,
    { aggregation, metric }: { aggregation: PlannedCompute['aggregation']; metric?: string | undefined },
  ): PlannedCompute =>
    aggregation === 'count' || metric === undefined
      ? { aggregation }
      : {
          aggregation,
          measure:
            aggregation === 'cardinality' ? readFacet(what, metric) : measureOf(readFacet(what, metric)),
        };
  return {
    ...planned,
    type: data_source,
    filter: parseSearch(`Query "${name}", search`, search?.query ?? ''),
    compute: planCompute('compute.metric', compute),
    interval: compute.interval,
    groupings: group_by.map(({ facet, limit, sort }) => ({
      key: facet,
      facet: readFacet('group_by.facet', facet),
      limit,
      descending: sort?.order === undefined ? sort?.type !== 'alphabetical' : sort.order === 'desc',
      by: sort?.type === 'alphabetical' ? null : planCompute('group_by.sort.metric', sort ?? compute),
    })),
  };
}

/** Returns the facet of a measure, which is an attribute with or without `@`. */
function measureOf({ name }: Facet): Facet {
  return { kind: 'attribute', name };
}

function planFormula(
  text: string,
  queries: ReadonlyMap<string, PlannedQuery>,
  overTime: boolean,
): Expression<string> {
  const names: { name: string; position: number }[] = [];
  const expression = parseText(`Formula "${shortened(text)}"`, text, (formula) =>
    parseFormula(formula, (name, position) => names.push({ name, position })),
  );
  const unknown = names.find(({ name }) => !queries.has(name));
  if (unknown !== undefined) {
    throw new QueryError(
      `Formula "${shortened(text)}", position ${unknown.position}: there is no query called "${unknown.name}", only ${[...queries.keys()].join(', ')}`,
    );
  }
  if (names.length === 0) throw new QueryError(`Formula "${shortened(text)}" names no query`);
  const misplaced = overTime ? undefined : functionOverTime(expression);
  if (misplaced !== undefined) {
    throw new QueryError(
      `Formula "${shortened(text)}": ${misplaced} needs values over time, and a scalar has only one. Use /api/v2/query/timeseries`,
    );
  }
  return expression;
}

function functionOverTime<Leaf>(expression: Expression<Leaf>): string | undefined {
  if (expression.kind === 'leaf' || expression.kind === 'number') return undefined;
  if (expression.kind === 'binary') {
    return functionOverTime(expression.left) ?? functionOverTime(expression.right);
  }
  if (expression.kind === 'call' && FUNCTIONS[expression.name].needsTime) return expression.name;
  return functionOverTime(expression.of);
}
