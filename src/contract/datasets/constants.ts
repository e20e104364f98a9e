/** Products of datasets, with Datadog's names, and our own for CI Visibility and Test Optimization. */
export const DATASET_PRODUCTS = [
  'apm',
  'rum',
  'metrics',
  'logs',
  'error_tracking',
  'cloud_cost',
  'sd_repoinfo',
  'secruntime',
  'signal',
  'ci_pipelines',
  'ci_tests',
] as const;
export type DatasetProduct = (typeof DATASET_PRODUCTS)[number];

/** Maximum number of tag or attribute values, and so of filters, of a product in a dataset, as in Datadog. */
export const MAX_DATASET_VALUES = 10;

/** Data of one product in a dataset: everything that at least one of the filters matches. */
export interface ProductFilters {
  product: DatasetProduct;
  filters: readonly string[];
}
