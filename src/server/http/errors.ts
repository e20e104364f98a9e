import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { ErrorBody } from '../../contract/common/schema.ts';
import { QueryError } from '../../query/errors.ts';
import { detail, DomainError, type ErrorDetail, errorMessage, type Reason } from '../../rules/errors.ts';
import {
  DatabaseBusy,
  DatabaseFull,
  DatabaseReadOnly,
  DatabaseUnavailable,
  QueryCutOff,
} from '../db/pool.ts';
import type { AppEnv } from './env.ts';
import { hasHungUp } from './listener.ts';
import { requestFields } from './request-log.ts';

const STATUS: Record<Reason, ContentfulStatusCode> = {
  invalid: 400,
  refused: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  outdated: 412,
  too_large: 413,
  rate_limited: 429,
  unavailable: 503,
};

/** Converts any error to a response. Logs unexpected errors and answers 500 without details. */
export function respondToError(error: Error, c: Context<AppEnv>): Response {
  if (error instanceof DomainError) {
    const { reason, details } = error;
    // Recorded: the first entry of every validation error.
    const all = reason === 'invalid' ? [detail('validation_failed'), ...details] : details;
    const response = errorResponse(c, STATUS[reason], ...all);
    const { retryAfterSeconds } = error;
    if (retryAfterSeconds !== undefined) response.headers.set('Retry-After', String(retryAfterSeconds));
    return response;
  }
  if (error instanceof QueryError) {
    return errorResponse(c, STATUS.refused, detail('query_invalid', { problem: error.message }));
  }
  if (error instanceof HTTPException) return c.json({ errors: [error.message] }, error.status);
  if (error instanceof DatabaseUnavailable) {
    c.var.log.warn({ err: error, ...requestFields(c) }, 'database unavailable');
    return errorResponse(c, 503, databaseError(error));
  }
  if (hasHungUp(c.env)) {
    c.var.log.info({ err: error, ...requestFields(c) }, 'client disconnected');
    return clientDisconnected(error).getResponse();
  }
  c.var.log.error({ err: error, ...requestFields(c) }, 'unexpected error');
  return errorResponse(c, 500, detail('internal_error'));
}

/** Status of the answer to a client that has disconnected. */
export const DISCONNECTED = 408;

/** Returns the error for a client that has disconnected. For the log: no client receives this answer. */
export function clientDisconnected(cause: unknown): HTTPException {
  return new HTTPException(DISCONNECTED, { message: 'The client has disconnected', cause });
}

/** Returns the error for callers, which hides the database's message. */
export function databaseError(error: unknown): ErrorDetail {
  if (error instanceof QueryCutOff) return detail('database_timeout');
  if (error instanceof DatabaseBusy) return detail('database_busy');
  if (error instanceof DatabaseFull) return detail('database_full');
  if (error instanceof DatabaseReadOnly) return detail('database_read_only');
  return detail('database_unreachable');
}

/** Time after which a program tries again, in seconds, when the server or its database is unavailable. */
export const RETRY_AFTER = '5';

/** Returns an error response: English texts for programs, and their codes as well for the console. */
export function errorResponse(
  c: Context<AppEnv>,
  status: ContentfulStatusCode,
  ...details: ErrorDetail[]
): Response {
  const errors = details.map(errorMessage);
  if (status === 503) c.header('Retry-After', RETRY_AFTER);
  return c.json({ errors, ...(c.var.isFromConsole && { codes: details }) } satisfies ErrorBody, status);
}

/** Returns the error for missing or unknown credentials, which does not tell the two apart. */
export function unauthorized(): DomainError {
  return new DomainError('unauthenticated', 'unauthorized');
}
