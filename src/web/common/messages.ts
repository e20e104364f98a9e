import type { PermissionName } from '../../contract/permissions/constants.ts';
import { permissionLabel } from '../i18n/labels.ts';

const english = {
  productName: 'Cross-Org Visibility',
  pageTitles: { explore: 'Explore', connections: 'Cross-Org Visibility', keys: 'Keys' },
  organizationSettings: 'Organization settings',
  pages: 'Pages',
  settings: 'Settings',
  cancel: 'Cancel',
  close: 'Close',
  backToList: 'Back to the list',
  discardTitle: 'Discard unsaved changes?',
  discardText: 'Your changes have not been saved.',
  keepEditing: 'Keep editing',
  discardChanges: 'Discard changes',
  inputRestored: 'Your unsaved changes are back.',
  actions: 'Actions',

  needsPermission: (permission: PermissionName, org: string) =>
    `You need the ${permissionLabel(permission)} permission. An administrator of ${org} can grant it.`,
};

export type CommonMessages = typeof english;

export const messages: CommonMessages = english;
