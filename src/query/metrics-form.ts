import { tryParse } from './errors.ts';
import type { Expression, Parameter } from './expression.ts';
import type { FunctionName } from './functions.ts';
import { type MetricSelector, parseMetricsQuery, printMetricsQuery } from './metrics-query.ts';

/** Metrics query in the parts that a form edits: one metric, and functions around it. */
export interface MetricsForm extends Omit<MetricSelector, 'scope'> {
  /** Empty until one is chosen. */
  metric: string;
  /** Tag filter without braces, as it was written. */
  scope: string;
  /** Functions around the metric, from the inside out. */
  functions: readonly AppliedFunction[];
}

/** Function with its parameters after the expression. */
export interface AppliedFunction {
  name: FunctionName;
  parameters: readonly Parameter[];
}

/** @internal Exported for tests. */
export const EMPTY_METRICS_FORM: MetricsForm = {
  aggregator: 'avg',
  metric: '',
  scope: '*',
  by: [],
  functions: [],
};

/**
 * Returns the form for the text of a metrics query. Undefined if a form cannot show it: the syntax is wrong, or it is
 * arithmetic.
 */
export function readMetricsForm(text: string): MetricsForm | undefined {
  if (text.trim() === '') return EMPTY_METRICS_FORM;
  const complete = text.replace(WITHOUT_METRIC, ':x{');
  const { parsed } = tryParse(parseMetricsQuery, complete);
  const unwrapped = parsed && unwrap(parsed);
  if (unwrapped === undefined) return undefined;
  const { leaf, functions } = unwrapped;
  const metric = WITHOUT_METRIC.test(text) ? '' : leaf.metric;
  return { ...leaf, metric, scope: SCOPE_IN_BRACES.exec(text)?.[1]?.trim() ?? '*', functions };
}

/** Returns the text of a metrics query. It has a syntax error if the form has no metric or an invalid scope. */
export function writeMetricsForm({ scope, functions, ...selector }: MetricsForm): string {
  const leaf: Expression<MetricSelector> = { kind: 'leaf', leaf: { ...selector, scope: { kind: 'all' } } };
  const text = printMetricsQuery(
    functions.reduce<Expression<MetricSelector>>((of, call) => ({ kind: 'call', of, ...call }), leaf),
  );
  return text.replace('{*}', () => `{${scope}}`);
}

/** `avg:{env:prod}`, as written from a form without a metric. */
const WITHOUT_METRIC = /:\s*\{/;
const SCOPE_IN_BRACES = /\{((?:[^\\}]|\\[\s\S])*)\}/;

/** Separates the functions from the metric. Returns undefined for arithmetic. */
function unwrap(
  expression: Expression<MetricSelector>,
): { leaf: MetricSelector; functions: readonly AppliedFunction[] } | undefined {
  if (expression.kind === 'leaf') return { leaf: expression.leaf, functions: [] };
  if (expression.kind !== 'call') return undefined;
  const { name, parameters } = expression;
  const inner = unwrap(expression.of);
  return inner && { ...inner, functions: [...inner.functions, { name, parameters }] };
}
