import type { MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import { ORGANIZATION_HEADER, PERSON_HEADER } from '../../contract/paths.ts';
import { DomainError } from '../../rules/errors.ts';
import { findActorByKeys, findActorByPerson, findUsedApiKey } from '../store/actors.ts';
import { recordKeyUse, type UsedKeys } from '../store/keys.ts';
import type { AppEnv, Dependencies } from '../http/env.ts';
import { unauthorized } from '../http/errors.ts';
import { isUuid } from '../http/validate.ts';
import { type Person, readSession } from './sessions.ts';

/**
 * Credentials become an actor: a program's two keys, or a signed-in person together with the organization that their
 * request names. Unknown credentials are a 401.
 */
export function authenticate(dependencies: Dependencies): MiddlewareHandler<AppEnv> {
  const { db, origins } = dependencies;
  return createMiddleware<AppEnv>(async (c, next) => {
    // Waits for the body before it checks credentials: a request that is held open must not outlive a right.
    await c.req.text();
    const apiKey = c.req.header('DD-API-KEY');
    const applicationKey = c.req.header('DD-APPLICATION-KEY');
    if (apiKey !== undefined || applicationKey !== undefined) {
      const found = apiKey && applicationKey && (await findActorByKeys(db, { apiKey, applicationKey }));
      if (!found) throw unauthorized();
      c.set('actor', found.actor);
      await next();
      return recordUse(dependencies, found.usedKeys);
    }

    const person = await readSession(c, dependencies);
    if (!person) throw unauthorized();
    c.set('isFromConsole', true);
    refuseForeignPages(c.req.raw, origins);
    refuseStalePages(c.req.raw, person);
    const orgId = c.req.header(ORGANIZATION_HEADER);
    if (!orgId) throw new DomainError('refused', 'header_required', { header: ORGANIZATION_HEADER });
    const actor = isUuid(orgId) && (await findActorByPerson(db, person.id, orgId));
    if (!actor) throw new DomainError('forbidden', 'no_user_in_org');
    c.set('actor', actor);
    return next();
  });
}

/** For the calls that take an API key alone, which names an organization. */
export function authenticateApiKey(dependencies: Dependencies): MiddlewareHandler<AppEnv> {
  return createMiddleware<AppEnv>(async (c, next) => {
    const apiKey = c.req.header('DD-API-KEY');
    const found = apiKey ? await findUsedApiKey(dependencies.db, apiKey) : undefined;
    if (!found) throw unauthorized();
    c.set('scope', found.scope);
    c.set('retention', found.retention);
    await next();
    recordUse(dependencies, found.usedKeys);
  });
}

/** Fire and forget: does not delay or fail the response. */
function recordUse({ db, log }: Dependencies, usedKeys: UsedKeys): void {
  if (!usedKeys.isUseDue) return;
  recordKeyUse(db, usedKeys).catch((error: unknown) =>
    log.warn({ err: error }, 'last use of keys could not be recorded'),
  );
}

/**
 * Protects what a browser does with its cookie from other sites' pages: browsers name the page's origin in every
 * request that could change something.
 */
export function refuseForeignPages(request: Request, origins: readonly string[]): void {
  if (isRead(request)) return;
  const origin = request.headers.get('Origin');
  if (origin === null || !origins.includes(origin)) {
    throw new DomainError('forbidden', 'page_of_other_site');
  }
}

/**
 * Refuses a request from a page that was rendered for another person than the one who is signed in: all tabs of a browser
 * share one session. {@link PERSON_HEADER} names the page's person; a request that could change something must send it.
 *
 * @throws DomainError `refused` if the header is required and missing; `forbidden` if the header names another person; the console reads its session again after any 403
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
