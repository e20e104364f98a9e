import { z } from 'zod';

const MAX_POINTS = 20_000;
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
    tags: z.array(z.string()).max(MAX_TAGS, `must have at most ${MAX_TAGS} entries`).default([]),
    resources: z
      .array(z.object({ type: z.string(), name: z.string() }))
      .max(MAX_TAGS, `must have at most ${MAX_TAGS} entries`)
      .default([])
      .meta({ description: 'Each becomes a tag: `host:web-1`.' }),
  })
  .meta({ id: 'MetricSeries' });

/** Metric points to ingest. */
export const MetricPayload = z
  .object({
    series: z
      .array(MetricSeries)
      .max(MAX_POINTS, `must have at most ${MAX_POINTS} entries`)
      .refine(
        (series) => series.reduce((count, { points }) => count + points.length, 0) <= MAX_POINTS,
        `must have at most ${MAX_POINTS} points in all`,
      ),
  })
  .meta({ id: 'MetricPayload' });

/** Response for an accepted payload. */
export const IntakePayloadAccepted = z.object({ errors: z.array(z.string()) }).meta({
  id: 'IntakePayloadAccepted',
  description: 'The payload was stored completely. `errors` is empty.',
});

export type MetricSeries = z.infer<typeof MetricSeries>;
export type IntakePayloadAccepted = z.infer<typeof IntakePayloadAccepted>;
