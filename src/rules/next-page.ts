/**
 * Returns the path in `next` if it is on this origin, else the start page. Prevents open redirects: a forged link must not
 * lead to another site after sign-in.
 */
export function nextPage(next: string | null | undefined, origin: string): string {
  const start = '/';
  if (!next?.startsWith('/')) return start;
  try {
    const url = new URL(next, origin);
    // A path that starts with two slashes is another site's address: `/x/..//elsewhere.example` resolves to one.
    if (url.origin !== origin || url.pathname.startsWith('//') || url.pathname === '/sign-in') return start;
    return url.pathname + url.search + url.hash;
  } catch {
    return start;
  }
}
