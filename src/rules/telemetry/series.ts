import type { MetricSeries } from '../../contract/series/schema.ts';
import { invalidField } from '../errors.ts';
import { requireWithin, type Window } from './retention.ts';
import { normalizeTags } from './tags.ts';

/** Metric types, indexed by their number in a payload. Unspecified (0) means gauge. */
const TYPES = ['gauge', 'count', 'rate', 'gauge'] as const;

/** Converts a series of a payload to its stored form. Throws `invalid`. */
export function readSeries(series: MetricSeries, window: Window) {
  const { points, tags, resources, interval } = series;
  const metric = metricName(series.metric);
  const type = TYPES[series.type] ?? 'gauge';
  const times = points.map(({ timestamp, value }) => ({ time: timestamp * 1000, value }));
  for (const [index, { time }] of times.entries()) {
    // Format the field name only for invalid times, because it costs more than the check.
    if (time < window.from || time > window.to) requireWithin(window, time, `points[${index}].timestamp`);
  }
  return {
    metric,
    type,
    intervalSeconds: type === 'gauge' ? 0 : (interval ?? 0),
    tags: normalizeTags([...tags, ...resources.map((resource) => `${resource.type}:${resource.name}`)]),
    points: times,
  };
}

/**
 * Normalizes a metric name like Datadog. Throws `invalid` for a name that is too long or does not begin with a letter.
 *
 * @internal Exported for tests.
 */
export function metricName(name: string): string {
  if (!/^[a-z]/i.test(name)) throw invalidField('metric', 'must begin with a letter');
  if (name.length > 200) throw invalidField('metric', 'must have at most 200 characters');
  return name.replaceAll(/[^\w.]/g, '_');
}
