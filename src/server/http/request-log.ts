import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { type DestinationStream, type Logger, pino } from 'pino';
import { REQUEST_ID_HEADER } from '../../contract/paths.ts';
import type { AppEnv } from './env.ts';

/** The request that the current asynchronous work belongs to. */
const requests = new AsyncLocalStorage<{ request_id: string }>();

/** Creates the log. Each line that is written during a request has the id of the request. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  // A copy, because pino adds the fields of the line to it.
  const options = { level, base: null, mixin: () => ({ ...requests.getStore() }) };
  return destination ? pino(options, destination) : pino(options);
}

const requestId = /^[\w.-]{1,64}$/;

/**
 * Logs one line per request, without queries, headers, bodies and invitation links, which can have secrets. Gives the request an id,
 * unless the caller or a proxy has sent one, and answers with it.
 */
export function logRequests(log: Logger) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const started = performance.now();
    const given = c.req.header(REQUEST_ID_HEADER) ?? '';
    const id = requestId.test(given) ? given : randomUUID();
    c.set('log', log);
    c.header(REQUEST_ID_HEADER, id);
    await requests.run({ request_id: id }, async () => {
      await next();
      const ms = Math.round((performance.now() - started) * 10) / 10;
      log.info({ ...requestFields(c), status: c.res.status, ms }, 'request');
    });
  });
}

/** Returns the fields of a log line that identify a request and its caller. */
export function requestFields(c: Context<AppEnv>) {
  const { actor, scope }: Partial<AppEnv['Variables']> = c.var;
  return {
    method: c.req.method,
    path: withoutSecrets(c.req.path),
    org: actor?.orgId ?? scope?.orgId,
    user: actor?.userId,
  };
}

/** Hides the secret of an invitation link, however its path is written, and segments that may be keys. */
function withoutSecrets(path: string): string {
  const decoded = path.replaceAll(/%([0-9a-f]{2})/gi, (_, code: string) =>
    String.fromCodePoint(Number.parseInt(code, 16)),
  );
  const [link] = /^.*?\/invitations\//i.exec(decoded) ?? [];
  if (link !== undefined) return `${link.toLowerCase()}...`;
  return path.replaceAll(LIKE_A_KEY, (segment) => (UUID.test(segment) ? segment : '...'));
}

const LIKE_A_KEY = /(?<=\/)(?=[^/]*\d)[\w-]{16,}(?=\/|$)/g;
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
