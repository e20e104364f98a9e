/** The kinds of data that a dataset can be made of: Datadog's names, and ours for CI Visibility and Test Optimization. */
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

/** Which data of one product belongs to a dataset: whatever one of the filters matches. */
export interface ProductFilters {
  product: DatasetProduct;
  filters: readonly string[];
}
