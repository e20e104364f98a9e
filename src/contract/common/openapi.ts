import type { z } from 'zod';
import type { ZodOpenApiOperationObject } from 'zod-openapi';
import { ErrorBody } from './schema.ts';

const keysOrSession = [{ apiKey: [], applicationKey: [] }, { session: [] }];

interface Call {
  description?: string;
  security?: NonNullable<ZodOpenApiOperationObject['security']>;
  requestParams?: NonNullable<ZodOpenApiOperationObject['requestParams']>;
  body?: z.ZodType;
  status?: 200 | 201 | 202 | 204 | 302;
  answer?: z.ZodType;
  errors: readonly (keyof typeof ERRORS)[];
}

/** Members of all calls that ingest telemetry. */
export const INTAKE = {
  security: [{ apiKey: [] }],
  status: 202,
  errors: [400, 403, 413],
} as const satisfies Partial<Call>;

const ERRORS = {
  400: 'The request is invalid; each entry describes one fault.',
  401: 'Missing or unknown credentials.',
  403: 'The caller is not permitted; the text names the missing permission or the deciding rule.',
  404: 'Not found.',
  409: 'The object already exists.',
  412: 'The object has changed since the caller read it.',
  413: 'The body is larger than 1 MB, or 5 MB for intake, or has too many entries.',
  429: 'Too many requests, or too many failed attempts.',
  503: 'The server is busy, starting or stopping, or the database timed out or cannot be reached.',
};

/** Returns the OpenAPI operation of a call. Accepts keys or a session, unless `security` is given. */
export function call(
  tag: string,
  summary: string,
  { body, answer, errors, ...rest }: Call,
): ZodOpenApiOperationObject {
  const { status = 200, security = keysOrSession, ...operation } = rest;
  return {
    tags: [tag],
    summary,
    security,
    ...operation,
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      [status]: {
        description: status === 302 ? 'Redirect.' : 'Success.',
        ...(answer && { content: { 'application/json': { schema: answer } } }),
      },
      ...Object.fromEntries(
        // A rate limit, or a limit of failed attempts.
        [...new Set([...errors, 429 as const])].map((code) => [
          code,
          { description: ERRORS[code], content: { 'application/json': { schema: ErrorBody } } },
        ]),
      ),
    },
  };
}
