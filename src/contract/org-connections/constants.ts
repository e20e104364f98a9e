import type { PermissionName } from '../permissions/constants.ts';

/** Connection types of Datadog's public enum (`OrgConnectionTypeEnum`), in display order. */
export const PUBLIC_CONNECTION_TYPES = ['metrics', 'logs', 'audit'] as const;

/** Connection types outside that enum. Sent in `attributes.extensions`, which official clients ignore. */
export const EXTENSION_CONNECTION_TYPES = ['ci_pipelines', 'ci_tests'] as const;

export type PublicConnectionType = (typeof PUBLIC_CONNECTION_TYPES)[number];
export type ExtensionConnectionType = (typeof EXTENSION_CONNECTION_TYPES)[number];
export type ConnectionType = PublicConnectionType | ExtensionConnectionType;

/** All connection types. {@link CONNECTION_TYPES} has the display order. */
export const CONNECTION_TYPE_NAMES = [...PUBLIC_CONNECTION_TYPES, ...EXTENSION_CONNECTION_TYPES] as const;

/** Connection types that are stored as events. Audit events are queried like these, but are not stored yet. */
export const EVENT_SOURCES = ['logs', 'ci_pipelines', 'ci_tests'] as const;
export type EventSource = (typeof EVENT_SOURCES)[number];

interface ConnectionTypeDetails {
  /**
   * Permission to read the type, required to query it and to add it to a connection. The creator of the connection must
   * keep it.
   */
  permission: PermissionName;
}

/** All connection types in display order, with their read permissions. */
export const CONNECTION_TYPES: Record<ConnectionType, ConnectionTypeDetails> = {
  metrics: { permission: 'timeseries_query' },
  logs: { permission: 'logs_read_index_data' },
  ci_pipelines: { permission: 'ci_visibility_read' },
  ci_tests: { permission: 'test_optimization_read' },
  audit: { permission: 'audit_logs_read' },
};

/** Connection types of a new connection if the request names none. */
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
