import type { LinkProps } from 'react-router';

/*
 * The dialogs are routes below the list's, so that they can be linked to, reloaded, and left with Back.
 */

/** The dialogs' names, by the last part of their addresses. */
export const DIALOG_TITLES = {
  new: 'New Connection',
  edit: 'Edit Connection',
  permissions: 'Permissions',
  delete: 'Delete Connection',
} as const;

export type DialogName = keyof typeof DIALOG_TITLES;

/** The name of the dialog that an address opens, if it opens one. */
export function dialogTitleAt(pathname: string): string | undefined {
  return Object.entries(DIALOG_TITLES).find(([name]) => pathname.endsWith(`/${name}`))?.[1];
}

/** Marks a history entry that was opened from the list: closing its dialog is going back. */
interface OpenedFromList {
  openedFromList: true;
}

const OPENED_FROM_LIST: OpenedFromList = { openedFromList: true };

/** A link from the list to one of its dialogs. */
export function dialogLink(path: string, search: string) {
  return { to: { pathname: path, search }, state: OPENED_FROM_LIST } satisfies Partial<LinkProps>;
}

export function isOpenedFromList(state: unknown): state is OpenedFromList {
  return typeof state === 'object' && state !== null && 'openedFromList' in state;
}

/** The element id of what opens a dialog; the focus returns there. */
export function openerId(dialog: DialogName, connectionId?: string): string {
  return connectionId === undefined ? `open-${dialog}` : `open-${dialog}-${connectionId}`;
}
