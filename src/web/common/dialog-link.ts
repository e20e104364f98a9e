import type { LinkProps } from 'react-router';

/** State of a history entry whose dialog was opened from its page: closing the dialog goes back. */
interface OpenedFromPage {
  openedFromPage: true;
}

const OPENED_FROM_PAGE: OpenedFromPage = { openedFromPage: true };

/** Returns the props of a link from a page to one of its dialogs. */
export function dialogLink(path: string, search: string) {
  return { to: { pathname: path, search }, state: OPENED_FROM_PAGE } satisfies Partial<LinkProps>;
}

export function isOpenedFromPage(state: unknown): state is OpenedFromPage {
  return typeof state === 'object' && state !== null && 'openedFromPage' in state;
}
