import type { Expression } from './expression.ts';
import type { Pattern } from './pattern.ts';
import { QueryMistake } from './mistake.ts';
import { parseWords } from './stand-in.ts';

/** `avg:system.load{env:prod} by {service}.rollup(max, 60)`, alone or in arithmetic and functions. */
export type MetricsQuery = Expression<MetricSelector>;

export const AGGREGATORS = ['avg', 'sum', 'min', 'max', 'count'] as const;
export type Aggregator = (typeof AGGREGATORS)[number];

/** Which series of a metric are meant, and how they become one for each group. */
export interface MetricSelector {
  /** How the series of a group are put together, after each was rolled up over time. `count` counts points. */
  aggregator: Aggregator;
  metric: string;
  scope: TagFilter;
  /** The keys of the tags to group by, none twice. */
  by: readonly string[];
  /** What counts and rates are turned into; without it each is what its type says. */
  as?: 'count' | 'rate';
  rollup?: Rollup;
  fill?: Fill;
}

/** How the points of a series within an interval become one. */
export interface Rollup {
  method?: Aggregator;
  seconds?: number;
}

/** What stands in gaps between points that are at most so long. */
export interface Fill {
  method: 'null' | 'zero' | 'linear' | 'last';
  seconds: number;
}

/** Which tags a series must have. */
export type TagFilter =
  | { kind: 'all' }
  /** Has a tag that is as the {@link Pattern} says, such as `env:prod` or `host:web-*`. */
  | { kind: 'tag'; pattern: Pattern }
  | { kind: 'not'; of: TagFilter }
  | { kind: 'and' | 'or'; of: readonly TagFilter[] };

/** A stand-in: see stand-in.ts. */
export function parseTagFilter(text: string): TagFilter {
  return parseWords(text, (word, at): TagFilter => {
    if (word.endsWith(':')) throw new QueryMistake(at + word.length, 'expected a value');
    return { kind: 'tag', pattern: word.replace(/^@/, '') };
  });
}
