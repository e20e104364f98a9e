import { messages } from './messages.ts';

/** Dialogs of the list, by the last part of their paths. They are routes, so that they can be linked to and reloaded. */
export type DialogName = keyof typeof messages.dialogTitles;

/** Returns the title of the dialog at a path, or undefined if there is none. */
export function dialogTitleAt(pathname: string): string | undefined {
  return Object.entries(messages.dialogTitles).find(([name]) => pathname.endsWith(`/${name}`))?.[1];
}

/** Returns the id of the element that opens a dialog, where focus returns. */
export function openerId(dialog: DialogName, connectionId?: string): string {
  return connectionId === undefined ? `open-${dialog}` : `open-${dialog}-${connectionId}`;
}
