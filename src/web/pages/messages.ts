import type { ReactNode } from 'react';
import type { SignOnFailure } from '../../contract/console/constants.ts';
import { formatNumber, plural } from '../i18n/format.ts';
import { rich, strong } from '../i18n/rich-text.ts';

const signOnFailures: Record<SignOnFailure, string> = {
  cancelled: 'Sign-in was canceled.',
  expired: 'Sign-in took too long, or was started in another tab. Try again.',
  unverified:
    'Your provider did not confirm that your email address is verified. Ask its administrator to verify it.',
  unknown: 'No user here has the email address that you signed in with. Ask an administrator to invite you.',
  unavailable: 'Single sign-on is not responding. Try again later.',
  failed: 'Single sign-on failed. Try again. If it fails again, contact the operator of this console.',
};

const english = {
  retry: 'Retry',
  goToStart: 'Go to the start page',
  somethingWrong: 'Something went wrong',
  dialogNotLoaded:
    'This dialog could not be loaded. Try again. If it fails again, reload the page to get the latest version.',
  dialogNotLoadedOffline: 'You’re offline. The dialog will load when you’re online again.',
  reload: 'Reload the page',
  pageNotLoaded: 'This page could not be loaded',
  pageNotLoadedText: 'Try again. If it fails again, reload the page to get the latest version.',
  pageNotLoadedOffline: 'You’re offline. The page will load when you’re online again.',
  outdatedList: 'The list could not be refreshed and may be out of date.',

  // Connections
  connectionsHidden: 'You can’t see this organization’s connections',
  connectionsFailed: 'The connections could not be loaded',
  readOnly: 'You can see these connections but not change them.',
  loadingConnections: 'Loading connections',
  newConnection: 'New Connection',
  noConnections: 'No connections yet',
  whatConnectionsAre: (org: string) =>
    `A connection lets another organization of your account, the destination, query data of ${org}, the source. Data isn’t copied, and deleting the connection ends the access.`,
  connectionLimit: (max: number) =>
    plural(max, {
      one: (n) => `An organization can share with ${n} other.`,
      other: (n) => `An organization can share with up to ${n} others.`,
    }),
  featureOffTitle: (org: string) => `Cross-Org Visibility is off in ${org}`,
  featureOffText: 'Connections can’t be created until the operator of this console turns it on.',
  noMatch: 'No matching connections',
  noMatchText: (total: number) =>
    plural(total, {
      one: () => 'The connection does not match. Try a different filter.',
      other: () => `None of the ${formatNumber(total)} connections matches. Try a different filter.`,
    }),
  clearFilters: 'Clear filters',

  // Sign-in and invitations
  signIn: 'Sign in',
  signOnFailures,
  join: (org: string) => `Join ${org}`,
  signedInAs: (email: string): ReactNode => rich`You are signed in as ${strong(email)}.`,
  invitationForOther: (email: string, signedInAs: string): ReactNode =>
    rich`This invitation is for ${strong(email)}, but you are signed in as ${strong(signedInAs)}. Sign out to accept it.`,
  signInToJoin: (email: string): ReactNode => rich`Sign in as ${strong(email)} to join.`,
  invitedAs: (email: string): ReactNode => rich`You are invited as ${strong(email)}.`,
  invitationNotValid: 'Invitation not valid',

  // Pages that do not exist
  noOrganization: 'No organization',
  noOrganizationText: (email: string): ReactNode =>
    rich`${strong(email)} is not an active user of any organization. Ask an administrator to invite you.`,
  noAccess: 'No access to this organization',
  noAccessText: (email: string): ReactNode =>
    rich`${strong(email)} doesn’t have access to this organization, or it doesn’t exist. You have access to:`,
  notFound: 'Page not found',
  notFoundText: 'This page doesn’t exist. Its address may be mistyped, or the page may have moved.',
};

export type PageMessages = typeof english;

export const messages: PageMessages = english;
