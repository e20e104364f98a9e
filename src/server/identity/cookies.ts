/** Attributes of our cookies: scripts cannot read them, and other sites' forms do not send them. */
export function cookieAttributes(publicUrl: string, path: string) {
  const prefix = cookiePrefix(publicUrl);
  return { path, httpOnly: true, sameSite: 'Lax', ...(prefix && { prefix }) } as const;
}

/** Over https, `__Secure-` in the cookie's name makes browsers refuse it without the Secure attribute. */
export function cookiePrefix(publicUrl: string): 'secure' | undefined {
  return publicUrl.startsWith('https:') ? 'secure' : undefined;
}
