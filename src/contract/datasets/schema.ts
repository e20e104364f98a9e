import { z } from 'zod';
import { givenName, storable, Timestamp, Uuid } from '../common/schema.ts';
import { DATASET_PRODUCTS, MAX_DATASET_VALUES } from './constants.ts';
import { MAX_POLICY_PRINCIPALS } from '../restriction-policies/constants.ts';

const MAX_FILTER_LENGTH = 500;

const product = z.enum(DATASET_PRODUCTS, { error: `must be one of ${DATASET_PRODUCTS.join(', ')}` });

/** Dataset: data that only its roles and teams may see. */
export const DatasetResource = z
  .object({
    type: z.literal('dataset'),
    id: Uuid,
    attributes: z.object({
      name: z.string(),
      principals: z.array(z.string()).meta({ description: '`role:` or `team:`, followed by a UUID.' }),
      product_filters: z.array(z.object({ product, filters: z.array(z.string()) })),
      created_at: Timestamp,
      created_by: Uuid,
    }),
  })
  .meta({ id: 'Dataset' });

export const DatasetResponse = z.object({ data: DatasetResource }).meta({ id: 'DatasetResponse' });

export const DatasetsResponse = z.object({ data: z.array(DatasetResource) }).meta({ id: 'DatasetsResponse' });

export const DatasetPath = z.object({ dataset_id: Uuid });

/**
 * Creates or replaces a dataset. `rules/datasets.ts` validates the principals and filters. Without principals, no user sees
 * the data.
 */
export const DatasetRequest = z
  .object({
    data: z.object({
      type: z.literal('dataset'),
      attributes: z.object({
        name: givenName,
        principals: z
          .array(z.string().meta({ example: 'role:11111111-1111-4111-8111-111111111111' }))
          .max(MAX_POLICY_PRINCIPALS, `must name at most ${MAX_POLICY_PRINCIPALS} principals`)
          .meta({
            description: '`role:` or `team:`, followed by the UUID of a role or team of the organization.',
          }),
        product_filters: z
          .array(
            z.object({
              product,
              filters: z
                .array(
                  storable
                    .trim()
                    .min(1, 'must not be empty')
                    .max(MAX_FILTER_LENGTH, `must have at most ${MAX_FILTER_LENGTH} characters`)
                    .meta({ example: '@team:payments' }),
                )
                .min(1, 'must not be empty')
                .max(MAX_DATASET_VALUES, `must have at most ${MAX_DATASET_VALUES} entries`)
                .meta({
                  description: `The dataset has the data that at least one filter matches. All filters must use the same tag or attribute, with at most ${MAX_DATASET_VALUES} values in all.`,
                }),
            }),
          )
          .min(1, 'must not be empty')
          .max(DATASET_PRODUCTS.length, `must have at most ${DATASET_PRODUCTS.length} entries`)
          .meta({ description: 'Each product at most once.' }),
      }),
    }),
  })
  .meta({ id: 'DatasetRequest' });

export type DatasetResource = z.infer<typeof DatasetResource>;
export type DatasetResponse = z.infer<typeof DatasetResponse>;
export type DatasetsResponse = z.infer<typeof DatasetsResponse>;
