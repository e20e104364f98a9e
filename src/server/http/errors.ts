import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { ErrorBody } from '../../contract/common/schema.ts';
import { QueryError } from '../../query/errors.ts';
import { DomainError, type Reason } from '../../rules/errors.ts';
import { DatabaseBusy, DatabaseUnavailable, QueryCutOff } from '../db/pool.ts';
import type { AppEnv } from './env.ts';

const STATUS: Record<Reason, ContentfulStatusCode> = {
  invalid: 400,
  refused: 400,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  outdated: 412,
};

/** What every refused body or parameter begins with (recorded). */
const VALIDATION_FAILED = 'Validation failed for input.';

/** The one place where an error becomes a response. Whatever is not expected is logged and told as nothing but a 500. */
export function respondToError(error: Error, c: Context<AppEnv>): Response {
  if (error instanceof DomainError) {
    const messages = error.reason === 'invalid' ? [VALIDATION_FAILED, ...error.messages] : error.messages;
    return errorResponse(c, STATUS[error.reason], ...messages);
  }
  if (error instanceof QueryError) return errorResponse(c, STATUS.refused, error.message);
  if (error instanceof HTTPException) return errorResponse(c, error.status, error.message);
  if (error instanceof DatabaseUnavailable) {
    c.var.log.warn({ err: error }, 'database unavailable');
    return errorResponse(c, 503, `The database ${whatIsWrong(error)}; try again`);
  }
  c.var.log.error({ err: error }, 'unexpected error');
  return errorResponse(c, 500, 'Internal server error');
}

function whatIsWrong(error: DatabaseUnavailable): string {
  if (error instanceof QueryCutOff) return 'took too long';
  return error instanceof DatabaseBusy ? 'is busy' : 'cannot be reached';
}

/** A response in the one form that every error has. */
export function errorResponse(c: Context, status: ContentfulStatusCode, ...errors: string[]): Response {
  return c.json({ errors } satisfies ErrorBody, status);
}

/** Missing or unknown credentials; which of them, nobody is told. */
export function unauthorized(): HTTPException {
  return new HTTPException(401, { message: 'Unauthorized' });
}
