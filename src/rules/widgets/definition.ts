import { isObject } from '../json.ts';

/*
 * A widget's definition in Datadog's JSON is the whole state of the widget. Forms read parts of it and write them back, so
 * that members which no form knows are kept to the letter.
 */

/** JSON object whose members are not known. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Kinds of widgets that this product draws, by Datadog's names. */
export const WIDGET_KINDS = ['timeseries', 'query_value', 'toplist', 'query_table'] as const;
export type WidgetKind = (typeof WIDGET_KINDS)[number];

/** Displays of a timeseries. Areas and bars are stacked. */
export const DISPLAYS = ['line', 'area', 'bars'] as const;
export type Display = (typeof DISPLAYS)[number];

/** Maximum number of queries, and of formulas, as in the API. */
export const MAX_QUERIES = 20;

/** Returns the kind of a widget, or undefined for one that this product does not draw. */
export function kindOf(definition: JsonObject): WidgetKind | undefined {
  const { type, viz } = definition;
  return WIDGET_KINDS.find((kind) => kind === (type ?? viz));
}

/** Changes the kind of a widget. Its queries and formulas stay. */
export function withKind(definition: JsonObject, kind: WidgetKind): JsonObject {
  const { type, viz } = definition;
  const member = type === undefined && viz !== undefined ? 'viz' : 'type';
  return withRequest({ ...definition, [member]: kind }, (request) => ({
    ...request,
    response_format: isOverTime(kind) ? 'timeseries' : 'scalar',
    queries: isOverTime(kind) ? queriesIn(request) : queriesIn(request).map(withAggregator),
  }));
}

/** Returns whether a widget draws values over time, not one value per group. */
export function isOverTime(kind: WidgetKind | undefined): boolean {
  return kind === undefined || kind === 'timeseries';
}

/** Adds the aggregation over time that a metrics query needs to have one value. */
export function withAggregator(query: JsonObject): JsonObject {
  if (query.data_source !== 'metrics' || query.aggregator !== undefined) return query;
  const counts = /\.as_count\(\)/.test(textOf(query.query));
  return { ...query, aggregator: counts ? 'sum' : 'avg' };
}

export function displayOf(definition: JsonObject): Display {
  const { display_type, type } = firstRequest(definition);
  return DISPLAYS.find((display) => display === (display_type ?? type)) ?? 'line';
}

export function withDisplay(definition: JsonObject, display: Display): JsonObject {
  return withRequest(definition, (request) =>
    request.display_type === undefined && request.type !== undefined
      ? { ...request, type: display }
      : { ...request, display_type: display },
  );
}

/** Returns the queries of a widget's first request, which the form edits. */
export function queriesOf(definition: JsonObject): readonly JsonObject[] {
  return queriesIn(firstRequest(definition));
}

/** Returns the formulas of a widget. Empty: each query is drawn as it is. */
export function formulasOf(definition: JsonObject): readonly JsonObject[] {
  const { formulas } = firstRequest(definition);
  return Array.isArray(formulas) ? formulas.filter(isObject) : [];
}

export function withQueries(definition: JsonObject, queries: readonly JsonObject[]): JsonObject {
  return withRequest(definition, (request) => ({ ...request, queries }));
}

/** Replaces the formulas. An empty list removes them, so that each query is drawn as it is. */
export function withFormulas(definition: JsonObject, formulas: readonly JsonObject[]): JsonObject {
  return withRequest(definition, (request) => {
    if (formulas.length > 0) return { ...request, formulas };
    const { formulas: _removed, ...rest } = request;
    return rest;
  });
}

/** Returns the name of a query in formulas. A query without a name is named by its position, as in the API. */
export function nameOf(query: JsonObject, index: number): string {
  return textOf(query.name) || `query${index + 1}`;
}

/** Returns the next free name for a query: a, b, ... z, then query27. */
export function nextName(queries: readonly JsonObject[]): string {
  const taken = new Set(queries.map(nameOf));
  const free = 'abcdefghijklmnopqrstuvwxyz'.split('').find((letter) => !taken.has(letter));
  if (free !== undefined) return free;
  for (let number = queries.length + 1; ; number += 1)
    if (!taken.has(`query${number}`)) return `query${number}`;
}

/** Returns a member as text, and anything else as empty text. */
export function textOf(member: unknown): string {
  return typeof member === 'string' ? member : '';
}

function queriesIn({ queries }: JsonObject): readonly JsonObject[] {
  return Array.isArray(queries) ? queries.filter(isObject) : [];
}

function firstRequest({ requests }: JsonObject): JsonObject {
  const [first]: unknown[] = Array.isArray(requests) ? requests : [];
  return isObject(first) ? first : {};
}

function withRequest(definition: JsonObject, change: (request: JsonObject) => JsonObject): JsonObject {
  const { requests } = definition;
  const others: unknown[] = Array.isArray(requests) ? requests.slice(1) : [];
  return { ...definition, requests: [change(firstRequest(definition)), ...others] };
}
