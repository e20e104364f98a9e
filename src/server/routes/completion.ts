import { Hono } from 'hono';
import {
  FacetListQuery,
  type FacetListResponse,
  MetricListQuery,
  type MetricListResponse,
  MetricTagsQuery,
  type MetricTagsResponse,
} from '../../contract/completion/schema.ts';
import { PATHS } from '../../contract/paths.ts';
import { authenticate } from '../identity/authenticate.ts';
import type { AppEnv, Dependencies } from '../http/env.ts';
import type { TelemetryReads } from '../http/telemetry-reads.ts';
import { readQuery } from '../http/validate.ts';
import { completeFacets, completeMetrics, completeTags } from '../telemetry/complete.ts';

/** Suggestions for query editors: metrics and their tags, facets of events and their values. */
export function completion(dependencies: Dependencies, readTelemetry: TelemetryReads) {
  const { now } = dependencies;
  return new Hono<AppEnv>({ strict: false })
    .get(PATHS.metrics, authenticate(dependencies, 'queries'), async (c) => {
      const query = readQuery(c, MetricListQuery);
      const metrics = await readTelemetry(c, (db) => completeMetrics(db, c.var.actor, query, now()), asRead);
      return c.json({ from: String(query.from), metrics } satisfies MetricListResponse);
    })

    .get(`${PATHS.metricTags}/:metric_name/all-tags`, authenticate(dependencies, 'queries'), async (c) => {
      const metric = c.req.param('metric_name');
      const query = readQuery(c, MetricTagsQuery);
      const tags = await readTelemetry(
        c,
        (db) => completeTags(db, c.var.actor, metric, query, now()),
        asRead,
      );
      return c.json({
        data: { type: 'metrics', id: metric, attributes: { tags, ingested_tags: [] } },
      } satisfies MetricTagsResponse);
    })

    .get(PATHS.facets, authenticate(dependencies, 'queries'), async (c) => {
      const query = readQuery(c, FacetListQuery);
      const facets = await readTelemetry(c, (db) => completeFacets(db, c.var.actor, query, now()), asRead);
      return c.json({ facets } satisfies FacetListResponse);
    });
}

/** Returns what was read as the answer. */
async function asRead<Read>(read: Read): Promise<Read> {
  return read;
}
