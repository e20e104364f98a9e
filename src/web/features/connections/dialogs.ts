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

/** The element id of what opens a dialog; the focus returns there. */
export function openerId(dialog: DialogName, connectionId?: string): string {
  return connectionId === undefined ? `open-${dialog}` : `open-${dialog}-${connectionId}`;
}
