import { z } from 'zod';
import { storable, Uuid } from '../common/schema.ts';
import { EVENT_SOURCES } from '../org-connections/constants.ts';

/** Maximum number of queries, and of formulas, per request. Bounds the length of its transaction. */
const MAX_QUERIES = 20;
const MAX_GROUP_BYS = 4;
/** Maximum limit of groups per facet. Equals the maximum number of series per query. */
const MAX_GROUPS = 500;

/** Time in epoch ms, up to the year 9999. */
const moment = z.int('must be an integer: milliseconds since the epoch').min(0).max(253_402_300_799_999);

const interval = z
  .int('must be an integer: milliseconds')
  .min(1, 'must be positive')
  .max(366 * 24 * 60 * 60_000, 'must be at most a year')
  .meta({ description: 'Milliseconds between points. Raised if it would give more than 1,500 points.' });

const queryName = z
  .string()
  .regex(
    /^[A-Za-z_]\w{0,99}$/,
    'must be a name: letters, digits and underscores, not beginning with a digit',
  );

/** Source organization to query, by default the caller's own. The array has exactly one element. */
const crossOrgUuids = z.array(Uuid).length(1, 'must have exactly one element').optional().meta({
  description: 'Source organization to query instead of your own. Exactly one, and connected to yours.',
});

const metricsQuery = z.object({
  data_source: z.literal('metrics'),
  name: queryName.optional(),
  query: storable.meta({ example: 'sum:http.requests{env:prod} by {service}.as_count()' }),
  cross_org_uuids: crossOrgUuids,
});

const AGGREGATIONS = [
  'count',
  'cardinality',
  'sum',
  'avg',
  'min',
  'max',
  'median',
  'pc75',
  'pc90',
  'pc95',
  'pc98',
  'pc99',
] as const;

const needsMeasure = (compute: { aggregation: string; metric?: string | undefined }) =>
  compute.aggregation === 'count' || compute.metric !== undefined;

/** Aggregation of events. All except `count` need `metric`, the facet to aggregate. */
const eventsCompute = z
  .object({
    aggregation: z.enum(AGGREGATIONS),
    metric: storable.optional(),
    interval: interval.optional(),
  })
  .refine(needsMeasure, { path: ['metric'], error: 'is required for this aggregation' });

const eventsGroupBy = z.object({
  facet: storable.meta({ example: '@http.status_code' }),
  limit: z.int().min(1).max(MAX_GROUPS).default(10),
  sort: z
    .object({
      aggregation: z.enum(AGGREGATIONS),
      metric: storable.optional(),
      order: z.enum(['asc', 'desc']).optional(),
      type: z.enum(['alphabetical', 'measure']).default('measure'),
    })
    .refine((sort) => sort.type === 'alphabetical' || needsMeasure(sort), {
      path: ['metric'],
      error: 'is required for this aggregation',
    })
    .optional(),
});

const eventsQuery = z.object({
  data_source: z.enum([...EVENT_SOURCES, 'audit']),
  name: queryName.optional(),
  compute: eventsCompute,
  search: z.object({ query: storable.default('') }).optional(),
  indexes: z
    .array(z.enum(['*', 'main'], 'must be "*" or "main": there are no other indexes'))
    .max(10, 'must have at most 10 entries')
    .optional(),
  group_by: z
    .array(eventsGroupBy)
    .max(MAX_GROUP_BYS, `must have at most ${MAX_GROUP_BYS} entries`)
    .default([]),
  cross_org_uuids: crossOrgUuids,
});

const formula = z.object({
  formula: storable.meta({ example: 'a + b' }),
  limit: z
    .object({
      count: z.int().min(1).max(MAX_GROUPS).default(MAX_GROUPS),
      order: z.enum(['asc', 'desc']).default('desc'),
    })
    .optional(),
});

const shared = {
  from: moment.meta({ description: 'Milliseconds since the epoch, inclusive.' }),
  to: moment.meta({ description: 'Milliseconds since the epoch, exclusive.' }),
  formulas: z
    .array(formula)
    .min(1, 'must have at least one entry')
    .max(MAX_QUERIES, `must have at most ${MAX_QUERIES} entries`)
    .optional()
    .meta({ description: 'Without formulas, the response has the result of each query.' }),
};

const queries = <Schema extends z.ZodType>(query: Schema) =>
  z
    .array(query)
    .min(1, 'must have at least one entry')
    .max(MAX_QUERIES, `must have at most ${MAX_QUERIES} entries`);

const unknownSource = 'must be metrics, logs, ci_pipelines, ci_tests or audit';

const inOrder = ({ from, to }: { from: number; to: number }) => from < to;
const notInOrder = { path: ['to'], error: 'must be after from' };

/** Request for series or scalars, before its type is known. */
export const AnyQueryRequest = z.object({ data: z.object({ type: z.unknown() }) });

/** Request for series over time. The caller checks `type` first, because a wrong type has its own recorded error text. */
export const TimeseriesQueryRequest = z
  .object({
    data: z.object({
      type: z.literal('timeseries_request'),
      attributes: z
        .object({
          ...shared,
          interval: interval.optional(),
          queries: queries(z.discriminatedUnion('data_source', [metricsQuery, eventsQuery], unknownSource)),
        })
        .refine(inOrder, notInOrder),
    }),
  })
  .meta({ id: 'TimeseriesQueryRequest' });

const scalarMetricsQuery = metricsQuery.extend({
  aggregator: z
    .enum(
      ['avg', 'min', 'max', 'sum', 'last', 'mean', 'l2norm', 'area'],
      'must be avg, min, max, sum, last, mean, l2norm or area',
    )
    .meta({ description: 'Aggregation of a series over time to one value.' }),
});

/** Request for one value per group, over the whole time range. */
export const ScalarQueryRequest = z
  .object({
    data: z.object({
      type: z.literal('scalar_request'),
      attributes: z
        .object({
          ...shared,
          queries: queries(
            z.discriminatedUnion('data_source', [scalarMetricsQuery, eventsQuery], unknownSource),
          ),
        })
        .refine(inOrder, notInOrder),
    }),
  })
  .meta({ id: 'ScalarQueryRequest' });

/** Series over `times`, the starts of the intervals with a point in at least one series. */
export const TimeseriesQueryResponse = z
  .object({
    data: z.object({
      id: z.literal('0'),
      type: z.literal('timeseries_response'),
      attributes: z.object({
        series: z.array(
          z.object({
            group_tags: z.array(z.string()).meta({ example: ['service:web'] }),
            query_index: z
              .int()
              .meta({ description: 'Index of the formula, or of the query if the request has no formulas.' }),
            unit: z.null(),
          }),
        ),
        times: z.array(z.int()).meta({ description: 'Milliseconds since the epoch.' }),
        values: z
          .array(z.array(z.number().nullable()))
          .meta({ description: 'Values of each series for each time. Null: no point.' }),
      }),
    }),
  })
  .meta({ id: 'TimeseriesQueryResponse' });

/** Table by columns: first the group by keys, then a column per formula. */
export const ScalarQueryResponse = z
  .object({
    data: z.object({
      id: z.literal('0'),
      type: z.literal('scalar_response'),
      attributes: z.object({
        columns: z.array(
          z.discriminatedUnion('type', [
            z.object({ name: z.string(), type: z.literal('group'), values: z.array(z.array(z.string())) }),
            z.object({
              name: z.string(),
              type: z.literal('number'),
              values: z.array(z.number().nullable()),
              meta: z.object({ unit: z.null() }),
            }),
          ]),
        ),
      }),
    }),
  })
  .meta({ id: 'ScalarQueryResponse' });

type TimeseriesAttributes = z.infer<typeof TimeseriesQueryRequest>['data']['attributes'];
type ScalarAttributes = z.infer<typeof ScalarQueryRequest>['data']['attributes'];

export type TimeseriesQueryRequest = z.infer<typeof TimeseriesQueryRequest>;
export type ScalarQueryRequest = z.infer<typeof ScalarQueryRequest>;
export type TimeseriesQueryResponse = z.infer<typeof TimeseriesQueryResponse>;
export type ScalarQueryResponse = z.infer<typeof ScalarQueryResponse>;
export type Query = TimeseriesAttributes['queries'][number] | ScalarAttributes['queries'][number];
export type EventsQuery = z.infer<typeof eventsQuery>;
export type EventsAggregation = (typeof AGGREGATIONS)[number];
