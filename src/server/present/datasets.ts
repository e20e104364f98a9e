import type { DatasetResource } from '../../contract/datasets/schema.ts';
import type { DatasetRow } from '../store/datasets.ts';

/** Returns a dataset in wire format. */
export function presentDataset({ id, product_filters, ...attributes }: DatasetRow): DatasetResource {
  return {
    type: 'dataset',
    id,
    attributes: {
      ...attributes,
      product_filters: product_filters.map(({ product, filters }) => ({ product, filters: [...filters] })),
    },
  };
}
