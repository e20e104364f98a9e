import type { EventsAggregation } from '../../../contract/queries/schema.ts';
import { isObject } from '../../../rules/json.ts';
import { type JsonObject, textOf } from '../../../rules/widgets/definition.ts';
import { AGGREGATION_LABELS } from './messages.ts';

export const AGGREGATIONS = Object.keys(AGGREGATION_LABELS).filter(isAggregation);

function isAggregation(name: unknown): name is EventsAggregation {
  return typeof name === 'string' && Object.hasOwn(AGGREGATION_LABELS, name);
}

export function searchOf({ search }: JsonObject): string {
  return isObject(search) ? textOf(search.query) : '';
}

export function withSearch(query: JsonObject, text: string): JsonObject {
  return { ...query, search: { ...objectIn(query.search), query: text } };
}

/** Aggregation of the events of a query, and the attribute that it aggregates. */
export function computeOf({ compute }: JsonObject): { aggregation: EventsAggregation; measure: string } {
  const { aggregation, metric } = objectIn(compute);
  return { aggregation: isAggregation(aggregation) ? aggregation : 'count', measure: textOf(metric) };
}

export function withAggregation(query: JsonObject, aggregation: EventsAggregation): JsonObject {
  return { ...query, compute: { ...objectIn(query.compute), aggregation } };
}

export function withMeasure(query: JsonObject, metric: string): JsonObject {
  return { ...query, compute: { ...objectIn(query.compute), metric } };
}

export interface Grouping {
  facet: string;
  limit: number;
}

const DEFAULT_GROUP_LIMIT = 10;
export const MAX_GROUP_LIMIT = 500;
/** Maximum number of facets, as in the API. */
export const MAX_GROUPINGS = 4;

export function groupingsOf(query: JsonObject): readonly Grouping[] {
  return groupsIn(query).map(({ facet, limit }) => ({
    facet: textOf(facet),
    limit: typeof limit === 'number' ? limit : DEFAULT_GROUP_LIMIT,
  }));
}

export function withGrouping(query: JsonObject, index: number, changes: Partial<Grouping>): JsonObject {
  const groups = groupsIn(query);
  return { ...query, group_by: groups.with(index, { ...groups[index], ...changes }) };
}

export function withNewGrouping(query: JsonObject): JsonObject {
  return { ...query, group_by: [...groupsIn(query), { facet: '', limit: DEFAULT_GROUP_LIMIT }] };
}

export function withoutGrouping(query: JsonObject, index: number): JsonObject {
  return { ...query, group_by: groupsIn(query).toSpliced(index, 1) };
}

function groupsIn({ group_by }: JsonObject): readonly JsonObject[] {
  return Array.isArray(group_by) ? group_by.filter(isObject) : [];
}

function objectIn(member: unknown): JsonObject {
  return isObject(member) ? member : {};
}
