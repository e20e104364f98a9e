import { type Context, Hono } from 'hono';
import { SingleSignOnQuery } from '../../contract/console/schema.ts';
import { PATHS } from '../../contract/paths.ts';
import { nextPage } from '../../rules/next-page.ts';
import type { AppEnv, Dependencies } from '../http/env.ts';
import { SignOnFailed } from '../identity/single-sign-on.ts';
import { readQuery } from '../http/validate.ts';
import { signInAs } from '../identity/sign-in.ts';
import { changeAsSystem } from '../changes/change.ts';
import { admitVerified } from '../changes/persons.ts';

/** Redirects of single sign-on: to the provider and back. Browsers open both, so every outcome redirects to a page. */
export function singleSignOnRoutes(dependencies: Dependencies) {
  const { singleSignOn, log, publicUrl, origins } = dependencies;
  return new Hono<AppEnv>({ strict: false })
    .get(PATHS.singleSignOn, async (c) => {
      if (!singleSignOn) return c.notFound();
      const next = nextPage(readQuery(c, SingleSignOnQuery).next, publicUrl);
      // The provider redirects to the public address, where the browser does not send a cookie set on another name of this machine.
      const origin = `http://${c.req.header('Host') ?? ''}`;
      if (origin !== publicUrl && origins.includes(origin)) {
        return c.redirect(`${publicUrl}${PATHS.singleSignOn}?${new URLSearchParams({ next }).toString()}`);
      }
      try {
        return c.redirect((await singleSignOn.begin(c, next)).href);
      } catch (error) {
        return redirectToSignIn(c, error, next);
      }
    })

    .get(PATHS.singleSignOnCallback, async (c) => {
      if (!singleSignOn) return c.notFound();
      const pending = await singleSignOn.resume(c);
      try {
        if (!pending) throw new SignOnFailed('expired');
        const verified = await singleSignOn.finish(new URL(c.req.url).search, pending);
        const admitted = await changeAsSystem(dependencies, 'sign-in', (changes) =>
          admitVerified(changes, verified),
        );
        const signedIn = admitted && (await signInAs(c, dependencies, verified.email));
        if (!signedIn) throw new SignOnFailed('unknown');
        return c.redirect(publicUrl + pending.next);
      } catch (error) {
        return redirectToSignIn(c, error, pending?.next ?? '/');
      }
    });

  /** Redirects to the sign-in page, which has a text for each code. Other errors go to the error handler. */
  function redirectToSignIn(c: Context, error: unknown, next: string): Response {
    if (!(error instanceof SignOnFailed)) throw error;
    log.warn({ code: error.code, detail: error.message }, 'single sign-on failed');
    const query = new URLSearchParams({ error: error.code, ...(next !== '/' && { next }) });
    return c.redirect(`${publicUrl}/sign-in?${query.toString()}`);
  }
}
