import {
  CONNECTION_TYPES,
  type ConnectionType,
  isConnectionType,
} from '../../../contract/org-connections/constants.ts';
import { type JsonObject, textOf } from '../../../rules/widgets/definition.ts';

/** Data types of queries, in display order. */
export const DATA_TYPES: readonly ConnectionType[] = Object.keys(CONNECTION_TYPES).filter(isConnectionType);

/** Returns an empty query of a data type, with the name and the organization of the one that it replaces. */
export function newQuery(type: ConnectionType, { name, cross_org_uuids }: JsonObject): JsonObject {
  const parts =
    type === 'metrics'
      ? { query: '' }
      : { compute: { aggregation: 'count' }, search: { query: '' }, indexes: ['*'], group_by: [] };
  return {
    data_source: type,
    name,
    ...parts,
    ...(cross_org_uuids !== undefined && { cross_org_uuids }),
  };
}

/** Returns the organization that a query names, or undefined for the one of the widget. */
export function sourceIdOf({ cross_org_uuids }: JsonObject): string | undefined {
  const [first]: unknown[] = Array.isArray(cross_org_uuids) ? cross_org_uuids : [];
  return textOf(first) || undefined;
}

export function withSource(query: JsonObject, sourceId: string | undefined): JsonObject {
  if (sourceId !== undefined) return { ...query, cross_org_uuids: [sourceId] };
  const { cross_org_uuids: _removed, ...rest } = query;
  return rest;
}
