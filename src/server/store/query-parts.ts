import { type RawBuilder, sql } from 'kysely';
import { DatabaseError } from 'pg';
import { likeOf, literalOf, type Pattern } from '../../query/pattern.ts';
import { normalizeTag, normalizeTagPattern } from '../../rules/telemetry/tags.ts';

/** A span of time, in milliseconds since the epoch. */
export interface TimeSpan {
  /** Inclusive. */
  from: number;
  /** Exclusive. */
  to: number;
}

/** What of time a query is about, in milliseconds. */
export interface TimeWindow extends TimeSpan {
  /** How long an interval is. */
  step: number;
  /** Where one of the intervals starts, since the epoch. */
  origin: number;
  /** How much earlier than asked for the data are to be: they are told as if they were of the time asked for. */
  shift: number;
}

/** The points of one group, in order of time. */
export interface GroupedSeries {
  group: string[];
  /** Starts of intervals in milliseconds since the epoch. */
  times: number[];
  values: number[];
}

/** Series, of which there may be more than were asked for. */
export interface Grouped {
  total: number;
  series: GroupedSeries[];
}

/** The start of the interval that a row's `time` is in. */
export function bucketOf({ step, origin, shift }: TimeWindow): RawBuilder<string> {
  return sql`date_bin(make_interval(secs => ${step / 1000}::float8), time, ${moment(origin - shift)})`;
}

/** Whether a row's `time` is in the span, or so much before it. */
export function isWithin({ from, to }: TimeSpan, shift = 0): RawBuilder<boolean> {
  return sql`time >= ${moment(from - shift)} and time < ${moment(to - shift)}`;
}

/**
 * The points of a group as two lists, from rows with a `bucket` and a `value`; told as if the data were of the time asked
 * for. For a query that is grouped by what the group is.
 */
export function pointsOver({ shift }: TimeWindow) {
  return sql`json_agg((extract(epoch from bucket) * 1000)::bigint + ${shift}::bigint order by bucket) as times,
    json_agg(value order by bucket) as values`;
}

/** Whether a row's `tags` have one that is as the pattern says, however it was written. */
export function hasTag(written: Pattern): RawBuilder<boolean> {
  const pattern = normalizeTagPattern(written);
  const literal = literalOf(pattern);
  if (literal !== undefined) return sql`${literal} = any(tags)`;
  return sql`exists (select from unnest(tags) as tag where tag like ${likeOf(pattern)})`;
}

/** The values of a tag's key in a row's `tags`, a row of `value` for each. */
export function valuesOfTag(key: string): RawBuilder<unknown> {
  const start = `${normalizeTag(key)}:`;
  return sql`select substr(tag, length(${start}) + 1) as value from unnest(tags) as tag where starts_with(tag, ${start})`;
}

/** A moment in milliseconds since the epoch; also one in a year with more digits than texts of times have. */
export function moment(milliseconds: number): RawBuilder<string> {
  return sql`to_timestamp(${milliseconds / 1000}::float8)`;
}

/** Whether an aggregate failed because what it works out is larger than any number, or too small for one. */
export function isOutOfRange(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '22003';
}
