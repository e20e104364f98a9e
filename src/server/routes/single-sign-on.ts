import { type Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { SingleSignOnQuery } from '../../contract/console/schema.ts';
import { PATHS } from '../../contract/paths.ts';
import { nextPage } from '../../rules/next-page.ts';
import type { AppEnv, Dependencies } from '../http/env.ts';
import { SIGN_ON_PATIENCE_SECONDS, SignOnFailed } from '../identity/single-sign-on.ts';
import { readQuery } from '../http/validate.ts';
import { cookiePrefix } from '../identity/sessions.ts';
import { signInAs } from '../identity/sign-in.ts';
import { admitVerified } from '../store/persons.ts';

const COOKIE = 'cross-org-visibility.single-sign-on';

/** To the provider of single sign-on and back. Both are visited by browsers, so every outcome leads to a page. */
export function singleSignOnRoutes(dependencies: Dependencies) {
  const { db, singleSignOn, log, publicUrl, origins } = dependencies;
  return new Hono<AppEnv>({ strict: false })
    .get(PATHS.singleSignOn, async (c) => {
      if (!singleSignOn) return c.notFound();
      const next = nextPage(readQuery(c, SingleSignOnQuery).next, publicUrl);
      // The provider leads back to the public address, where a cookie of another name of this machine would not be sent.
      const origin = `http://${c.req.header('Host') ?? ''}`;
      if (origin !== publicUrl && origins.includes(origin)) {
        return c.redirect(`${publicUrl}${PATHS.singleSignOn}?${new URLSearchParams({ next }).toString()}`);
      }
      try {
        const { location, cookie } = await singleSignOn.begin(next);
        keepCookie(c, cookie, SIGN_ON_PATIENCE_SECONDS);
        return c.redirect(location.href);
      } catch (error) {
        return leadToSignIn(c, error, next);
      }
    })

    .get(PATHS.singleSignOnCallback, async (c) => {
      if (!singleSignOn) return c.notFound();
      const begun = singleSignOn.resume(getCookie(c, COOKIE, cookiePrefix(publicUrl)));
      keepCookie(c, '', 0);
      try {
        if (!begun) throw new SignOnFailed('expired');
        const verified = await singleSignOn.finish(new URL(c.req.url).search, begun);
        const admitted = await admitVerified(db, verified);
        const signedIn = admitted && (await signInAs(c, dependencies, verified.email));
        if (!signedIn) throw new SignOnFailed('unknown');
        return c.redirect(publicUrl + begun.next);
      } catch (error) {
        return leadToSignIn(c, error, begun?.next ?? '/');
      }
    });

  function keepCookie(c: Context, value: string, maxAge: number): void {
    setCookie(c, COOKIE, value, {
      ...(cookiePrefix(publicUrl) && { prefix: 'secure' }),
      path: PATHS.singleSignOnCallback,
      maxAge,
      httpOnly: true,
      sameSite: 'Lax',
    });
  }

  /** The sign-in page has words for each code; whatever else goes wrong is for the error handler. */
  function leadToSignIn(c: Context, error: unknown, next: string): Response {
    if (!(error instanceof SignOnFailed)) throw error;
    log.warn({ code: error.code, detail: error.message }, 'single sign-on failed');
    const query = new URLSearchParams({ error: error.code, ...(next !== '/' && { next }) });
    return c.redirect(`${publicUrl}/sign-in?${query.toString()}`);
  }
}
