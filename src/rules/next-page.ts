/**
 * The path that `next` names if it lies on the site of this origin, else the start page: a link that somebody made up must
 * not lead people elsewhere once they have signed in.
 */
export function nextPage(next: string | null | undefined, origin: string): string {
  const start = '/';
  if (!next?.startsWith('/')) return start;
  try {
    const url = new URL(next, origin);
    // A path of two slashes at its beginning, as `/x/..//elsewhere.example` becomes, would be another site's address.
    if (url.origin !== origin || url.pathname.startsWith('//') || url.pathname === '/sign-in') return start;
    return url.pathname + url.search + url.hash;
  } catch {
    return start;
  }
}
