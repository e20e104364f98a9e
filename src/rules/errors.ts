import { ERROR_MESSAGES, type LimitedObjects } from './error-messages.ts';

/**
 * Reason for a refused request.
 * - `invalid`: the request has faults; one detail per fault.
 * - `refused`: a rule forbids the request for every caller; the detail states the rule.
 * - `unauthenticated`: credentials are missing or unknown.
 * - `forbidden`: the caller lacks access; the detail names the missing permission or the deciding rule.
 * - `not_found`: the object does not exist, or the caller may not know that it exists.
 * - `conflict`: the object collides with an existing one.
 * - `outdated`: the object has changed since the caller read it.
 * - `too_large`: the request is larger than the maximum.
 * - `rate_limited`: the caller must wait before trying again.
 * - `unavailable`: the server is busy, starting or stopping; a retry may succeed.
 */
export type Reason =
  | 'invalid'
  | 'refused'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'outdated'
  | 'too_large'
  | 'rate_limited'
  | 'unavailable';

export type ErrorCode = keyof typeof ERROR_MESSAGES;

/** Parameters of an error code: one object of JSON values, or none. */
type ErrorParameters<Code extends ErrorCode> = Parameters<(typeof ERROR_MESSAGES)[Code]>;

/** Error code with its parameters. Programs get its English text; the console renders its own. */
export type ErrorDetail = {
  [Code in ErrorCode]: {
    code: Code;
    params: ErrorParameters<Code>[0];
    /** Name of the query that the error is about, in a request with several queries. */
    query?: string;
  };
}[ErrorCode];

/** Returns the English text of an error. */
export function errorMessage({ code, params, query }: ErrorDetail): string {
  // oxlint-disable-next-line no-unsafe-type-assertion -- the type of a detail pairs each code with its parameters
  const render = ERROR_MESSAGES[code] as (parameters: ErrorDetail['params']) => string;
  return query === undefined ? render(params) : `Query "${query}": ${render(params)}`;
}

/** Returns an error detail. */
export function detail<Code extends ErrorCode>(code: Code, ...[params]: ErrorParameters<Code>): ErrorDetail {
  return pair(code, params);
}

function pair(code: ErrorCode, params: ErrorDetail['params']): ErrorDetail {
  // oxlint-disable-next-line no-unsafe-type-assertion -- the callers' signatures pair the code with its parameters
  return { code, params } as ErrorDetail;
}

type CodeWithParameters = {
  [Code in ErrorCode]: [code: Code, ...params: ErrorParameters<Code>];
}[ErrorCode];

/** The only error that rules throw. Its texts are meant for the caller. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly reason: Reason;
  readonly details: readonly ErrorDetail[];
  /** Time after which another try may succeed, in seconds. Undefined: not known. */
  retryAfterSeconds: number | undefined;

  /** With one code and its parameters, or with a list of details. */
  constructor(
    reason: Reason,
    ...[codeOrDetails, params]: CodeWithParameters | [details: readonly ErrorDetail[]]
  ) {
    const details = typeof codeOrDetails === 'string' ? [pair(codeOrDetails, params)] : codeOrDetails;
    super(details.map(errorMessage).join('; '));
    this.reason = reason;
    this.details = details;
  }

  /** Sets the time after which another try may succeed, in seconds. */
  retryAfter(seconds: number): this {
    this.retryAfterSeconds = seconds;
    return this;
  }

  /** English texts of the details. */
  get messages(): string[] {
    return this.details.map(errorMessage);
  }
}

/** Returns the error for one invalid field of a request. `problem` completes the sentence "field: ...". */
export function invalidField(field: string, problem: string): DomainError {
  return new DomainError('invalid', 'field_invalid', { field, problem });
}

/** Returns the error for one object too many. `holder` names the organization or user that has the maximum. */
export function maximumReached(holder: string, maximum: number, objects: LimitedObjects): DomainError {
  return new DomainError('refused', 'maximum_reached', { holder, maximum, objects });
}
