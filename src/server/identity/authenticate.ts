import type { Context, MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import { ORGANIZATION_HEADER, PERSON_HEADER } from '../../contract/paths.ts';
import type { Actor } from '../../rules/access.ts';
import { DomainError } from '../../rules/errors.ts';
import { findActorByKeys, findActorByPerson, findUsedApiKey } from '../store/actors.ts';
import { recordApiKeyUse } from '../store/api-keys.ts';
import { recordApplicationKeyUse } from '../store/application-keys.ts';
import type { UsedKeys } from '../store/keys.ts';
import type { AppEnv, Dependencies } from '../http/env.ts';
import type { RateLimits } from '../http/rate-limits.ts';
import { unauthorized } from '../http/errors.ts';
import { isUuid } from '../http/validate.ts';
import { type Person, readSession } from './sessions.ts';

/**
 * Authenticates a request: by a program's two keys, or by a session and the organization that the request names. Sets `actor`.
 * Responds with 401 to unknown credentials, and with 429 past the rate limit.
 */
export function authenticate(
  dependencies: Dependencies,
  rateLimit: keyof RateLimits = 'api',
): MiddlewareHandler<AppEnv> {
  const { db, origins, rateLimiter } = dependencies;

  /** Returns who sends a request now: the credentials may have ended since it began. */
  async function identify(c: Context<AppEnv>): Promise<{ actor: Actor; usedKeys?: UsedKeys }> {
    const apiKey = c.req.header('DD-API-KEY');
    const applicationKey = c.req.header('DD-APPLICATION-KEY');
    if (apiKey !== undefined || applicationKey !== undefined) {
      const found = apiKey && applicationKey && (await findActorByKeys(db, { apiKey, applicationKey }));
      if (!found) throw unauthorized();
      return found;
    }
    const person = await readSession(c, dependencies);
    if (!person) throw unauthorized();
    refuseForeignPages(c.req.raw, origins);
    refuseStalePages(c.req.raw, person);
    const orgId = c.req.header(ORGANIZATION_HEADER);
    if (!orgId) throw new DomainError('refused', 'header_required', { header: ORGANIZATION_HEADER });
    const actor = isUuid(orgId) && (await findActorByPerson(db, person.id, orgId));
    if (!actor) throw new DomainError('forbidden', 'no_user_in_org');
    return { actor };
  }

  return createMiddleware<AppEnv>(async (c, next) => {
    // Before the body, too, if it may be large: strangers must not fill the memory with bodies that never end.
    if (hasLargeBody(c)) await identify(c);
    // Waits for the body before the credentials are checked: a request that is held open must not outlive a right.
    await c.req.text();
    const { actor, usedKeys } = await identify(c);
    // Before the limit, so that metrics and the log name the organization of a refused request.
    c.set('actor', actor);
    rateLimiter.limit(c, rateLimit, { orgId: actor.orgId, callerId: actor.userId });
    c.set('identifyAgain', async () => c.set('actor', (await identify(c)).actor));
    await next();
    if (usedKeys) recordUse(dependencies, usedKeys);
  });
}

const LARGE_BODY_BYTES = 16 * 1024;

function hasLargeBody(c: Context): boolean {
  if (c.req.header('Transfer-Encoding') !== undefined) return true;
  return Number(c.req.header('Content-Length') ?? 0) > LARGE_BODY_BYTES;
}

/**
 * Authenticates a request by an API key alone, which identifies an organization. Sets `scope` and `retention`. Responds with 403
 * to a missing or unknown key, as Datadog does: agents repeat a request that gets a 401.
 */
export function authenticateApiKey(dependencies: Dependencies): MiddlewareHandler<AppEnv> {
  return authenticateScope(dependencies, (c) => c.req.header('DD-API-KEY'));
}

/** As {@link authenticateApiKey}, but accepts the key as a query parameter too: some log shippers cannot set headers. */
export function authenticateIntake(dependencies: Dependencies): MiddlewareHandler<AppEnv> {
  return authenticateScope(dependencies, intakeKeyOf);
}

/** Time for which the check of an intake key holds while the body arrives, in milliseconds. */
const KEY_CHECK_HOLDS_MS = 1_000;

/** Waits for the body, and checks the key again if that took long: a request that is held open must not outlive its key. */
export function recheckIntakeKey({ db }: Dependencies): MiddlewareHandler<AppEnv> {
  return createMiddleware<AppEnv>(async (c, next) => {
    const begin = performance.now();
    await c.req.arrayBuffer();
    if (performance.now() - begin > KEY_CHECK_HOLDS_MS) {
      const found = await findUsedApiKey(db, intakeKeyOf(c) ?? '');
      if (!found) throw new DomainError('forbidden', 'api_key_invalid');
    }
    return next();
  });
}

function intakeKeyOf(c: Context): string | undefined {
  return c.req.header('DD-API-KEY') ?? c.req.query('dd-api-key') ?? c.req.query('api_key');
}

function authenticateScope(
  dependencies: Dependencies,
  keyOf: (c: Context) => string | undefined,
): MiddlewareHandler<AppEnv> {
  return createMiddleware<AppEnv>(async (c, next) => {
    const apiKey = keyOf(c);
    const found = apiKey ? await findUsedApiKey(dependencies.db, apiKey) : undefined;
    if (!found) throw new DomainError('forbidden', 'api_key_invalid');
    const { scope, usedKeys } = found;
    c.set('scope', scope);
    c.set('retention', found.retention);
    dependencies.rateLimiter.limit(c, 'intake', { orgId: scope.orgId, callerId: usedKeys.apiKeyId });
    await next();
    recordUse(dependencies, usedKeys);
  });
}

/** Fire and forget: does not delay or fail the response. */
function recordUse({ db, log }: Dependencies, usedKeys: UsedKeys): void {
  if (!usedKeys.isUseDue) return;
  const { apiKeyId, applicationKeyId } = usedKeys;
  Promise.all([
    recordApiKeyUse(db, apiKeyId),
    applicationKeyId !== undefined && recordApplicationKeyUse(db, applicationKeyId),
  ]).catch((error: unknown) => log.warn({ err: error }, 'last use of keys could not be recorded'));
}

/**
 * Refuses writes from pages of other sites, which carry the browser's cookie, too. Browsers send the page's origin with every
 * write.
 */
export function refuseForeignPages(request: Request, origins: readonly string[]): void {
  if (isRead(request)) return;
  const origin = request.headers.get('Origin');
  if (origin === null || !origins.includes(origin)) {
    throw new DomainError('forbidden', 'page_of_other_site');
  }
}

/**
 * Refuses a request from a page that was rendered for a person who is not the signed-in person: all tabs of a browser share one
 * session. {@link PERSON_HEADER} names the page's person; writes must send it.
 *
 * @throws DomainError `refused` if the header is required and missing; `forbidden` if the header names another person, after
 *   which the console reads its session again
 */
export function refuseStalePages(request: Request, person: Person): void {
  const pagePersonId = request.headers.get(PERSON_HEADER);
  if (!pagePersonId) {
    if (isRead(request)) return;
    throw new DomainError('refused', 'header_required', { header: PERSON_HEADER });
  }
  if (pagePersonId !== person.id) {
    throw new DomainError('forbidden', 'page_of_other_person');
  }
}

function isRead({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD';
}
