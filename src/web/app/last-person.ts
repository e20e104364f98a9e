/* The person who was last signed in in this tab. The session storage also survives single sign-on, which leaves the page. */

const KEY = 'last-person';

export function readLastPersonId(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function writeLastPersonId(id: string): void {
  try {
    sessionStorage.setItem(KEY, id);
  } catch {
    // Storage is full or forbidden: the person is remembered until the page is left.
  }
}
