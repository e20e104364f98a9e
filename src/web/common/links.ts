import { PATHS } from '../../contract/paths.ts';
import { nextPage } from '../../rules/next-page.ts';

/** The sign-in page, which leads on to `next` afterwards. */
export function signInPath(next: string): string {
  return next === '/' ? '/sign-in' : `/sign-in?${new URLSearchParams({ next }).toString()}`;
}

/** Where to go after signing in: the path that `next` names if it lies on this site, else the start page. */
export function safeNext(next: string | null): string {
  return nextPage(next, location.origin);
}

/** Leads to the provider of single sign-on, and to `next` afterwards. The server answers it, so it is no route of the console. */
export function singleSignOnPath(next: string): string {
  return next === '/'
    ? PATHS.singleSignOn
    : `${PATHS.singleSignOn}?${new URLSearchParams({ next }).toString()}`;
}
