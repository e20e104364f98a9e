import { type KeyKind, KINDS } from './key.ts';
import { messages } from './messages.ts';

/** Dialogs of the keys page. They are routes, so that they can be linked to and reloaded. */
const DIALOG_NAMES = ['new', 'edit', 'revoke'] as const;

export type DialogName = (typeof DIALOG_NAMES)[number];

/** Path segment of each kind of key. */
const SEGMENTS: Record<KeyKind, string> = { application: 'application-keys', api: 'api-keys' };

export function dialogTitle(dialog: DialogName, kind: KeyKind): string {
  return messages.kinds[kind][dialog];
}

/** Returns the path of a dialog below the page. */
export function dialogPath(dialog: DialogName, kind: KeyKind, keyId?: string): string {
  return keyId === undefined ? `${SEGMENTS[kind]}/${dialog}` : `${SEGMENTS[kind]}/${keyId}/${dialog}`;
}

/** Returns the title of the dialog at a path, or undefined if there is none. */
export function dialogTitleAt(pathname: string): string | undefined {
  const dialog = DIALOG_NAMES.find((name) => pathname.endsWith(`/${name}`));
  const kind = Object.keys(KINDS).find(
    (candidate): candidate is KeyKind => isKind(candidate) && pathname.includes(`/${SEGMENTS[candidate]}/`),
  );
  return dialog && kind && dialogTitle(dialog, kind);
}

/** Returns the id of the element that opens a dialog, where focus returns. */
export function openerId(dialog: DialogName, kind: KeyKind, keyId = ''): string {
  return `open-${dialog}-${kind}-${keyId}`;
}

function isKind(value: string): value is KeyKind {
  return Object.hasOwn(KINDS, value);
}
