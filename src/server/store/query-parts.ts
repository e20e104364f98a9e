import { type RawBuilder, sql } from 'kysely';
import { DatabaseError } from 'pg';
import { likeOf, literalOf, type Pattern } from '../../query/pattern.ts';
import { normalizeTag, normalizeTagPattern } from '../../rules/telemetry/tags.ts';
import { anyOf, condition, type SqlCondition, asText, asTexts } from './sql-condition.ts';

/** A time window (epoch ms). */
export interface TimeSpan {
  /** Inclusive. */
  from: number;
  /** Exclusive. */
  to: number;
}

/** Time window of a query with its intervals, in milliseconds. */
export interface TimeWindow extends TimeSpan {
  /** Length of an interval. */
  step: number;
  /** Start of one of the intervals (epoch ms). */
  origin: number;
  /** Time shift: reads data that is earlier by this much, and returns it at the requested times. */
  shift: number;
}

/** Points of one group, in order of time. */
export interface GroupedSeries {
  group: string[];
  /** Starts of intervals (epoch ms). */
  times: number[];
  values: number[];
}

/** Series, and whether there are more than the limit. */
export interface Grouped {
  total: number;
  series: GroupedSeries[];
}

/** Selects the start of the interval that contains a row's `time`. */
export function bucketOf({ step, origin, shift }: TimeWindow): RawBuilder<string> {
  return sql`date_bin(make_interval(secs => ${step / 1000}::float8), time, ${moment(origin - shift)})`;
}

/** Builds the condition that a row's `time` is in the shifted window. */
export function isWithin({ from, to }: TimeSpan, shift = 0): RawBuilder<boolean> {
  return sql`time >= ${moment(from - shift)} and time < ${moment(to - shift)}`;
}

/**
 * Selects the points of a group as two lists, from rows with a `bucket` and a `value`, at the requested times. For a query that
 * groups by the group's columns.
 */
export function pointsOver({ shift }: TimeWindow) {
  return sql`json_agg((extract(epoch from bucket) * 1000)::bigint + ${shift}::bigint order by bucket) as times,
    json_agg(value order by bucket) as values`;
}

/** Builds the condition that one of a row's `tags` matches one of the patterns, ignoring case. */
export function hasAnyTag(written: readonly Pattern[]): SqlCondition {
  const patterns = [...new Set(written.map(normalizeTagPattern))];
  const literals = patterns.map(literalOf).filter((literal) => literal !== undefined);
  const [literal] = literals;
  if (literals.length < patterns.length || literals.length > MAX_UNHASHED) {
    return condition`exists (select from unnest(tags) as tag where ${matchesAny(condition`tag`, patterns)})`;
  }
  if (literal !== undefined && literals.length === 1) return condition`${asText(literal)} = any(tags)`;
  return condition`tags && ${asTexts(literals)}`;
}

/** Length of a list from which PostgreSQL looks values up in a hash table. */
const MAX_UNHASHED = 8;

/** Builds the condition that a text matches one of the patterns. It is null for a text that is null. */
export function matchesAny(value: SqlCondition, patterns: readonly Pattern[]): SqlCondition {
  const literals: string[] = [];
  const likes: string[] = [];
  for (const pattern of new Set(patterns)) {
    const literal = literalOf(pattern);
    if (literal === undefined) likes.push(likeOf(pattern));
    else literals.push(literal);
  }
  return anyOf([
    ...(literals.length === 0 ? [] : [condition`${value} = any(${asTexts(literals)})`]),
    ...(likes.length === 0 ? [] : [condition`${value} like any(${asTexts(likes)})`]),
  ]);
}

/** Selects the values of a tag key in a row's `tags`, one row with `value` each. */
export function valuesOfTag(key: string): RawBuilder<unknown> {
  const start = startOfTag(key);
  return sql`select substr(tag, length(${start}) + 1) as value from unnest(tags) as tag where starts_with(tag, ${start})`;
}

/** Returns the start of the tags with a key. */
export function startOfTag(key: string): string {
  return `${normalizeTag(key)}:`;
}

/** Converts epoch milliseconds to a timestamp, also for years with more than four digits. */
export function moment(milliseconds: number): RawBuilder<string> {
  return sql`to_timestamp(${milliseconds / 1000}::float8)`;
}

/** Returns whether an aggregate failed because its result is outside the range of a double. */
export function isOutOfRange(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '22003';
}
