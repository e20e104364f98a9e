import { type KeyKind, KINDS } from './key.ts';

/** The dialogs as routes below the page of keys, so that they can be linked to, reloaded, and left with Back. */
const DIALOG_NAMES = ['new', 'edit', 'revoke'] as const;

export type DialogName = (typeof DIALOG_NAMES)[number];

const TITLES: Record<DialogName, Record<KeyKind, string>> = {
  new: { application: 'New Application Key', api: 'New API Key' },
  edit: { application: 'Edit Application Key', api: 'Rename API Key' },
  revoke: { application: 'Revoke this application key?', api: 'Revoke this API key?' },
};

/** The part of an address that tells which kind of key it is about. */
const SEGMENTS: Record<KeyKind, string> = { application: 'application-keys', api: 'api-keys' };

export function dialogTitle(dialog: DialogName, kind: KeyKind): string {
  return TITLES[dialog][kind];
}

/** A dialog's address below the page. */
export function dialogPath(dialog: DialogName, kind: KeyKind, keyId?: string): string {
  return keyId === undefined ? `${SEGMENTS[kind]}/${dialog}` : `${SEGMENTS[kind]}/${keyId}/${dialog}`;
}

/** The title of the dialog that an address opens, if it opens one. */
export function dialogTitleAt(pathname: string): string | undefined {
  const dialog = DIALOG_NAMES.find((name) => pathname.endsWith(`/${name}`));
  const kind = Object.keys(KINDS).find(
    (candidate): candidate is KeyKind => isKind(candidate) && pathname.includes(`/${SEGMENTS[candidate]}/`),
  );
  return dialog && kind && dialogTitle(dialog, kind);
}

/** The element id of what opens a dialog; the focus returns there. */
export function openerId(dialog: DialogName, kind: KeyKind, keyId = ''): string {
  return `open-${dialog}-${kind}-${keyId}`;
}

function isKind(value: string): value is KeyKind {
  return Object.hasOwn(KINDS, value);
}
