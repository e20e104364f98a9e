import { preloadable } from '../../preloadable.tsx';

/*
 * The list does not need its dialogs: each is fetched when the pointer or the focus reaches what opens it, and at
 * the latest when the browser has nothing else to do. They are routes below the list's, so that they can be linked to,
 * reloaded, and left with Back.
 */

export const NewConnectionDialog = preloadable(
  async () => (await import('./new-connection-dialog.tsx')).NewConnectionDialog,
);

export const EditConnectionDialog = preloadable(
  async () => (await import('./edit-connection-dialog.tsx')).EditConnectionDialog,
);

export const DeleteConnectionDialog = preloadable(
  async () => (await import('./delete-connection-dialog.tsx')).DeleteConnectionDialog,
);

/** Fetches them when nothing more urgent is under way; returns what calls it off. */
export function preloadDialogsWhenIdle(): () => void {
  // Safari knows no idle callbacks.
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(preloadDialogs, 1000);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(preloadDialogs);
  return () => cancelIdleCallback(handle);
}

function preloadDialogs() {
  for (const dialog of [NewConnectionDialog, EditConnectionDialog, DeleteConnectionDialog])
    void dialog.preload();
}

/** The dialogs' names, by the last part of their addresses. */
export const DIALOG_TITLES = {
  new: 'New Connection',
  edit: 'Edit Connection',
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
