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

/** What all calls have in common that take telemetry in. */
export const INTAKE = {
  security: [{ apiKey: [] }],
  status: 202,
  errors: [400, 401, 413],
} as const satisfies Partial<Call>;

const ERRORS = {
  400: 'The request is wrong; each entry says how.',
  401: 'Missing or unknown credentials.',
  403: 'Known, but not permitted; the text names the missing permission or the deciding rule.',
  404: 'Not found.',
  409: 'It exists already.',
  412: 'It has changed since it was read.',
  413: 'The body is larger than 1 MB; at the intake, than 5 MB.',
  429: 'Too many attempts.',
  503: 'The database took too long, or cannot be reached.',
};

/** Describes a call. Its credentials are keys or a session unless `security` says otherwise. */
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
        description: status === 302 ? 'Leads on.' : 'Success.',
        ...(answer && { content: { 'application/json': { schema: answer } } }),
      },
      ...Object.fromEntries(
        errors.map((code) => [
          code,
          { description: ERRORS[code], content: { 'application/json': { schema: ErrorBody } } },
        ]),
      ),
    },
  };
}
