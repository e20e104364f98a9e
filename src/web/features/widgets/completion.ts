import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import type {
  FacetListResponse,
  MetricListResponse,
  MetricTagsResponse,
} from '../../../contract/completion/schema.ts';
import { PATHS } from '../../../contract/paths.ts';
import { request } from '../../api/request.ts';
import { formatNumber } from '../../i18n/format.ts';
import type { Suggestion } from '../../ui/suggest-field.tsx';

/** Organization that a query reads, in the organization of the page. */
export interface QueriedOrg {
  orgId: string;
  /** Undefined: the organization of the page. */
  sourceId: string | undefined;
}

/** Maximum number of suggestions. */
const LIMIT = 50;

/** Period before now whose names are suggested: a day, in seconds. */
const WINDOW = 86_400;

const STALE_AFTER = 60_000;

interface Completion {
  suggestions: readonly Suggestion[];
  searching: boolean;
}

/** Metrics whose name contains a text. Undefined text: none are needed. */
export function useMetricNames(org: QueriedOrg, text: string | undefined): Completion {
  return useCompletion(org, ['metric-names', text], text !== undefined, async (signal) => {
    const from = String(Math.floor(Date.now() / 1000) - WINDOW);
    const path = withParameters(PATHS.metrics, org, { from, search: text, limit: String(LIMIT) });
    const { metrics } = await request<MetricListResponse>(path, { org: org.orgId, signal });
    return metrics.map((value) => ({ value }));
  });
}

/** Tags, or only their keys, of a metric. */
export function useMetricTags(
  org: QueriedOrg,
  metric: string,
  text: string | undefined,
  keysOnly: boolean,
): Completion {
  const isNeeded = text !== undefined && metric !== '';
  return useCompletion(org, ['metric-tags', metric, text, keysOnly], isNeeded, async (signal) => {
    const path = withParameters(`${PATHS.metricTags}/${encodeURIComponent(metric)}/all-tags`, org, {
      'window[seconds]': String(WINDOW),
      'filter[match]': text,
      'filter[include_tag_values]': String(!keysOnly),
      'page[limit]': String(LIMIT),
    });
    const { data } = await request<MetricTagsResponse>(path, { org: org.orgId, signal });
    return data.attributes.tags.map((value) => ({ value }));
  });
}

/** Facets of events, or with `name:` in the text the values of that facet as `name:value`. */
export function useFacets(
  org: QueriedOrg,
  dataSource: string,
  text: string | undefined,
  { withValues }: { withValues: boolean },
): Completion {
  const colon = text?.indexOf(':') ?? -1;
  const facet = withValues && colon > 0 ? text?.slice(0, colon) : undefined;
  const search = facet === undefined ? text : text?.slice(colon + 1);
  return useCompletion(org, ['facets', dataSource, facet, search], text !== undefined, async (signal) => {
    const path = withParameters(PATHS.facets, org, {
      data_source: dataSource,
      from: String(Date.now() - WINDOW * 1000),
      to: String(Date.now()),
      search,
      limit: String(LIMIT),
      ...(facet !== undefined && { facet }),
    });
    const { facets } = await request<FacetListResponse>(path, { org: org.orgId, signal });
    return facets.map(({ name, count }) => ({
      value: facet === undefined ? name : `${facet}:${quoted(name)}`,
      detail: formatNumber(count),
    }));
  });
}

function useCompletion(
  { orgId, sourceId }: QueriedOrg,
  key: readonly unknown[],
  isNeeded: boolean,
  fetch: (signal: AbortSignal) => Promise<readonly Suggestion[]>,
): Completion {
  const options = queryOptions({
    queryKey: ['completion', orgId, sourceId, ...key],
    queryFn: ({ signal }) => fetch(signal),
    enabled: isNeeded,
    staleTime: STALE_AFTER,
    retry: false,
    placeholderData: keepPreviousData,
  });
  // A refused or failed completion suggests nothing: the query itself says why.
  const { data, isFetching } = useQuery(options);
  return { suggestions: isNeeded ? (data ?? []) : [], searching: isNeeded && isFetching };
}

function withParameters(
  path: string,
  { sourceId }: QueriedOrg,
  parameters: Record<string, string | undefined>,
): string {
  const all = Object.entries({ ...parameters, cross_org_uuids: sourceId }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  );
  return `${path}?${new URLSearchParams(all).toString()}`;
}

/** Returns a facet's value as it is written in a search. */
function quoted(value: string): string {
  return value.replaceAll(/[^\p{L}\p{M}\p{N}_\-./]/gu, String.raw`\$&`);
}
