import type { PermissionName } from '../../contract/permissions/constants.ts';
import { messages } from './messages.ts';

/** A page of an organization. */
interface Page {
  /** Path below the organization's. Dialogs of the page are routes below it. */
  path: string;
  /** Heading, label in the navigation, and part of the document's title. */
  title: string;
  /** Permission to see the page's content; undefined if each part of the page has its own. */
  permission: PermissionName | undefined;
  /** The navigation that links to the page. */
  place: 'main' | 'settings';
}

/** All pages of an organization, in the order of the navigation. An organization opens at `HOME_PAGE`. */
export const PAGES = {
  explore: { path: 'explore', title: messages.pageTitles.explore, permission: undefined, place: 'main' },
  connections: {
    path: 'settings/cross-org-visibility',
    title: messages.pageTitles.connections,
    permission: 'org_connections_read',
    place: 'settings',
  },
  keys: { path: 'settings/keys', title: messages.pageTitles.keys, permission: undefined, place: 'settings' },
} as const satisfies Record<string, Page>;

export type PageName = keyof typeof PAGES;

export const PAGE_NAMES: readonly PageName[] = Object.keys(PAGES).filter(isPageName);

const HOME_PAGE: PageName = 'connections';

/** Path below the organization's where it opens. */
export const HOME_PATH = PAGES[HOME_PAGE].path;

function isPageName(name: string): name is PageName {
  return Object.hasOwn(PAGES, name);
}

/** Returns the path of a page of an organization. */
export function pagePath(page: PageName, orgId: string): string {
  return `/orgs/${orgId}/${PAGES[page].path}`;
}

/** Returns the path where an organization opens. */
export function homePath(orgId: string): string {
  return pagePath(HOME_PAGE, orgId);
}

/** Returns the path of the same page in another organization, without the dialog that is open on it. */
export function samePageIn(orgId: string, pathname: string): string {
  return pagePath(locate(pathname)?.page ?? HOME_PAGE, orgId);
}

/** Returns the path of the page below the dialog at a path, or the path itself if no dialog is open. */
export function withoutDialog(pathname: string): string {
  const located = locate(pathname);
  return located ? pagePath(located.page, located.orgId) : pathname;
}

function locate(pathname: string): { page: PageName; orgId: string } | undefined {
  const [, orgId = '', path = ''] = /^\/orgs\/([^/]+)\/(.+)$/.exec(pathname) ?? [];
  const page = PAGE_NAMES.find((name) => `${path}/`.startsWith(`${PAGES[name].path}/`));
  return page && { page, orgId };
}
