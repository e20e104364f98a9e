import type { ReactNode } from 'react';
import type { ConnectionType } from '../../../contract/org-connections/constants.ts';
import type { PermissionName } from '../../../contract/permissions/constants.ts';
import type { Obstacle } from '../../../rules/connections.ts';
import { dataTypeLabels, permissionLabel } from '../../i18n/labels.ts';
import { formatList, formatNumber, plural } from '../../i18n/format.ts';
import { rich, strong } from '../../i18n/rich-text.ts';

type Types = readonly ConnectionType[];

/** "Metrics and Logs" */
function listTypes(types: Types): string {
  return formatList(types.map((type) => dataTypeLabels[type]));
}

/** A connection as seen from one of its two organizations. */
interface Ends {
  side: 'source' | 'destination';
  source: { name: string };
  destination: { name: string };
}

/** Returns one of two sentences, with the name of the other organization. */
function seenFrom(
  ends: Ends,
  texts: { source: (to: string) => string; destination: (from: string) => string },
) {
  return ends.side === 'source' ? texts.source(ends.destination.name) : texts.destination(ends.source.name);
}

const english = {
  // The list
  table: 'Connections',
  columns: {
    source: 'Source',
    destination: 'Destination',
    types: 'Data types',
    'created-by': 'Created by',
    created: 'Created',
  },
  organizationColumn: 'organization',
  sides: {
    all: 'All',
    'shared-by': 'Shared by this organization',
    'shared-with': 'Shared with this organization',
  },
  sidesLegend: 'Which connections to show',
  filterLabel: 'Filter connections',
  filterPlaceholder: 'Organization, data type, or person',
  count: (shown: number, total: number) =>
    shown === total
      ? plural(total, { one: (n) => `${n} connection`, other: (n) => `${n} connections` })
      : plural(total, {
          one: (n) => `${formatNumber(shown)} of ${n} connection`,
          other: (n) => `${formatNumber(shown)} of ${n} connections`,
        }),
  thisOrganization: 'This organization',
  sharesWith: 'shares with',
  queriesRefused: 'Queries are refused',
  typesRefused: (types: Types) => `${listTypes(types)} can’t be queried`,
  unavailableInOrg: (org: string) =>
    `Cross-Org Visibility is off in ${org}. Ask the operator of this console to turn it on.`,
  creatorInactive: (creator: string, source: string) =>
    `${creator}, who created this connection, is no longer active in ${source}. An administrator of ${source} can delete the connection and create it again.`,
  creatorLacks: (creator: string, permission: PermissionName, source: string) =>
    `${creator}, who created this connection, no longer has the ${permissionLabel(permission)} permission in ${source}. An administrator of ${source} can grant it, or delete the connection and create it again.`,
  editAction: 'Edit',
  editLabel: (ends: Ends) =>
    seenFrom(ends, {
      source: (to) => `Edit connection to ${to}`,
      destination: (from) => `Edit connection from ${from}`,
    }),
  deleteAction: 'Delete',
  deleteLabel: (ends: Ends) =>
    seenFrom(ends, {
      source: (to) => `Delete connection to ${to}`,
      destination: (from) => `Delete connection from ${from}`,
    }),
  permissionsAction: 'Permissions',
  permissionsLabel: (ends: Ends, isRestricted: boolean) =>
    isRestricted
      ? seenFrom(ends, {
          source: (to) => `Permissions of connection to ${to}, restricted`,
          destination: (from) => `Permissions of connection from ${from}, restricted`,
        })
      : seenFrom(ends, {
          source: (to) => `Permissions of connection to ${to}`,
          destination: (from) => `Permissions of connection from ${from}`,
        }),

  // Why something is not possible
  onlyEditors: 'Only editors of this connection can do this. Open Permissions to see who they are.',
  onlyViewers: 'Only viewers and editors of this connection can query its data.',
  typeNotShared: (source: string, type: ConnectionType) =>
    `${source} doesn’t share ${dataTypeLabels[type]} with this organization.`,
  onlySource: (source: string) => `Only ${source} can change what it shares.`,
  featureOff: (org: string) =>
    `Cross-Org Visibility is off in ${org}. Connections can’t be created until it’s turned on. Ask the operator of this console.`,
  typeNeedsPermission: (type: ConnectionType, permission: PermissionName, org: string) =>
    `To share ${dataTypeLabels[type]}, you need the ${permissionLabel(permission)} permission. An administrator of ${org} can grant it.`,
  limitReached: (org: string, max: number) =>
    plural(max, {
      one: (n) =>
        `${org} already shares with the maximum of ${n} organization. Delete a connection to make room.`,
      other: (n) =>
        `${org} already shares with the maximum of ${n} organizations. Delete a connection to make room.`,
    }),
  destinationObstacle: (obstacle: Obstacle, site: string) =>
    ({
      itself: 'This organization',
      other_site: `On another site (${site})`,
      source_feature_off: 'Cross-Org Visibility is off in this organization',
      sink_feature_off: 'Cross-Org Visibility is off there',
      already_connected: 'Already connected',
    })[obstacle],

  // Dialogs
  dialogTitles: {
    new: 'New Connection',
    edit: 'Edit Connection',
    permissions: 'Permissions',
    delete: 'Delete Connection',
  },
  connectionGone: 'This connection no longer exists. The list has been refreshed.',
  dataTypesLegend: 'Data types',

  // New Connection
  newLead: (source: string): ReactNode =>
    rich`The destination will be able to query the selected data of ${strong(source)}. Data isn’t copied; it stays in ${source}.`,
  destinationLabel: 'Destination organization',
  destinationPlaceholder: 'Choose an organization',
  destinationSearch: 'Search organizations',
  noOtherOrganization: 'This account has no other organization.',
  noSuchOrganization: 'No organization of this account has that name.',
  destinationMissing: 'Choose a destination organization.',
  typesMissing: 'Choose at least one data type.',
  settingsNote: (source: string) =>
    `Shared data follows the destination’s settings. For example, it can appear on public dashboards there even if ${source} doesn’t allow them.`,
  hipaaNote: (source: string) =>
    `${source} is a HIPAA organization: this connection may share protected health information (PHI). You’re responsible for any PHI you share.`,
  destinationsUsed: (used: number) =>
    plural(used, { one: (n) => `${n} destination used`, other: (n) => `${n} destinations used` }),
  destinationsUsedOf: (used: number, max: number) =>
    plural(max, {
      one: (n) => `${formatNumber(used)} of ${n} destination used`,
      other: (n) => `${formatNumber(used)} of ${n} destinations used`,
    }),
  connect: 'Connect',
  created: (source: string, types: Types, destination: string) =>
    `${source} now shares ${listTypes(types)} with ${destination}.`,

  // Edit Connection
  noTypesLeft: 'Choose at least one data type, or delete the connection.',
  save: 'Save',
  changedMeanwhile: (types: Types) =>
    `This connection changed while you were editing. It now shares ${listTypes(types)}.`,
  updated: (ends: Ends, types: Types) =>
    seenFrom(ends, {
      source: (to) => `The connection to ${to} now shares ${listTypes(types)}.`,
      destination: (from) => `The connection from ${from} now shares ${listTypes(types)}.`,
    }),

  // Delete Connection
  deleteTitle: 'Are you sure?',
  deleteSubject: (ends: Ends) =>
    seenFrom(ends, {
      source: (to) => `Delete connection to ${to}?`,
      destination: (from) => `Delete connection from ${from}?`,
    }),
  deleteConsequence: (source: string, types: Types, destination: string): ReactNode =>
    rich`${strong(destination)} will no longer be able to query ${listTypes(types)} of ${strong(source)}. Dashboards, notebooks, and queries there that use this data will stop working.`,
  deleteKeepsData: (source: string) => `No data is deleted; it stays in ${source}.`,
  delete: 'Delete',
  deleted: (ends: Ends) =>
    seenFrom(ends, {
      source: (to) => `The connection to ${to} was deleted.`,
      destination: (from) => `The connection from ${from} was deleted.`,
    }),
};

export type ConnectionMessages = typeof english;

export const messages: ConnectionMessages = english;
