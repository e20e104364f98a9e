import type { ConnectionType } from '../../contract/org-connections/constants.ts';
import { PERMISSIONS, type PermissionName } from '../../contract/permissions/constants.ts';

const english: Record<ConnectionType, string> = {
  metrics: 'Metrics',
  logs: 'Logs',
  ci_pipelines: 'CI pipelines',
  ci_tests: 'Tests',
  audit: 'Audit Trail',
};

/** Names of the data types, wherever a person reads them. */
export const dataTypeLabels: Record<ConnectionType, string> = english;

/** Returns the name of a permission as Datadog displays it, in every language: "Org Connections Write". */
export function permissionLabel(permission: PermissionName): string {
  return PERMISSIONS.find(({ name }) => name === permission)?.display_name ?? permission;
}
