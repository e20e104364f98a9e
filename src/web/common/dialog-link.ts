import type { LinkProps } from 'react-router';

/** Marks a history entry that was opened from its page: closing its dialog is going back. */
interface OpenedFromPage {
  openedFromPage: true;
}

const OPENED_FROM_PAGE: OpenedFromPage = { openedFromPage: true };

/** A link from a page to one of the dialogs that are routes below it. */
export function dialogLink(path: string, search: string) {
  return { to: { pathname: path, search }, state: OPENED_FROM_PAGE } satisfies Partial<LinkProps>;
}

export function isOpenedFromPage(state: unknown): state is OpenedFromPage {
  return typeof state === 'object' && state !== null && 'openedFromPage' in state;
}
