import { PATHS } from '../../contract/paths.ts';
import { nextPage } from '../../rules/next-page.ts';

/** Returns the path of the sign-in page, which continues to `next`. */
export function signInPath(next: string): string {
  return next === '/' ? '/sign-in' : `/sign-in?${new URLSearchParams({ next }).toString()}`;
}

/** Returns `next` if it is a path on this site, else the start page. */
export function safeNext(next: string | null): string {
  return nextPage(next, location.origin);
}

/** Returns the server's path for single sign-on, which continues to `next`. */
export function singleSignOnPath(next: string): string {
  return next === '/'
    ? PATHS.singleSignOn
    : `${PATHS.singleSignOn}?${new URLSearchParams({ next }).toString()}`;
}
