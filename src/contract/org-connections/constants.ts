import type { PermissionName } from '../permissions/constants.ts';

/** The connection types of Datadog's public enum (`OrgConnectionTypeEnum`), in the order in which we show them. */
export const PUBLIC_CONNECTION_TYPES = ['metrics', 'logs', 'audit'] as const;

/** The connection types beyond that enum. They travel in `attributes.extensions`, where official clients ignore them. */
export const EXTENSION_CONNECTION_TYPES = ['ci_pipelines', 'ci_tests'] as const;

export type PublicConnectionType = (typeof PUBLIC_CONNECTION_TYPES)[number];
export type ExtensionConnectionType = (typeof EXTENSION_CONNECTION_TYPES)[number];
export type ConnectionType = PublicConnectionType | ExtensionConnectionType;

/** Every connection type; {@link CONNECTION_TYPES} has the display order. */
export const CONNECTION_TYPE_NAMES = [...PUBLIC_CONNECTION_TYPES, ...EXTENSION_CONNECTION_TYPES] as const;

/** The connection types that are kept as events. Audit events are asked for like these, but there is no audit trail yet. */
export const EVENT_SOURCES = ['logs', 'ci_pipelines', 'ci_tests'] as const;
export type EventSource = (typeof EVENT_SOURCES)[number];

interface ConnectionTypeDetails {
  /** What the console calls it. */
  label: string;
  /**
   * Permission to read the type: required of whoever queries it, of the connection's creator, and of whoever adds the type
   * to a connection.
   */
  permission: PermissionName;
}

/** Every connection type in display order, with its label and the permission that its data need. */
export const CONNECTION_TYPES: Record<ConnectionType, ConnectionTypeDetails> = {
  metrics: { label: 'Metrics', permission: 'timeseries_query' },
  logs: { label: 'Logs', permission: 'logs_read_index_data' },
  ci_pipelines: { label: 'CI Visibility pipelines', permission: 'ci_visibility_read' },
  ci_tests: { label: 'Test Optimization tests', permission: 'test_optimization_read' },
  audit: { label: 'Audit Trail', permission: 'audit_logs_read' },
};

/** What a connection shares when its creator names nothing. */
export const DEFAULT_CONNECTION_TYPES: readonly PublicConnectionType[] = ['metrics'];

export function isConnectionType(value: string): value is ConnectionType {
  return Object.hasOwn(CONNECTION_TYPES, value);
}

export function isPublicConnectionType(value: string): value is PublicConnectionType {
  return PUBLIC_CONNECTION_TYPES.some((type) => type === value);
}

export function isExtensionConnectionType(value: string): value is ExtensionConnectionType {
  return EXTENSION_CONNECTION_TYPES.some((type) => type === value);
}
