import { useState } from 'react';
import { useLocation } from 'react-router';
import type { OrgUser } from '../api/session.ts';

/*
 * Unsaved input of dialogs, for the user who typed it. It is in the session storage: it belongs to one tab, and survives
 * single sign-on, which leaves the page. Never store secrets here.
 */

/** Increase it when the shape of any dialog's input changes: input of an earlier version is not read. */
const VERSION = 1;
const PREFIX = 'unsaved:';

/** @param dialog distinguishes the dialogs of a user */
export function inputKey(user: OrgUser, dialog: string): string {
  return `${PREFIX}${VERSION}:${user.id}:${dialog}`;
}

/** Where a dialog keeps its input, and what it kept there. */
export interface Restorable<Input> {
  key: string;
  /** Input that was kept earlier. */
  restored: Input | undefined;
}

export function readInput<Input>(key: string): Restorable<Input> {
  try {
    return { key, restored: JSON.parse(sessionStorage.getItem(key) ?? 'null') ?? undefined };
  } catch {
    return { key, restored: undefined };
  }
}

export function keepInput(key: string, input: unknown): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(input));
  } catch {
    // Storage is full or forbidden: the input is lost with the dialog.
  }
}

export function forgetInput(key: string): void {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // Storage is forbidden: nothing was kept.
  }
}

/** Removes the input of all dialogs, when the user signs out or another person signs in. */
export function forgetAllInput(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  } catch {
    // Storage is forbidden: nothing was kept.
  }
}

/** Returns the input that the dialog at the current path had when the session ended. `FormDialog` keeps it. */
export function useRestorable<Input>(user: OrgUser): Restorable<Input> {
  const { pathname } = useLocation();
  const [restorable] = useState(() => readInput<Input>(inputKey(user, pathname)));
  return restorable;
}
