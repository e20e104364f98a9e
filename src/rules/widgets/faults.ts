import { tryParse } from '../../query/errors.ts';
import { leavesOf } from '../../query/expression.ts';
import { parseFacet } from '../../query/facet.ts';
import { parseFormula } from '../../query/formula.ts';
import { parseMetricsQuery } from '../../query/metrics-query.ts';
import { tryParseSearch } from '../../query/search-cost.ts';
import { isObject } from '../json.ts';
import { type JsonObject, textOf } from './definition.ts';

/** Mistake in the text of a query. `part` names the member of the definition. */
export interface QueryFault {
  part: 'query' | 'search' | 'metric' | 'group_by';
  /** Index of the group by. */
  index?: number;
  /** What is wrong, with the position: `position 7: expected a closing brace, found the end`. */
  fault: string;
}

/** Returns what is missing or wrong in a query's texts. The server checks the rest. */
export function faultsOf(query: JsonObject): readonly QueryFault[] {
  if (query.data_source === 'metrics') {
    const { fault } = tryParse(parseMetricsQuery, textOf(query.query));
    return fault === undefined ? [] : [{ part: 'query', fault }];
  }
  const { search, compute, group_by } = query;
  const searched = isObject(search) ? textOf(search.query) : '';
  const measure = isObject(compute) && compute.aggregation !== 'count' ? compute.metric : undefined;
  const facets: unknown[] = Array.isArray(group_by) ? group_by : [];
  const faults = [
    { part: 'search' as const, fault: tryParseSearch(searched).fault },
    { part: 'metric' as const, fault: measure === undefined ? undefined : faultOfFacet(measure) },
    ...facets.map((group, index) => ({
      part: 'group_by' as const,
      index,
      fault: isObject(group) ? faultOfFacet(group.facet) : undefined,
    })),
  ];
  return faults.flatMap(({ fault, ...where }) => (fault === undefined ? [] : [{ ...where, fault }]));
}

/** Returns the mistake in a formula, or undefined. */
export function faultOfFormula(text: string, queryNames: readonly string[]): string | undefined {
  const unknown: { name: string; position: number }[] = [];
  const { parsed, fault } = tryParse(
    (formula) =>
      parseFormula(formula, (name, position) => {
        if (!queryNames.includes(name)) unknown.push({ name, position });
      }),
    text,
  );
  if (parsed === undefined) return fault;
  const [first] = unknown;
  if (first !== undefined) {
    return `position ${first.position}: there is no query called "${first.name}", only ${queryNames.join(', ')}`;
  }
  return leavesOf(parsed).length === 0 ? 'names no query' : undefined;
}

function faultOfFacet(text: unknown): string | undefined {
  return tryParse(parseFacet, textOf(text)).fault;
}
