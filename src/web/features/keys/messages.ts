import type { ReactNode } from 'react';
import type { PermissionName } from '../../../contract/permissions/constants.ts';
import { permissionLabel } from '../../i18n/labels.ts';
import { formatList, plural } from '../../i18n/format.ts';
import { rich } from '../../i18n/rich-text.ts';
import type { KeyKind } from './key.ts';

/** Texts that differ between the two kinds of keys. */
interface KindMessages {
  title: string;
  about: (org: string) => string;
  loading: string;
  failed: string;
  none: string;
  new: string;
  edit: string;
  revoke: string;
  createdTitle: string;
  /** Label of the key itself. */
  secretLabel: (name: string) => string;
  editLabel: (name: string) => string;
  revokeLabel: (name: string) => string;
  consequence: string;
  createdUnseen: (name: string) => string;
  saved: (name: string) => string;
  revoked: (name: string) => string;
}

const application: KindMessages = {
  title: 'Application keys',
  about: (org) => `Application keys let programs act as you in ${org}. Use one together with an API key.`,
  loading: 'Loading application keys',
  failed: 'The application keys could not be loaded.',
  none: 'No application keys yet.',
  new: 'New Application Key',
  edit: 'Edit Application Key',
  revoke: 'Revoke this application key?',
  createdTitle: 'Application Key Created',
  secretLabel: (name) => `Application key ${name}`,
  editLabel: (name) => `Edit application key ${name}`,
  revokeLabel: (name) => `Revoke application key ${name}`,
  consequence: 'Programs using this key will stop working immediately. A revoked key can’t be restored.',
  createdUnseen: (name) =>
    `The application key ${name} was created, but its dialog was closed before the key was shown. Revoke it and create another.`,
  saved: (name) => `The application key ${name} was saved.`,
  revoked: (name) => `The application key ${name} was revoked.`,
};

const api: KindMessages = {
  title: 'API keys',
  about: (org) => `API keys identify ${org} to the API.`,
  loading: 'Loading API keys',
  failed: 'The API keys could not be loaded.',
  none: 'No API keys yet.',
  new: 'New API Key',
  edit: 'Rename API Key',
  revoke: 'Revoke this API key?',
  createdTitle: 'API Key Created',
  secretLabel: (name) => `API key ${name}`,
  editLabel: (name) => `Rename API key ${name}`,
  revokeLabel: (name) => `Revoke API key ${name}`,
  consequence:
    'Programs using this key will stop working immediately, with any application key. A revoked key can’t be restored.',
  createdUnseen: (name) =>
    `The API key ${name} was created, but its dialog was closed before the key was shown. Revoke it and create another.`,
  saved: (name) => `The API key ${name} was saved.`,
  revoked: (name) => `The API key ${name} was revoked.`,
};

const kinds: Record<KeyKind, KindMessages> = { application, api };

const english = {
  kinds,
  keyGone: 'This key no longer exists. The list has been refreshed.',

  // The tables
  columns: {
    name: 'Name',
    key: 'Key',
    scopes: 'Scopes',
    createdBy: 'Created by',
    created: 'Created',
    lastUsed: 'Last used',
  },
  allPermissions: 'All permissions',
  operator: 'Operator of this console',
  never: 'Never',
  editAction: { application: 'Edit', api: 'Rename' },
  revokeAction: 'Revoke',

  // The dialogs
  nameLabel: 'Name',
  namePlaceholder: 'For example, Terraform',
  nameMissing: 'Enter a name.',
  create: 'Create',
  save: 'Save',
  revoke: 'Revoke',
  done: 'Done',
  shownOnce: 'Copy it now: this key will not be shown again.',
  neverUsed: 'It has never been used.',
  lastUsed: (time: ReactNode): ReactNode => rich`Last used ${time}.`,

  // Scopes
  scopes: 'Scopes',
  noScopes: 'No scopes selected: the key has all your current and future permissions.',
  scopeCount: (count: number) =>
    plural(count, {
      one: (n) => `The key has ${n} permission, as long as you have it yourself.`,
      other: (n) => `The key has ${n} permissions, as long as you have them yourself.`,
    }),
  scopeNotHeld: (permission: PermissionName) => `${permissionLabel(permission)} (you don’t have it)`,
  scopeList: (permissions: readonly PermissionName[]) => formatList(permissions.map(permissionLabel)),
};

export type KeyMessages = typeof english;

export const messages: KeyMessages = english;
