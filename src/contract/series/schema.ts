import { z } from 'zod';

/** Maximum number of points per request. */
export const MAX_POINTS = 20_000;
const MAX_TAGS = 200;

const MetricPoint = z.object({
  timestamp: z.int().meta({ description: 'Seconds since the epoch.' }),
  value: z.number(),
});

const MetricSeries = z
  .object({
    metric: z.string(),
    type: z
      .int()
      .min(0)
      .max(3, 'must be 0 (unspecified: a gauge), 1 (count), 2 (rate) or 3 (gauge)')
      .default(0)
      .meta({ description: '0: unspecified (stored as gauge), 1: count, 2: rate, 3: gauge.' }),
    interval: z
      .int()
      .min(0, 'must not be negative')
      .max(2_147_483_647, 'is longer than any interval')
      .optional()
      .meta({
        description: 'Interval of the values of a count or rate, in seconds.',
      }),
    points: z.array(MetricPoint).max(MAX_POINTS, `must have at most ${MAX_POINTS} entries`),
    tags: z
      .array(z.string())
      .default([])
      .meta({ description: 'Those beyond the maximum are dropped.', maxItems: MAX_TAGS }),
    resources: z
      .array(z.object({ type: z.string(), name: z.string() }))
      .default([])
      .meta({ description: 'Each becomes a tag: `host:web-1`.', maxItems: MAX_TAGS }),
  })
  .meta({ id: 'MetricSeries' });

/** A series whose points are read one by one, so that a faulty point is dropped without its series. Long lists are cut. */
export const LenientSeries = MetricSeries.extend({
  points: z.array(z.unknown()),
  tags: z.preprocess(upToOneTooMany, MetricSeries.shape.tags),
  resources: z.preprocess(upToOneTooMany, MetricSeries.shape.resources),
});

/** Cuts a list, because checking every entry of a long one takes long. One too many shows that there were more. */
function upToOneTooMany(list: unknown): unknown {
  return Array.isArray(list) ? list.slice(0, MAX_TAGS + 1) : list;
}

/** Metric points to ingest. */
export const MetricPayload = z
  .object({
    series: z
      .array(MetricSeries)
      .max(MAX_POINTS)
      .meta({
        description: `At most ${MAX_POINTS} points in total. A series or a point that cannot be stored is dropped; the others are stored.`,
      }),
  })
  .meta({ id: 'MetricPayload' });

/** Response for an accepted payload. */
export const IntakePayloadAccepted = z.object({ errors: z.array(z.string()) }).meta({
  id: 'IntakePayloadAccepted',
  description: 'What could be stored is stored. `errors` says what was dropped, with at most 100 entries.',
});

export type LenientSeries = z.infer<typeof LenientSeries>;
export type IntakePayloadAccepted = z.infer<typeof IntakePayloadAccepted>;
