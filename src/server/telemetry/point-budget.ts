import { QueryError } from '../../query/errors.ts';

/**
 * Maximum number of points, including gaps, that the queries and formulas of one request process. Limits the memory and
 * CPU time of a request.
 */
const MAX_POINTS = 10_000_000;

/** Counts the points that one request works on. */
export class PointBudget {
  #used = 0;

  /** Throws `QueryError` if the series exceed what is left of the budget. */
  spend(series: readonly unknown[], times: readonly unknown[]): void {
    this.#used += series.length * times.length;
    if (this.#used <= MAX_POINTS) return;
    throw new QueryError(
      `Queries and formulas have more than ${MAX_POINTS} points in all: group by less, or ask for longer intervals`,
    );
  }
}
