import type { ReactNode } from 'react';
import type { PrincipalType, Relation } from '../../../contract/restriction-policies/constants.ts';
import { permissionLabel } from '../../i18n/labels.ts';
import { formatList, formatNumber, plural } from '../../i18n/format.ts';
import { rich, strong } from '../../i18n/rich-text.ts';

type Side = 'source' | 'destination';

const relations: Record<Relation, string> = { viewer: 'Viewer', editor: 'Editor' };

const kinds: Record<PrincipalType, string> = {
  org: 'All members',
  role: 'Role',
  team: 'Team',
  user: 'User',
};

const deletedPrincipals: Record<PrincipalType, string> = {
  org: 'An organization that no longer exists',
  role: 'A role that no longer exists',
  team: 'A team that no longer exists',
  user: 'A user that no longer exists',
};

const unnamedPrincipals: Record<PrincipalType, string> = {
  org: 'An organization',
  role: 'A role',
  team: 'A team',
  user: 'A user',
};

const MAX_NAMES = 5;

/** "a, b, and others" */
function firstOf(names: readonly string[]): string {
  return formatList(names.length > MAX_NAMES ? [...names.slice(0, MAX_NAMES), 'others'] : names);
}

const write = permissionLabel('org_connections_write');
const read = permissionLabel('org_connections_read');

const english = {
  // Who has access
  fullAccess: (org: string, side: Side): ReactNode =>
    side === 'source'
      ? rich`Anyone in ${strong(org)} with the ${write} permission can change or delete this connection.`
      : rich`Anyone in ${strong(org)} with ${read} and permission to view a data type can query it. Anyone with ${write} can delete the connection.`,
  fullAccessAfterSave: (org: string, side: Side): ReactNode =>
    side === 'source'
      ? rich`Full access will be restored when you save. Anyone in ${strong(org)} with the ${write} permission can then change or delete this connection.`
      : rich`Full access will be restored when you save. Anyone in ${strong(org)} with ${read} and permission to view a data type can then query it. Anyone with ${write} can then delete the connection.`,
  restricted: {
    source: 'Only editors can change or delete this connection or manage who has access to it.',
    destination:
      'Only viewers and editors can query the shared data. Only editors can delete the connection or manage who has access to it.',
  },
  restrictAccess: 'Restrict Access',
  restoreFullAccess: 'Restore Full Access',
  linesLabel: 'Who has access',
  noLines: {
    source:
      'No editors. No one can change or delete this connection until someone who manages access changes these permissions.',
    destination:
      'No viewers or editors. No one can query the shared data or delete this connection until someone who manages access changes these permissions.',
  },
  you: 'You',
  includesYou: 'Includes you',
  accessOf: (name: string) => `Access of ${name}`,
  remove: (name: string) => `Remove ${name}`,
  thisLine: 'this line',

  // Principals
  relations,
  kinds,
  groups: { role: 'Roles', team: 'Teams', user: 'Users' },
  deletedPrincipals,
  unnamedPrincipals,
  inactive: { Disabled: 'disabled: has no access', Pending: 'has not joined yet' },

  // The picker
  pickerLabel: 'Add roles, teams, or users',
  pickerPlaceholder: 'Select roles, teams, or users',
  pickerSearch: 'Search roles, teams, and users',
  pickerEmpty: 'Nothing in this organization has that name.',
  pickerMore: 'More results available. Keep typing to narrow the list.',
  alreadyHas: (relation: Relation) => `Already ${relations[relation]}`,
  add: 'Add',
  addObstacle: 'Select roles, teams, or users first.',

  // Notices
  needsWrite: (org: string) =>
    `You can see who has access but not change it. You need the ${write} permission. An administrator of ${org} can grant it.`,
  notEditor:
    'You can view this connection but not change it or its permissions, because you’re not an editor.',
  notEditorNeedsWrite: (org: string) =>
    `You can view this connection but not change it or its permissions, because you’re not an editor and don’t have the ${write} permission. An administrator of ${org} can grant the permission.`,
  askEditors: (editors: readonly string[], people: readonly string[]) =>
    people.length > 0
      ? `Ask an editor: ${firstOf(editors)} (${firstOf(people)}).`
      : `Ask an editor: ${firstOf(editors)}.`,
  noEditors: (org: string) =>
    `It no longer has an editor. Anyone with the ${permissionLabel('user_access_manage')} permission in ${org} can help.`,
  elevateHint:
    'You are not an editor of this connection. Because you manage access, you can still change its permissions and add yourself as an editor.',
  elevate: 'Elevate Access',
  lockout:
    'You’d lose access. Add yourself, or a role, team, or organization that includes you, as an editor:',
  allMembersOf: (org: string) => `All members of ${org}`,
  acceptLockout: 'Save without me. I can regain access because I manage access here.',
  unsavedChanges: 'You have unsaved changes from earlier.',
  continueChanges: 'Continue',
  discardChanges: 'Discard',

  // Changes of two people
  changedMeanwhile:
    'These permissions changed while you were editing. Choose which changes to keep. Nothing has been saved.',
  theirChanges: 'Their changes',
  yourChanges: 'Your changes',
  contested: (names: readonly string[]) =>
    `You both changed ${formatList(names)}: combining takes the lesser access.`,
  combine: 'Combine both',
  keepMine: 'Keep mine only',
  takeTheirs: 'Take theirs',
  restored: 'Full access restored',
  restrictedChange: 'Access restricted',
  added: (name: string, relation: Relation) => `${name} added as ${relations[relation]}`,
  removed: (name: string) => `${name} removed`,
  changed: (name: string, before: Relation, after: Relation) =>
    `${name}: ${relations[before]}, now ${relations[after]}`,

  // Announcements to screen readers
  saidRelation: (name: string, relation: Relation) => `${name} is now ${relations[relation]}.`,
  saidRemoved: (name: string) => `${name} removed.`,
  saidAdded: (names: readonly string[]) => `${formatList(names)} added as Editor.`,
  saidAddedYou: 'You are added as Editor.',
  saidContinued: 'Your changes are back.',
  saidDiscarded: 'Your earlier changes are discarded.',
  saidRestrict: 'Access will be restricted.',
  saidRestore: 'Full access will be restored when you save.',
  saidCombined: 'Both changes are combined.',
  saidKept: 'Your changes are kept.',
  saidTaken: 'Their changes are kept.',

  // Save
  save: 'Save',
  chooseFirst: 'Choose which changes to keep first.',
  addFirst: 'Add or clear your selection before saving.',
  lockoutObstacle: 'You’d lose access. Add an editor that includes you.',
  savedFullAccess: (org: string) => `Full access to the connection is restored in ${org}.`,
  savedRestricted: (org: string) => `Access to the connection is restricted in ${org}.`,

  // People with access
  peopleTitle: 'Who has access',
  peopleCounts: {
    source: (_: number, canEdit: number) =>
      plural(canEdit, { one: (n) => `${n} person can edit`, other: (n) => `${n} people can edit` }),
    destination: (canQuery: number, canEdit: number) =>
      formatList([
        plural(canQuery, { one: (n) => `${n} person can query`, other: (n) => `${n} people can query` }),
        plural(canEdit, { one: (n) => `${n} person can edit`, other: (n) => `${n} people can edit` }),
      ]),
  },
  countsUnknown: 'Not known',
  peopleLabel: 'People with access',
  peopleSearch: 'Search people',
  peopleSearchPlaceholder: 'Name or email',
  noPeople: {
    source: 'No one can edit this connection.',
    destination: 'No one can query the shared data or edit this connection.',
  },
  noSuchPeople: 'No one with that name has access.',
  morePeople: (shown: number, total: number) =>
    plural(total, {
      one: (n) => `${formatNumber(shown)} of ${n} person; search to find the others.`,
      other: (n) => `${formatNumber(shown)} of ${n} people; search to find the others.`,
    }),
  canQuery: 'Query',
  canEdit: 'Edit',
};

export type PermissionMessages = typeof english;

export const messages: PermissionMessages = english;
