import { PERMISSIONS, type PermissionName } from '../../contract/permissions/constants.ts';

const english = {
  productName: 'Cross-Org Visibility',
  pageTitles: { connections: 'Cross-Org Visibility', keys: 'Keys' },
  organizationSettings: 'Organization settings',
  cancel: 'Cancel',
  close: 'Close',
  backToList: 'Back to the list',
  discardTitle: 'Discard unsaved changes?',
  discardText: 'Your changes have not been saved.',
  keepEditing: 'Keep editing',
  discardChanges: 'Discard changes',
  actions: 'Actions',

  needsPermission: (permission: PermissionName, org: string) =>
    `You need the ${permissionLabel(permission)} permission. An administrator of ${org} can grant it.`,
};

export type CommonMessages = typeof english;

export const messages: CommonMessages = english;

/** Name of a permission as Datadog displays it: "Org Connections Write". It is the same in every language. */
export function permissionLabel(permission: PermissionName): string {
  return PERMISSIONS.find(({ name }) => name === permission)?.display_name ?? permission;
}
