import { sql } from 'kysely';

import { type EventFilter } from '../../query/events-search.ts';
import { type Facet, RESERVED_ATTRIBUTES } from '../../query/facet.ts';

import type { ScopedDb } from '../db/scope.ts';
import { isWithin, type TimeSpan } from './query-parts.ts';
import { matches, valuesOf } from './event-conditions.ts';
import { type VisibleEvents } from './event-queries.ts';

/** Number of the latest events in which facets and their values are looked up. */
const SAMPLE = 10_000;

/** Lists the facets of the latest events, most frequent first: attributes as `@path`, reserved attributes and tags by name. */
export async function listFacets(
  db: ScopedDb,
  { orgId, source, visible }: VisibleEvents,
  { filter, span, search, limit }: { filter: EventFilter; span: TimeSpan; search: string; limit: number },
): Promise<{ kind: Facet['kind']; name: string; count: number }[]> {
  const { rows } = await sql<{ kind: Facet['kind']; name: string; count: number }>`
    with latest as materialized (
      select tags, attributes from event
      where org_id = ${orgId} and source = ${source} and ${isWithin(span)}
        and ${matches(filter)} and ${matches(visible)}
      order by time desc limit ${SAMPLE}
    ),
    facet as (
      select 'attribute' as kind, name from latest cross join jsonb_object_keys(attributes) as name
      union all
      select 'tag', name from latest cross join lateral (
        select distinct split_part(tag, ':', 1) as name from unnest(tags) as tag where strpos(tag, ':') > 1
      ) as key
      where name <> all(${RESERVED_ATTRIBUTES}::text[]) -- without an @ those names mean attributes
    )
    select kind, name, count(*)::integer as count from facet
    where strpos(lower(name), lower(${search})) > 0
    group by kind, name order by count desc, name, kind limit ${limit}`.execute(db);
  return rows;
}

/** Lists the values of a facet in the latest events, most frequent first. */
export async function listFacetValues(
  db: ScopedDb,
  { orgId, source, visible }: VisibleEvents,
  {
    facet,
    filter,
    span,
    search,
    limit,
  }: {
    facet: Facet;
    filter: EventFilter;
    span: TimeSpan;
    search: string;
    limit: number;
  },
): Promise<{ value: string; count: number }[]> {
  const { rows } = await sql<{ value: string; count: number }>`
    with latest as materialized (
      select tags, attributes from event
      where org_id = ${orgId} and source = ${source} and ${isWithin(span)}
        and ${matches(filter)} and ${matches(visible)}
      order by time desc limit ${SAMPLE}
    )
    select value, count(*)::integer as count from latest cross join lateral unnest(${valuesOf(facet)}) as value
    where strpos(lower(value), lower(${search})) > 0
    group by value order by count desc, value limit ${limit}`.execute(db);
  return rows;
}
