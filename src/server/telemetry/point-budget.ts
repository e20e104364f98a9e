import { QueryError } from '../../query/errors.ts';

/** Maximum number of points, including gaps, that the queries of one request return. Limits its memory. */
const MAX_POINTS = 10_000_000;

/**
 * Maximum number of points that the operations of the queries and formulas of one request process. Limits its CPU time to a
 * second or two.
 */
const MAX_PROCESSED = 20_000_000;

/** Counts the points that one request works on. */
export class PointBudget {
  #read = 0;
  #processed = 0;

  /** Throws `QueryError` if the series exceed the maximum of points read. */
  spendOnRead(series: readonly unknown[], times: readonly unknown[]): void {
    this.#read += series.length * times.length;
    if (this.#read <= MAX_POINTS) return;
    throw new QueryError(
      `Queries and formulas have more than ${MAX_POINTS} points in total: group by less, or ask for longer intervals`,
    );
  }

  /** Throws `QueryError` if a step of this size exceeds the maximum of points processed. */
  spendOnStep(size: number): void {
    this.#processed += size;
    if (this.#processed <= MAX_PROCESSED) return;
    throw new QueryError(
      `the operations process more than ${MAX_PROCESSED} points in total: use fewer operations, group by less, or ask for longer intervals`,
    );
  }
}
