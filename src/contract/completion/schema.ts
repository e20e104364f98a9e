import { z } from 'zod';
import { commaSeparated, integerParameter, storable, Uuid } from '../common/schema.ts';
import { EVENT_SOURCES } from '../org-connections/constants.ts';

/** Source organization to read, by default the caller's own. */
const cross_org_uuids = commaSeparated(Uuid)
  .refine((ids) => ids.length === 1, 'must have exactly one element')
  .optional()
  .meta({
    description: 'Source organization to read instead of your own. Exactly one, and connected to yours.',
  });

const search = storable.max(200).default('').meta({ description: 'Part of the name or value.' });
const limit = (most: number, absent: number) => integerParameter(1, most).default(absent);

/** Filters of the metric list: points since `from`, a host, and tags as in the scope of a query. */
export const MetricListQuery = z.object({
  from: z
    .string()
    .regex(/^\d{1,12}$/, 'must be an integer: seconds since the epoch')
    .transform(Number)
    .meta({ description: 'Seconds since the epoch.' }),
  host: storable.optional(),
  tag_filter: storable.optional().meta({ example: 'env:prod AND service:web' }),
  search,
  limit: limit(10_000, 10_000),
  cross_org_uuids,
});

export const MetricListResponse = z
  .object({
    from: z.string().meta({ description: '`from` of the request, in seconds since the epoch.' }),
    metrics: z.array(z.string()),
  })
  .meta({ id: 'MetricListResponse' });

export const MetricPath = z.object({ metric_name: z.string() });

const flag = z.enum(['true', 'false'], 'must be true or false').transform((text) => text === 'true');

/** Filters of a metric's tag list, as in the official client. */
export const MetricTagsQuery = z.object({
  'window[seconds]': integerParameter(1, 999_999_999)
    .default(4 * 60 * 60)
    .meta({ description: 'Period before now in which to look for points, in seconds.' }),
  'filter[tags]': storable
    .optional()
    .meta({ description: 'As in the scope of a query.', example: 'env:prod' }),
  'filter[match]': search,
  'filter[include_tag_values]': flag.default(true).meta({ description: 'False: returns only the tag keys.' }),
  'page[limit]': limit(10_000, 1000),
  cross_org_uuids,
});

export const MetricTagsResponse = z
  .object({
    data: z.object({
      type: z.literal('metrics'),
      id: z.string(),
      attributes: z.object({ tags: z.array(z.string()), ingested_tags: z.array(z.string()) }),
    }),
  })
  .meta({ id: 'MetricTagsResponse' });

const moment = z
  .string()
  .regex(/^\d{1,15}$/, 'must be an integer: milliseconds since the epoch')
  .transform(Number);

/** Selects the facets of the latest events that match a search, or with `facet` the values of that facet. */
export const FacetListQuery = z
  .object({
    data_source: z.enum([...EVENT_SOURCES, 'audit']),
    facet: storable.optional().meta({ example: '@http.status_code' }),
    query: storable.default('').meta({ description: 'As in the search of a query.' }),
    from: moment.meta({ description: 'Milliseconds since the epoch, inclusive.' }),
    to: moment.meta({ description: 'Milliseconds since the epoch, exclusive.' }),
    search,
    limit: limit(1000, 100),
    cross_org_uuids,
  })
  .refine(({ from, to }) => from < to, { path: ['to'], error: 'must be after from' });

/** Facets by name, or the values of a facet, most frequent first. */
export const FacetListResponse = z
  .object({
    facets: z.array(
      z.object({
        name: z.string().meta({ description: 'Facet as in a search or group_by, or the value.' }),
        count: z.int().meta({ description: 'Number of the latest 10,000 events that have it.' }),
      }),
    ),
  })
  .meta({ id: 'FacetListResponse' });

export type MetricListQuery = z.infer<typeof MetricListQuery>;
export type MetricListResponse = z.infer<typeof MetricListResponse>;
export type MetricTagsQuery = z.infer<typeof MetricTagsQuery>;
export type MetricTagsResponse = z.infer<typeof MetricTagsResponse>;
export type FacetListQuery = z.infer<typeof FacetListQuery>;
export type FacetListResponse = z.infer<typeof FacetListResponse>;
