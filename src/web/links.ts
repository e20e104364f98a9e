/** The console's addresses. */

export function crossOrgVisibilityPath(orgId: string): string {
  return `/orgs/${orgId}/settings/cross-org-visibility`;
}

export function keysPath(orgId: string): string {
  return `/orgs/${orgId}/settings/keys`;
}

/** The settings page that `pathname` shows of one organization, or a dialog below it, of another organization. */
export function sameSettingsPath(pathname: string, orgId: string): string {
  return /^\/orgs\/[^/]+\/settings\/keys(\/|$)/.test(pathname)
    ? keysPath(orgId)
    : crossOrgVisibilityPath(orgId);
}

/** The sign-in page, which leads on to `next` afterwards. */
export function signInPath(next: string): string {
  return next === '/' ? '/sign-in' : `/sign-in?${new URLSearchParams({ next }).toString()}`;
}

/** The path that `next` names if it lies on this site, else the start page: a link must not lead people elsewhere. */
export function safeNext(next: string | null): string {
  const start = '/';
  if (!next?.startsWith('/')) return start;
  try {
    const url = new URL(next, location.origin);
    if (url.origin !== location.origin || url.pathname === '/sign-in') return start;
    return url.pathname + url.search + url.hash;
  } catch {
    return start;
  }
}
