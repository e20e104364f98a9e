import type { FacetListQuery, MetricListQuery, MetricTagsQuery } from '../../contract/completion/schema.ts';
import { storageFault } from '../../contract/common/storable-text.ts';
import type { Actor } from '../../rules/access.ts';
import { visibleEvents, visibleMetrics } from '../../rules/data-access.ts';
import { type Facet, parseFacet, printFacet } from '../../query/facet.ts';
import { parseSearch } from '../../query/search-cost.ts';
import { parseTagFilter, type TagFilter } from '../../query/tag-filter.ts';
import { patternOf } from '../../query/pattern.ts';
import { parseText } from '../../query/errors.ts';
import { oldestKept } from '../../rules/telemetry/retention.ts';
import type { ScopedDb } from '../db/scope.ts';
import { listFacets, listFacetValues } from '../store/facets.ts';
import { listMetricNames, listMetricTags } from '../store/metric-queries.ts';
import { findRetention } from '../store/retention.ts';
import { authorizeTelemetryRead } from './authorize-read.ts';

/** Lists the names of metrics that the actor may query, sorted. */
export async function completeMetrics(
  db: ScopedDb,
  actor: Actor,
  { from, host, tag_filter, search, limit, cross_org_uuids }: MetricListQuery,
  now: number,
): Promise<string[]> {
  const scope: TagFilter[] = [{ kind: 'all' }];
  if (host !== undefined) scope.push({ kind: 'tag', pattern: patternOf(`host:${host}`) });
  if (tag_filter !== undefined) scope.push(parseText('tag_filter', tag_filter, parseTagFilter));
  const { orgId, access } = await authorizeTelemetryRead(db, actor, 'metrics', cross_org_uuids?.[0]);
  const since = await earliestLastSeen(db, from * 1000, now);
  const visible = { orgId, visible: visibleMetrics(access) };
  return listMetricNames(db, visible, { since, search, scope: { kind: 'and', of: scope }, limit });
}

/** Lists the tags, or only the tag keys, of a metric that the actor may query, sorted. */
export async function completeTags(
  db: ScopedDb,
  actor: Actor,
  metric: string,
  query: MetricTagsQuery,
  now: number,
): Promise<string[]> {
  const tags = query['filter[tags]'];
  const scope =
    tags === undefined ? { kind: 'all' as const } : parseText('filter[tags]', tags, parseTagFilter);
  const { orgId, access } = await authorizeTelemetryRead(db, actor, 'metrics', query.cross_org_uuids?.[0]);
  if (storageFault(metric) !== undefined) return []; // no stored metric has such a name
  const since = await earliestLastSeen(db, now - query['window[seconds]'] * 1000, now);
  return listMetricTags(
    db,
    { orgId, visible: visibleMetrics(access) },
    {
      metric,
      since,
      scope,
      search: query['filter[match]'],
      keysOnly: !query['filter[include_tag_values]'],
      limit: query['page[limit]'],
    },
  );
}

/** Lists the facets of events that the actor may query, or the values of one facet, most frequent first. */
export async function completeFacets(
  db: ScopedDb,
  actor: Actor,
  { data_source, facet, query, from, to, search, limit, cross_org_uuids }: FacetListQuery,
  now: number,
): Promise<{ name: string; count: number }[]> {
  const filter = parseSearch('query', query);
  const wanted = facet === undefined ? undefined : parseText('facet', facet, parseFacet);
  const { orgId, access } = await authorizeTelemetryRead(db, actor, data_source, cross_org_uuids?.[0]);
  if (data_source === 'audit') return []; // there are no audit events yet
  const kept = oldestKept(data_source, await findRetention(db), now);
  const span = { from: Math.max(from, kept), to };
  const visible = { orgId, source: data_source, visible: visibleEvents(data_source, access) };
  if (wanted === undefined) {
    const facets = await listFacets(db, visible, { filter, span, search, limit });
    return facets.map(({ count, ...found }: Facet & { count: number }) => ({
      name: printFacet(found),
      count,
    }));
  }
  const values = await listFacetValues(db, visible, { facet: wanted, filter, span, search, limit });
  return values.map(({ value, count }) => ({ name: value, count }));
}

/** Returns the earliest `last_seen` to list: one hour before `since`, because it is updated once per hour. */
async function earliestLastSeen(db: ScopedDb, since: number, now: number): Promise<number> {
  return Math.max(since - 60 * 60_000, oldestKept('metrics', await findRetention(db), now));
}
