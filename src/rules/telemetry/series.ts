import type { LenientSeries } from '../../contract/series/schema.ts';
import { invalidField } from '../errors.ts';
import { isObject } from '../json.ts';
import { INCOMPLETE, noteDropped, type ReportLoss } from './losses.ts';
import { isWithin, type Window } from './retention.ts';
import { fitTags, normalizeTags } from './tags.ts';

/** Metric types, indexed by their number in a payload. Unspecified (0) means gauge. */
const TYPES = ['gauge', 'count', 'rate', 'gauge'] as const;

/** Converts a series of a payload to its stored form, without points that cannot be stored. Throws `invalid`. */
export function readSeries(series: LenientSeries, window: Window, report: ReportLoss) {
  const { lose, isIncomplete } = noteDropped(report);
  const { points, tags, resources, interval } = series;
  const type = TYPES[series.type] ?? 'gauge';
  const all = [...tags, ...resources.map((resource) => `${resource.type}:${resource.name}`)];
  const kept = fitTags(all, 'tags', lose);
  return {
    metric: metricName(series.metric),
    type,
    intervalSeconds: type === 'gauge' ? 0 : (interval ?? 0),
    tags: normalizeTags(isIncomplete() ? [...kept, INCOMPLETE] : kept),
    points: points.flatMap((point, index) => readPoint(point, `points[${index}]`, window, lose) ?? []),
  };
}

function readPoint(point: unknown, field: string, window: Window, lose: ReportLoss) {
  const { timestamp, value } = isObject(point) ? point : {};
  if (typeof timestamp !== 'number' || typeof value !== 'number') {
    lose('malformed', field, 'must have a timestamp and a value');
    return undefined;
  }
  if (!Number.isFinite(value)) {
    lose('unstorable', field, 'must have a finite value');
    return undefined;
  }
  const time = Math.trunc(timestamp) * 1000;
  return isWithin(window, time, field, lose) ? { time, value } : undefined;
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
