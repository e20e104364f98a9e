/** What is wrong with the text of a query, and where. Whoever knows the query's name says which one it is. */
export class QueryMistake extends Error {
  override readonly name = 'QueryMistake';
  /** Where in the text, counted from 1. */
  readonly position: number;

  constructor(position: number, message: string) {
    super(message);
    this.position = position;
  }
}
