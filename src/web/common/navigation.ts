import type { PermissionName } from '../../contract/permissions/constants.ts';

/** A settings page of an organization. */
interface SettingsPage {
  /** Last part of the page's address. */
  segment: string;
  /** Heading, tab in the navigation, and part of the document's title. */
  title: string;
  /** Permission to see the page's content; undefined if the page decides part by part. */
  permission: PermissionName | undefined;
}

/** The settings pages, in the order of the navigation. The first one is where an organization opens. */
export const SETTINGS_PAGES = {
  connections: {
    segment: 'cross-org-visibility',
    title: 'Cross-Org Visibility',
    permission: 'org_connections_read',
  },
  keys: { segment: 'keys', title: 'Keys', permission: undefined },
} as const satisfies Record<string, SettingsPage>;

export type SettingsPageName = keyof typeof SETTINGS_PAGES;

export const SETTINGS_PAGE_NAMES: readonly SettingsPageName[] = ['connections', 'keys'];

/** Returns the address of a settings page of an organization. */
export function settingsPath(page: SettingsPageName, orgId: string): string {
  return `/orgs/${orgId}/settings/${SETTINGS_PAGES[page].segment}`;
}

/** Returns the address of the settings page at `pathname`, or of the page below a dialog there, in another organization. */
export function sameSettingsPath(pathname: string, orgId: string): string {
  const [, segment] = /^\/orgs\/[^/]+\/settings\/([^/]+)/.exec(pathname) ?? [];
  const page = SETTINGS_PAGE_NAMES.find((name) => SETTINGS_PAGES[name].segment === segment);
  return settingsPath(page ?? 'connections', orgId);
}
