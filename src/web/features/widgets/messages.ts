import type { Aggregator } from '../../../query/metrics-query.ts';
import type { EventsAggregation } from '../../../contract/queries/schema.ts';
import type { Display, WidgetKind } from '../../../rules/widgets/definition.ts';
import { formatList, formatNumber, plural } from '../../i18n/format.ts';

const english = {
  // Editor
  queries: 'Queries',
  query: (name: string) => `Query ${name}`,
  addQuery: 'Add Query',
  removeQuery: (name: string) => `Remove query ${name}`,
  duplicateQuery: (name: string) => `Duplicate query ${name}`,
  dataType: 'Data type',
  organization: 'Organization',
  searchOrganizations: 'Search organizations',
  noOrganization: 'No organization matches.',
  unknownOrganization: (id: string) => `Unknown organization (${id})`,
  notConnected: 'No connection from this organization exists. Choose another organization.',
  metric: 'Metric',
  metricPlaceholder: 'Choose a metric',
  scope: 'From',
  scopePlaceholder: 'env:prod, service:web',
  aggregation: 'Aggregation',
  groupBy: 'Group by',
  groupByPlaceholder: 'Everything together',
  groupLimit: (facet: string) => `Maximum number of groups of ${facet}`,
  facet: 'Facet',
  facetPlaceholder: 'service',
  addGroup: 'Add facet',
  removeGroup: (facet: string) => `Remove group by ${facet}`,
  as: 'As',
  asIs: 'As it is',
  asCount: 'Count',
  asRate: 'Rate per second',
  rollup: 'Rollup (s)',
  rollupMethod: 'Rollup method',
  automatic: 'Automatic',
  functions: 'Functions',
  addFunction: 'Add function',
  removeFunction: (name: string) => `Remove function ${name}`,
  parameterOf: (name: string, parameter: string) => `${parameter} of ${name}`,
  search: 'Search',
  searchPlaceholder: 'status:error @http.status_code:>=500',
  measure: 'Measure',
  measurePlaceholder: '@duration',
  queryText: 'Query text',
  editAsText: (name: string) => `Edit query ${name} as text`,
  editAsForm: (name: string) => `Edit query ${name} as a form`,
  onlyText: 'This query can only be edited as text.',
  otherSource: (source: string) =>
    `The form can’t edit queries of ${source}, and they aren’t run. Edit them in the JSON tab.`,
  otherRequests: (count: number) =>
    plural(count, {
      one: (n) => `This widget has ${n} more request. It is kept, but not drawn. Edit it in the JSON tab.`,
      other: (n) =>
        `This widget has ${n} more requests. They are kept, but not drawn. Edit them in the JSON tab.`,
    }),

  formulas: 'Formulas',
  formula: (index: number) => `Formula ${index + 1}`,
  formulaText: 'Formula',
  alias: 'Alias',
  aliasPlaceholder: 'Shown instead of the formula',
  addFormula: 'Add Formula',
  removeFormula: (index: number) => `Remove formula ${index + 1}`,
  limit: 'Limit',
  noLimit: 'All',
  order: 'Order',
  highest: 'Highest',
  lowest: 'Lowest',

  // Tabs
  editorTabs: 'Editor',
  form: 'Form',
  json: 'JSON',
  apiRequest: 'API request',
  jsonTooLong: 'The definition is longer than 200,000 characters.',
  jsonNotObject: 'A widget’s definition is an object.',
  jsonWithoutRequests: 'A widget’s definition needs a list of requests.',
  jsonWithoutQueries: 'A widget’s request needs a list of queries, and its formulas must be a list.',
  notJson: (reason: string) => `This is not JSON. ${reason}`,
  noRequest: 'There is nothing to request yet.',

  // Toolbar
  kind: 'Visualization',
  display: 'Display',
  undo: 'Undo',
  redo: 'Redo',
  timeRange: 'Time range',
  lastSpan: (span: string) => `Last ${span}`,
  customRange: 'Custom range',
  ownTime: 'This widget has its own time range in its JSON, which applies here.',
  pause: 'Pause',
  resume: 'Resume',
  begin: 'Beginning',
  end: 'End',
  notARange: 'The end must be after the beginning.',

  // Views
  ofOrganization: (name: string, organizations: string) =>
    organizations === '' ? name : `${name} (${organizations})`,
  seriesTable: 'Series',
  searchSeries: 'Search series',
  showAllSeries: (count: number) => `Show all ${formatNumber(count)} series`,
  toplistTable: 'Top list',
  valuesTable: 'Values',
  everything: 'Everything',
  noValue: '–',
  columns: {
    series: 'Series',
    group: 'Group',
    organization: 'Organization',
    average: 'Average',
    minimum: 'Minimum',
    maximum: 'Maximum',
    last: 'Last',
    value: 'Value',
    share: 'Compared',
  },

  // Mistakes
  notAMetric: 'A metric has letters, digits, underscores and dots.',
  notKeys: 'Enter up to 20 tag keys, separated by commas.',
  notSeconds: 'Enter a number of seconds.',
  notALimit: 'Enter a number from 1 to 500.',
  measureNeeded: 'Enter the attribute to aggregate.',
  notANumber: 'Enter a number that the function allows.',

  // Results
  noQuery: 'Choose a metric to begin.',
  noData: 'No data in this time range.',
  formulaFailed: (formula: string, reason: string) => `${formula}: ${reason}`,
  failed: 'The queries could not be run.',
  retry: 'Retry',
  running: 'Queries are running',
  runningFor: (seconds: string) => `Queries have been running for ${seconds} s.`,
  stop: 'Stop',
  stopped: 'The queries were stopped.',
  runAgain: 'Run Again',
  chart: (series: readonly string[]) => (series.length === 0 ? 'Chart' : `Chart of ${formatList(series)}`),
  chartHint: 'Use the arrow keys to read values. Drag to choose a time range.',
  at: (time: string, values: readonly string[]) => `${time}: ${values.join(', ') || 'no values'}`,
  more: (count: number) => plural(count, { one: (n) => `and ${n} more`, other: (n) => `and ${n} more` }),
};

export const AGGREGATOR_LABELS: Record<Aggregator, string> = {
  avg: 'Average',
  sum: 'Sum',
  min: 'Minimum',
  max: 'Maximum',
  count: 'Number of points',
};

export const AGGREGATION_LABELS: Record<EventsAggregation, string> = {
  count: 'Count',
  cardinality: 'Unique values',
  sum: 'Sum',
  avg: 'Average',
  min: 'Minimum',
  max: 'Maximum',
  median: 'Median',
  pc75: '75th percentile',
  pc90: '90th percentile',
  pc95: '95th percentile',
  pc98: '98th percentile',
  pc99: '99th percentile',
};

export const KIND_LABELS: Record<WidgetKind, string> = {
  timeseries: 'Timeseries',
  query_value: 'Query value',
  toplist: 'Top list',
  query_table: 'Table',
};

export const DISPLAY_LABELS: Record<Display, string> = { line: 'Lines', area: 'Areas', bars: 'Bars' };

export type WidgetMessages = typeof english;

export const messages: WidgetMessages = english;
